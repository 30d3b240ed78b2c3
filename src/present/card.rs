//! A sheet as a document, so that reading, finding, copying and jumping work the same everywhere.

use jiff::Timestamp;

use super::format;
use super::sheet::{Entry, Fact, Part, Runs, Sheet, Value, dim};
use gluepot_body::{Doc, DocBuilder, Field, Inline, LinkBase};
use gluepot_core::text::Clean;

/// How a card is written.
pub struct Look<'a> {
    /// Now, for ages
    pub now: Timestamp,
    /// The format of exact times
    pub dates: &'a str,
    /// Whether empty fields are shown
    pub empty: bool,
    /// For links in bodies
    pub base: &'a LinkBase,
}

/// Writes the card of a sheet.
pub fn doc(sheet: &Sheet, look: &Look<'_>) -> Doc {
    let mut out = DocBuilder::new(look.base);
    for part in &sheet.parts {
        write(&mut out, part, look);
    }
    out.finish()
}

fn write(out: &mut DocBuilder, part: &Part, look: &Look<'_>) {
    match part {
        Part::Facts { title, headed, facts } => {
            let fields: Vec<Field> = facts.iter().filter_map(|fact| field(fact, look)).collect();
            if !fields.is_empty() {
                if *headed {
                    out.heading(2, title);
                }
                out.fields(&fields);
            }
        }
        Part::Notes { title, level, body } if !body.is_empty() => {
            out.heading(*level, title);
            out.notes(body);
        }
        Part::Notes { title, level, .. } => {
            if look.empty {
                out.heading(*level, title);
                out.paragraph(&[dim("empty")]);
            }
        }
        Part::Content(content) => {
            out.content(content);
        }
        Part::List { title, entries } => {
            out.heading(2, title);
            let items: Vec<_> = entries.iter().map(|entry| item(entry, look)).collect();
            out.list(&items);
        }
        Part::Table { title, head, rows } => {
            out.heading(2, title);
            let cell = |(value, aside): &(Value, Option<Clean>)| {
                let mut line = inline(value, look);
                line.extend(aside.as_ref().map(|words| dim(format!(" {words}"))));
                line
            };
            let rows: Vec<Vec<_>> = rows.iter().map(|row| row.iter().map(cell).collect()).collect();
            out.table(head, &rows);
        }
        Part::Remark { words, warns } => {
            let words = words.clone();
            out.paragraph(&[if *warns { Inline::Warning(words) } else { Inline::Dim(words) }]);
        }
    }
}

fn field(fact: &Fact, look: &Look<'_>) -> Option<Field> {
    let value = inline(&fact.value, look);
    let label = fact.label.clone();
    if !value.is_empty() {
        return Some(Field { label, value, copyable: fact.value.is_copyable() });
    }
    look.empty.then(|| Field { label, value: vec![dim("empty")], copyable: false })
}

fn item(entry: &Entry, look: &Look<'_>) -> Vec<Inline> {
    let mut line = Vec::new();
    if let Some(mark) = &entry.mark {
        line.push(Inline::Code(mark.clone()));
        line.push(Inline::Text(Clean::line(" ")));
    }
    line.extend(inline(&entry.main, look));
    line.extend(entry.asides.iter().map(|words| dim(format!(" · {words}"))));
    if let Some(below) = &entry.below {
        line.push(Inline::Break);
        line.extend(match below {
            Value::Text(text) => vec![Inline::Dim(text.clone())],
            value => inline(value, look),
        });
    }
    line
}

/// What is shown of a fact; nothing where it is empty.
fn inline(value: &Value, look: &Look<'_>) -> Vec<Inline> {
    match value {
        Value::Empty | Value::Flag(false) => Vec::new(),
        Value::Text(text) => vec![Inline::Text(text.clone())],
        Value::Code(text) => vec![Inline::Code(text.clone())],
        Value::Web(address) => vec![Inline::Web(address.clone())],
        Value::Flag(true) => vec![Inline::Text(Clean::line("yes"))],
        Value::Record { key, organization, name } => {
            vec![Inline::Record { key: *key, organization: *organization, name: name.clone() }]
        }
        Value::Moment(at) => vec![
            Inline::Text(Clean::line(&format::exact_as(*at, look.dates))),
            dim(format!(" · {}", format::ago(*at, look.now))),
        ],
        Value::Day(date, runs) => day(date, *runs, look),
        Value::Many(values) => {
            let lines: Vec<_> = values.iter().map(|value| inline(value, look)).collect();
            lines.join(&Inline::Break)
        }
        Value::With { value, text, dim: words } => {
            let mut line = inline(value, look);
            line.extend((!text.is_empty()).then(|| Inline::Text(text.clone())));
            line.extend((!words.is_empty()).then(|| Inline::Dim(words.clone())));
            line
        }
        Value::Beside(value, place) => {
            let mut line = inline(value, look);
            line.push(dim(" · "));
            line.extend(inline(place, look));
            line
        }
        Value::Alarming(text, alarm) => vec![Inline::Text(text.clone()), Inline::Warning(alarm.clone())],
        Value::Withheld(words) => vec![dim(words)],
    }
}

/// A day with how far off it is. What is no day is shown as it came.
fn day(date: &Clean, runs: Runs, look: &Look<'_>) -> Vec<Inline> {
    let Some(parsed) = format::day(date) else { return vec![Inline::Text(date.clone())] };
    let today = format::today(look.now);
    let words = Clean::line(&format!(" · {}", format::ago_days(parsed, today)));
    let is_over = parsed < today && runs == Runs::Out;
    let day = Clean::line(date.get(..10).unwrap_or(date));
    vec![Inline::Text(day), if is_over { Inline::Warning(words) } else { Inline::Dim(words) }]
}
