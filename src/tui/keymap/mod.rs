//! Actions and the keys that start them.
//!
//! The defaults are `assets/keys.toml`, compiled in; the user's file of the same form is laid over it. Nothing on
//! the screen names a key literally: hints and help ask [`Keymap::keys_for`], so what they say is always true.

mod action;
mod context;
mod file;
mod key;

use std::collections::HashMap;

use crossterm::event::KeyEvent;

use file::read;

pub use action::{Action, Group};
pub use context::{Context, KeyProblem};
pub use key::{Key, plain_char};

/// The text of `assets/keys.toml`: the defaults, and the documentation of the format.
pub const DEFAULT_KEYS: &str = include_str!("../../../assets/keys.toml");

/// One key bound to one action in one context.
#[derive(Clone, Debug)]
struct Binding {
    context: Context,
    action: Action,
    key: Key,
    hint: Box<str>,
}

/// Which key does what, where.
#[derive(Clone, Debug)]
pub struct Keymap {
    /// In the order of the file: the first key of an action is the one that hints show.
    bindings: Vec<Binding>,
    by_key: HashMap<(Context, Key), Action>,
    ascii: bool,
}

impl Default for Keymap {
    fn default() -> Self {
        let empty = Self { bindings: Vec::new(), by_key: HashMap::new(), ascii: false };
        empty.merged(DEFAULT_KEYS).expect("a test reads the compiled-in keys.toml")
    }
}

impl Keymap {
    /// The defaults with the user's file laid over them. All problems of the file are reported at once; with any of
    /// them none of the file is taken.
    pub fn with_user(file: &str) -> Result<Self, Vec<KeyProblem>> {
        Self::default().merged(file)
    }

    /// The same keys with hints in ASCII only.
    pub fn ascii(mut self, ascii: bool) -> Self {
        self.ascii = ascii;
        for binding in &mut self.bindings {
            binding.hint = binding.key.hint(ascii).into_boxed_str();
        }
        self
    }

    /// The action of a key press in a context: the context's own first, then the global one, except where text is
    /// typed.
    pub fn lookup(&self, context: Context, event: KeyEvent) -> Option<Action> {
        let key = Key::from_event(event)?;
        context.chain().iter().find_map(|&place| self.by_key.get(&(place, key)).copied())
    }

    /// Whether a key does anything, wherever.
    pub fn binds(&self, event: KeyEvent) -> bool {
        Key::from_event(event)
            .is_some_and(|key| Context::ALL.iter().any(|&context| self.by_key.contains_key(&(context, key))))
    }

    /// The key that a hint names for an action in a context, `None` when no key would start it there.
    pub fn keys_for(&self, context: Context, action: Action) -> Option<&str> {
        self.all_keys_for(context, action).next()
    }

    /// All keys that start an action in a context, the one for hints first.
    pub fn all_keys_for(&self, context: Context, action: Action) -> impl Iterator<Item = &str> {
        self.effective(context, action).map(|binding| &*binding.hint)
    }

    /// The bindings of an action that a key press in that context would reach: those of an outer context count
    /// only where nothing nearer took the key.
    fn effective(&self, context: Context, action: Action) -> impl Iterator<Item = &Binding> {
        let chain = context.chain();
        chain.iter().flat_map(move |&place| {
            self.bindings.iter().filter(move |b| {
                b.context == place
                    && b.action == action
                    && chain
                        .iter()
                        .find_map(|&near| self.by_key.contains_key(&(near, b.key)).then_some(near))
                        .is_some_and(|near| near == place)
            })
        })
    }

    /// The keys in force, in the form of the key file: what `--print-keys` shows.
    pub fn to_toml(&self) -> String {
        let default = Self::default();
        let mut lines = Vec::new();
        for context in Context::ALL {
            if !lines.is_empty() {
                lines.push(String::new());
            }
            lines.push(format!("[{}]", context.name()));
            for &action in Action::ALL {
                let keys: Vec<String> =
                    self.bound(context, action).map(|b| toml::Value::String(b.key.to_string()).to_string()).collect();
                if !keys.is_empty() || default.bound(context, action).next().is_some() {
                    let left = format!("{action} = [{}]", keys.join(", "));
                    lines.push(format!("{left:<46} # {}", action.description()));
                }
            }
        }
        lines.join("\n") + "\n"
    }

    /// The bindings of an action in one section.
    fn bound(&self, context: Context, action: Action) -> impl Iterator<Item = &Binding> {
        self.bindings.iter().filter(move |b| b.context == context && b.action == action)
    }

