//! Reading a key file: all that is wrong with it is told at once, each with its line.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::action::Action;
use super::context::{Context, KeyProblem};
use super::key::Key;

/// One line of a key file.
pub(super) struct Entry {
    pub(super) context: Context,
    pub(super) action: Action,
    pub(super) keys: Vec<(Key, usize)>,
}

/// What was read so far.
struct File<'a> {
    text: &'a str,
    problems: Vec<KeyProblem>,
    entries: Vec<Entry>,
}

/// The entries of a file, or all that is wrong with it.
pub(super) fn read(text: &str) -> Result<Vec<Entry>, Vec<KeyProblem>> {
    let mut file = File { text, problems: Vec::new(), entries: Vec::new() };
    match DeTable::parse(text) {
        Ok(table) => file.sections(&table.into_inner()),
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            file.tell(at, &format!("this is not TOML: {}", error.message()));
        }
    }
    if file.problems.is_empty() {
        Ok(file.entries)
    } else {
        file.problems.sort_by_key(|p| p.line);
        Err(file.problems)
    }
}

impl File<'_> {
    fn tell(&mut self, offset: usize, message: &str) {
        let line = 1 + self.text.bytes().take(offset).filter(|&b| b == b'\n').count();
        self.problems.push(KeyProblem { line, message: message.into() });
    }

    fn sections(&mut self, table: &DeTable<'_>) {
        for (section, content) in table {
            let Some(context) = Context::parse(section.get_ref()) else {
                let names = Context::ALL.map(Context::name).join(", ");
                let message = format!("no section is called {:?}: there are {names}", section.get_ref());
                self.tell(section.span().start, &message);
                continue;
            };
            let DeValue::Table(content) = content.get_ref() else {
                self.tell(section.span().start, &format!("{} is a section: write [{0}]", section.get_ref()));
                continue;
            };
            for (name, value) in content {
                let Some(action) = Action::parse(name.get_ref()) else {
                    let near = nearest(name.get_ref()).map(|n| format!(", did you mean {n}")).unwrap_or_default();
                    let message = format!(
                        "no action is called {:?}{near}? `gluepot --print-keys` lists them all",
                        name.get_ref()
                    );
                    self.tell(name.span().start, &message);
                    continue;
                };
                self.keys(context, action, value);
            }
        }
    }

    /// The keys of one action: one text, or several.
    fn keys(&mut self, context: Context, action: Action, value: &Spanned<DeValue<'_>>) {
        let mut entry = Entry { context, action, keys: Vec::new() };
        let single = std::slice::from_ref(value);
        let values = match value.get_ref() {
            DeValue::Array(values) => values.iter().as_slice(),
            _ => single,
        };
        for value in values {
            let at = value.span().start;
            let DeValue::String(text) = value.get_ref() else {
                self.tell(at, &format!("keys of {action} are text in quotes, as in [\"ctrl-k\"]"));
                continue;
            };
            match Key::parse(text) {
                Err(message) => self.tell(at, &format!("{action}: {message}")),
                Ok(key) if context == Context::Input && key.is_text() => {
                    self.tell(at, &format!("{action}: {key} would be typed here, so it cannot be a key of [input]"));
                }
                Ok(key) => self.key(&mut entry, key, at),
            }
        }
        self.entries.push(entry);
    }

    /// One key, unless it is taken.
    fn key(&mut self, entry: &mut Entry, key: Key, at: usize) {
        let (context, action) = (entry.context, entry.action);
        let taken = self
            .entries
            .iter()
            .filter(|e| e.context == context)
            .find(|e| e.keys.iter().any(|(other, _)| *other == key))
            .map(|other| other.action);
        match taken {
            Some(other) => self.tell(at, &format!("{key} is both {other} and {action} in [{}]", context.name())),
            None if entry.keys.iter().any(|(other, _)| *other == key) => {
                self.tell(at, &format!("{action}: {key} stands there twice"));
            }
            None => entry.keys.push((key, at)),
        }
    }
}

/// The action whose name shares the most leading letters with a wrong one, when that is at least half of it.
fn nearest(wrong: &str) -> Option<Action> {
    let common = |name: &str| name.bytes().zip(wrong.bytes()).take_while(|(a, b)| a == b).count();
    let best = Action::ALL.iter().copied().max_by_key(|a| common(a.name()))?;
    (common(best.name()) * 2 >= wrong.len() && !wrong.is_empty()).then_some(best)
}
