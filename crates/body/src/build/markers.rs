//! Lists as editors write them: the many ways to say how items are numbered, marked and ticked off.

use super::style::style_value;
use crate::doc::Letters;
use crate::tag::Attrs;

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