    fn merged(mut self, file: &str) -> Result<Self, Vec<KeyProblem>> {
        let user = read(file)?;
        // An action named in the file loses its default keys there; a key named in the file leaves its old action.
        self.bindings.retain(|old| {
            !user.iter().any(|new| {
                new.context == old.context
                    && (new.action == old.action || new.keys.iter().any(|(key, _)| *key == old.key))
            })
        });
        for entry in &user {
            for &(key, _) in &entry.keys {
                let hint = key.hint(self.ascii).into_boxed_str();
                self.bindings.push(Binding { context: entry.context, action: entry.action, key, hint });
            }
        }
        self.by_key = self.bindings.iter().map(|b| ((b.context, b.key), b.action)).collect();
        if self.keys_for(Context::Global, Action::Quit).or(self.keys_for(Context::Global, Action::QuitNow)).is_none() {
            let message = "no key would leave the program: give one to quit or quit-now in [global]";
            return Err(vec![KeyProblem { line: 1, message: message.into() }]);
        }
        Ok(self)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use crossterm::event::{KeyCode, KeyModifiers};

    use super::*;

    fn press(c: char) -> KeyEvent {
        KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)
    }

    #[test]
    fn every_action_has_a_key_somewhere_by_default() {
        let keymap = Keymap::default();
        for &action in Action::ALL {
            let bound = Context::ALL.into_iter().any(|context| keymap.keys_for(context, action).is_some());
            assert!(bound, "{action} has no key in assets/keys.toml");
        }
    }

    #[test]
    fn the_default_file_says_nothing_twice() {
        assert!(read(DEFAULT_KEYS).is_ok());
    }

    #[test]
    fn what_is_printed_reads_back_as_the_same_keys() {
        let keymap = Keymap::with_user("[list]\nopen = ['o', \"'\", '\"']\n[global]\nzoom = []\n").unwrap();
        let again = Keymap::with_user(&keymap.to_toml()).unwrap();
        assert_eq!(keymap.by_key, again.by_key);
    }

    #[test]
    fn a_context_comes_before_global_and_input_stands_alone() {
        let keymap = Keymap::default();
        let q = press('q');
        assert_eq!(keymap.lookup(Context::List, q), Some(Action::Quit));
        assert_eq!(keymap.lookup(Context::Popup, q), Some(Action::Back));
        assert_eq!(keymap.lookup(Context::Input, q), None);
        assert_eq!(keymap.lookup(Context::List, press('§')), None);
    }

    #[test]
    fn hints_name_only_keys_that_work_there() {
        let keymap = Keymap::default();
        assert_eq!(keymap.keys_for(Context::List, Action::Open), Some("⏎"));
        assert_eq!(keymap.keys_for(Context::List, Action::Finder), Some("Ctrl-k"));
        assert_eq!(keymap.keys_for(Context::Popup, Action::Quit), None, "q closes the popup there");
        assert_eq!(keymap.keys_for(Context::Input, Action::Filter), None);
        assert_eq!(keymap.clone().ascii(true).keys_for(Context::List, Action::Open), Some("Enter"));
        let down: Vec<&str> = keymap.all_keys_for(Context::List, Action::Down).collect();
        assert_eq!(down, ["j", "↓"]);
    }

    #[test]
    fn the_users_key_leaves_its_old_action() {
        let keymap = Keymap::with_user("[global]\nfilter = \"f3\"\nlock = [\"q\"]\n").unwrap();
        assert_eq!(keymap.lookup(Context::List, press('q')), Some(Action::Lock));
        assert_eq!(keymap.lookup(Context::List, press('/')), None);
        assert_eq!(keymap.keys_for(Context::List, Action::Filter), Some("F3"));
        assert_eq!(keymap.keys_for(Context::List, Action::Quit), None);
        assert_eq!(keymap.keys_for(Context::List, Action::Down), Some("j"), "the rest stays");
    }

    #[test]
    fn every_problem_is_told_with_its_line() {
        let file = "[global]\nfiltr = [\"x\"]\nquit = [\"strg-q\"]\n\n[lists]\n\n[input]\nopen = [\"o\"]\n\
                    [detail]\nzoom = [\"v\"]\nsort = [\"v\"]\nhelp = [3]\n";
        let told: Vec<String> =
            Keymap::with_user(file).unwrap_err().iter().map(std::string::ToString::to_string).collect();
        let starts = [
            "line 2: no action is called \"filtr\", did you mean filter?",
            "line 3: quit: no key is called \"strg-q\"",
            "line 5: no section is called \"lists\"",
            "line 8: open: o would be typed here",
            "line 10: v is both sort and zoom in [detail]",
            "line 12: keys of help are text",
        ];
        assert_eq!(told.len(), starts.len(), "{told:#?}");
        for (told, start) in told.iter().zip(starts) {
            assert!(told.starts_with(start), "{told}");
        }
    }

    #[test]
    fn a_file_that_is_not_toml_names_the_line() {
        let told = Keymap::with_user("[global]\nquit = [\"q\"\nx").unwrap_err();
        assert!(told[0].line >= 2 && told[0].message.contains("not TOML"), "{told:?}");
    }

    #[test]
    fn a_keymap_one_cannot_leave_is_refused() {
        assert!(Keymap::with_user("[global]\nquit = []\nquit-now = []\n").is_err());
        assert!(Keymap::with_user("[global]\nquit = []\n").is_ok());
    }
}
