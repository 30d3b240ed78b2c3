//! Lists as editors write them: the many ways to say how items are numbered, marked and ticked off.

use std::collections::HashSet;

use super::builder::style_value;
use super::doc::{Block, Doc, Letters, Op};
use super::html::tags::Attrs;

/// How items are marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marker {
    Numbers(Letters),
    Bullets,
    /// Not at all
    None,
}

/// What the attributes of a list or item say of its markers.
pub(super) fn marker(attrs: &Attrs<'_>) -> Option<Marker> {
    let style = attrs.style.as_deref().unwrap_or_default();
    let said = style_value(style, "list-style-type").or_else(|| style_value(style, "list-style"));
    let said = said.and_then(|value| value.split_whitespace().find_map(styled));
    said.or_else(|| {
        Some(match attrs.kind.as_deref()?.trim() {
            "1" => Marker::Numbers(Letters::Digits),
            "a" => Marker::Numbers(Letters::Lower),
            "A" => Marker::Numbers(Letters::Upper),
            "i" => Marker::Numbers(Letters::LowerRoman),
            "I" => Marker::Numbers(Letters::UpperRoman),
            word => match styled(word)? {
                numbers @ Marker::Numbers(_) => numbers,
                other => other,
            },
        })
    })
}

/// A word of CSS.
fn styled(word: &str) -> Option<Marker> {
    Some(match word.to_ascii_lowercase().as_str() {
        "decimal" => Marker::Numbers(Letters::Digits),
        "decimal-leading-zero" => Marker::Numbers(Letters::Zero),
        "lower-alpha" | "lower-latin" => Marker::Numbers(Letters::Lower),
        "upper-alpha" | "upper-latin" => Marker::Numbers(Letters::Upper),
        "lower-roman" => Marker::Numbers(Letters::LowerRoman),
        "upper-roman" => Marker::Numbers(Letters::UpperRoman),
        "lower-greek" => Marker::Numbers(Letters::Greek),
        "disc" | "circle" | "square" | "disclosure-open" | "disclosure-closed" => Marker::Bullets,
        "none" => Marker::None,
        _ => return None,
    })
}

/// The words of a class attribute.
fn classes<'a>(attrs: &'a Attrs<'_>) -> impl Iterator<Item = &'a str> {
    attrs.class.as_deref().unwrap_or_default().split_ascii_whitespace().take(64)
}

/// Whether something is said to be ticked: `true` and the empty value of an attribute, `checked`, `done`.
fn ticked(value: &str) -> bool {
    let value = value.trim();
    ["", "true", "checked", "done", "complete", "completed", "1", "yes"]
        .iter()
        .any(|yes| value.eq_ignore_ascii_case(yes))
}

/// Whether a list is a checklist, and how its items are unless they say so themselves.
pub(super) fn list_task(attrs: &Attrs<'_>) -> Option<bool> {
    if let Some(value) = attrs.ticked.as_deref() {
        return Some(ticked(value));
    }
    let kind = attrs.data_type.as_deref().unwrap_or_default();
    let named = classes(attrs).any(|class| {
        let class = class.to_ascii_lowercase();
        // Lists of GitHub may hold items without a box.
        let mixed = class == "contains-task-list";
        let names = ["checklist", "check-list", "todo", "to-do", "task-list", "tasklist", "listtype-task"];
        !mixed && names.iter().any(|name| class.contains(name))
    });
    let evernote = style_value(attrs.style.as_deref().unwrap_or_default(), "--en-todo").is_some_and(ticked);
    (named || evernote || kind.eq_ignore_ascii_case("taskList")).then_some(false)
}

/// Whether an item is one of a checklist, and ticked. `list` is what its list says.
pub(super) fn item_task(attrs: &Attrs<'_>, list: Option<bool>) -> Option<bool> {
    match attrs.data_list.as_deref() {
        Some("checked") => return Some(true),
        Some("unchecked") => return Some(false),
        Some("bullet" | "ordered") => return None,
        _ => {}
    }
    if let Some(value) = attrs.ticked.as_deref() {
        return Some(ticked(value));
    }
    if let Some(value) = style_value(attrs.style.as_deref().unwrap_or_default(), "--en-checked") {
        return Some(ticked(value));
    }
    let tag = attrs.data_type.as_deref().unwrap_or_default();
    if tag.starts_with("to-do") {
        return Some(tag.ends_with("completed"));
    }
    for class in classes(attrs) {
        let class = class.to_ascii_lowercase();
        let last = class.rsplit(['-', '_']).next().unwrap_or_default();
        let checklist = list.is_some() || ["check", "todo", "to-do", "task"].iter().any(|name| class.contains(name));
        match last {
            "unchecked" => return Some(false),
            "checked" => return Some(true),
            "done" | "complete" | "completed" if checklist => return Some(true),
            _ => {}
        }
    }
    list
}

/// The kind of list that an item of Quill belongs to, whatever list it is written in.
pub(super) fn quill(attrs: &Attrs<'_>) -> Option<Marker> {
    match attrs.data_list.as_deref()? {
        "ordered" => Some(Marker::Numbers(Letters::Digits)),
        "bullet" | "checked" | "unchecked" => Some(Marker::Bullets),
        _ => None,
    }
}

/// A box to tick, written as a character: ticked or not.
pub(super) fn box_of(c: char) -> Option<bool> {
    match c {
        '☐' | '❏' | '❑' | '❐' | '❒' | '□' | '◻' | '▢' => Some(false),
        '☑' | '☒' | '✅' | '🗹' | '🗷' => Some(true),
        _ => None,
    }
}

/// The marker that Word wrote before an item.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum WordMarker {
    Bullet,
    Box(bool),
    Number(Letters, i32),
    /// Anything else, as it is: `1.2.`, `(a)`, `Step 1:`
    Text(String),
}

impl WordMarker {
    /// Reads a marker. In Wingdings letters are pictures; `known` is how the list has numbered so far.
    pub fn read(written: &str, wingdings: bool, known: Option<Letters>) -> Self {
        let marker = written.trim_matches(|c: char| c.is_whitespace() || c == '\u{a0}');
        let mut chars = marker.chars();
        let Some(first) = chars.next() else { return Self::Bullet };
        if chars.next().is_none() {
            let picture = match first {
                'o' | 'q' | 'r' | '¨' if wingdings => Some(false),
                'þ' | 'ý' | 'x' if wingdings => Some(true),
                c => box_of(c),
            };
            return picture.map_or(Self::Bullet, Self::Box);
        }
        if let Some(body) = marker.strip_suffix('.') {
            if let Ok(number) = body.parse::<i32>()
                && body.bytes().all(|b| b.is_ascii_digit())
            {
                return Self::Number(Letters::Digits, number);
            }
            if let Some((letters, number)) = lettered(body, known) {
                return Self::Number(letters, number);
            }
        }
        if marker.chars().any(char::is_alphanumeric) { Self::Text(marker.to_owned()) } else { Self::Bullet }
    }
}

/// The number that letters stand for. A single letter is Roman where the list is, or begins as one.
fn lettered(body: &str, known: Option<Letters>) -> Option<(Letters, i32)> {
    let upper = body.bytes().all(|b| b.is_ascii_uppercase());
    if body.is_empty() || body.len() > 8 || !(upper || body.bytes().all(|b| b.is_ascii_lowercase())) {
        return None;
    }
    let (alphabet, roman) =
        if upper { (Letters::Upper, Letters::UpperRoman) } else { (Letters::Lower, Letters::LowerRoman) };
    let is_roman = match known {
        Some(known) => known == roman,
        None => body.len() > 1 || body.eq_ignore_ascii_case("i"),
    };
    if is_roman && let Some(number) = roman_number(body) {
        return Some((roman, number));
    }
    if body.len() > 2 {
        return None;
    }
    let number = body.bytes().fold(0, |sum, b| sum * 26 + i32::from(b.to_ascii_lowercase() - b'a') + 1);
    Some((alphabet, number))
}

fn roman_number(body: &str) -> Option<i32> {
    let mut sum = 0;
    let mut before = i32::MAX;
    for c in body.bytes() {
        let value = match c.to_ascii_lowercase() {
            b'i' => 1,
            b'v' => 5,
            b'x' => 10,
            b'l' => 50,
            b'c' => 100,
            b'd' => 500,
            b'm' => 1000,
            _ => return None,
        };
        sum += value;
        if before < value {
            sum -= 2 * before;
        }
        before = value;
    }
    (sum > 0).then_some(sum)
}

/// Numbers the items of lists that count down from how many they are. `valued` are the items that say their number
/// themselves: their list, and how many came before them.
pub(super) fn count_down(doc: &mut Doc, valued: &HashSet<(u32, u32)>) {
    if !doc.lists.iter().any(|list| list.counts_down) {
        return;
    }
    struct Open {
        list: u32,
        items: u32,
        next: i32,
    }
    let mut open: Vec<Option<Open>> = Vec::new();
    for op in &mut doc.ops {
        match op {
            Op::Open(Block::List(list)) => {
                let info = doc.lists.get_mut(*list as usize).filter(|info| info.counts_down);
                open.push(info.map(|info| {
                    info.first = i32::try_from(info.items).unwrap_or(i32::MAX);
                    info.digits = 0;
                    Open { list: *list, items: 0, next: info.first }
                }));
            }
            Op::Open(block) => {
                if let Block::Item { number, .. } = block
                    && let Some(Some(counts)) = open.last_mut()
                    && let Some(info) = doc.lists.get_mut(counts.list as usize)
                {
                    if !valued.contains(&(counts.list, counts.items)) {
                        *number = counts.next;
                    }
                    counts.items += 1;
                    counts.next = number.saturating_sub(1);
                    let columns = super::layout::number_text(info.letters, *number).len();
                    info.digits = info.digits.max(u8::try_from(columns).unwrap_or(u8::MAX));
                }
                open.push(None);
            }
            Op::Close => {
                open.pop();
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_of_word_are_read_as_they_are_meant() {
        use WordMarker::{Box, Bullet, Number, Text};
        for (marker, wingdings, known, expected) in [
            ("·\u{a0}\u{a0} ", false, None, Bullet),
            ("o", false, None, Bullet),
            ("o", true, None, Box(false)),
            ("§", true, None, Bullet),
            ("☒", false, None, Box(true)),
            ("12.", false, None, Number(Letters::Digits, 12)),
            ("i.", false, None, Number(Letters::LowerRoman, 1)),
            ("i.", false, Some(Letters::Lower), Number(Letters::Lower, 9)),
            ("IV.", false, None, Number(Letters::UpperRoman, 4)),
            ("c.", false, None, Number(Letters::Lower, 3)),
            ("c.", false, Some(Letters::LowerRoman), Number(Letters::LowerRoman, 100)),
            ("1.2.", false, None, Text("1.2.".into())),
            ("a)", false, None, Text("a)".into())),
            ("Step 1:", false, None, Text("Step 1:".into())),
            ("--", false, None, Bullet),
        ] {
            assert_eq!(WordMarker::read(marker, wingdings, known), expected, "{marker:?}");
        }
    }
}
