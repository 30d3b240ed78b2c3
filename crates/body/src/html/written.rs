//! Tags as they are written: what in angle brackets is markup, and what a person typed: `<param>`, `<host:port>`.

use std::collections::HashSet;

use memchr::{memchr, memmem};

use super::form::Form;
use crate::tag::{Element, NAMES, Nature, element};

/// Attributes without a value.
const FLAGS: [&[u8]; 20] = [
    b"allowfullscreen",
    b"async",
    b"autofocus",
    b"checked",
    b"compact",
    b"contenteditable",
    b"controls",
    b"defer",
    b"disabled",
    b"hidden",
    b"ismap",
    b"loop",
    b"multiple",
    b"muted",
    b"nowrap",
    b"noshade",
    b"open",
    b"readonly",
    b"reversed",
    b"selected",
];

/// How far the end of a tag may be from its beginning to be found while its kind is judged.
const WINDOW: usize = 4096;

/// The element of HTML of that name.
pub(super) fn html_element(name: &[u8]) -> Option<Element> {
    element(name).filter(|element| element.nature != Nature::Apart)
}

/// A tag as it is written.
pub(super) struct Written<'a> {
    pub(super) name: &'a [u8],
    pub(super) is_end: bool,
    /// What is between the name and the `>`
    pub(super) inside: &'a [u8],
}

/// The tag at the start of `bytes`, if its end is near and nothing else begins before it.
pub(super) fn written(bytes: &[u8]) -> Option<Written<'_>> {
    let window = bytes.get(1..bytes.len().min(WINDOW))?;
    let (is_end, rest) = match window.strip_prefix(b"/") {
        Some(rest) => (true, rest),
        None => (false, window),
    };
    if !rest.first().is_some_and(u8::is_ascii_alphabetic) {
        return None;
    }
    let len = rest.iter().position(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>' | b'<'))?;
    let after = rest.get(len..)?;
    let end = end_of(after)?;
    Some(Written { name: rest.get(..len)?, is_end, inside: after.get(..end)? })
}

/// The place of the `>` that ends a tag; values in quotes may hold one.
fn end_of(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let byte = *bytes.get(at)?;
        match byte {
            b'>' => return Some(at),
            b'<' => return None,
            b'"' | b'\'' if at > 0 && bytes.get(at - 1) == Some(&b'=') => {
                at += 1 + memchr(byte, bytes.get(at + 1..)?)?;
            }
            _ => {}
        }
        at += 1;
    }
}

impl Written<'_> {
    /// Whether all attributes are such as HTML has; `<code to enter>` has others.
    pub(super) fn is_well_formed(&self) -> bool {
        let mut rest = self.inside.trim_ascii();
        rest = rest.strip_suffix(b"/").unwrap_or(rest).trim_ascii();
        while !rest.is_empty() {
            let len = rest.iter().position(|b| b.is_ascii_whitespace() || *b == b'=').unwrap_or(rest.len());
            let Some((name, after)) = rest.split_at_checked(len) else { return false };
            rest = after.trim_ascii_start();
            let Some(value) = rest.strip_prefix(b"=") else {
                if !FLAGS.iter().any(|flag| flag.eq_ignore_ascii_case(name)) {
                    return false;
                }
                continue;
            };
            let value = value.trim_ascii_start();
            rest = match value.first() {
                Some(quote @ (b'"' | b'\'')) => {
                    let Some(end) = value.get(1..).and_then(|value| memchr(*quote, value)) else { return false };
                    value.get(end + 2..).unwrap_or_default()
                }
                _ => {
                    let end = value.iter().position(u8::is_ascii_whitespace).unwrap_or(value.len());
                    value.get(end..).unwrap_or_default()
                }
            }
            .trim_ascii_start();
        }
        true
    }

    pub(super) fn has_attributes(&self) -> bool {
        self.inside.contains(&b'=')
    }
}

/// The end tags of a piece of HTML.
#[derive(Default)]
pub(super) struct Ends {
    /// The last one of each element, as the place after its `</`
    last: Vec<usize>,
    /// The names of those with a hyphen or colon, which no element of HTML has
    others: HashSet<Box<[u8]>>,
}

impl Ends {
    /// Whether an element that begins at `at` is ended.
    pub(super) fn reach(&self, element: Element, at: usize) -> bool {
        self.last.get(element.number).is_some_and(|&last| last > at)
    }

    pub(super) fn of(html: &str) -> Self {
        let bytes = html.as_bytes();
        let mut ends = Self { last: vec![0; NAMES], others: HashSet::new() };
        let mut from = 0;
        while let Some(found) = bytes.get(from..).and_then(|rest| memmem::find(rest, b"</")) {
            from += found + 2;
            let rest = bytes.get(from..bytes.len().min(from + 64)).unwrap_or_default();
            let len =
                rest.iter().position(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'<')).unwrap_or(rest.len());
            let name = rest.get(..len).unwrap_or_default();
            if let Some(last) = html_element(name).and_then(|element| ends.last.get_mut(element.number)) {
                *last = from;
            } else if name.contains(&b'-') || name.contains(&b':') {
                ends.others.insert(name.to_ascii_lowercase().into());
            }
        }
        ends
    }
}

/// Whether what begins with a `<` at `at` is text although it has the form of a tag. `notes` tells the form of a field
/// that may be plain text.
pub(super) fn is_text(html: &str, at: usize, ends: &mut Option<Ends>, notes: Option<Form>) -> bool {
    let bytes = html.as_bytes().get(at..).unwrap_or_default();
    let Some(tag) = written(bytes) else {
        // A tag of HTML may be longer than that, and a browser looks for its end anywhere.
        let name = bytes.get(1..).unwrap_or_default();
        let name = name.strip_prefix(b"/").unwrap_or(name);
        let len = name.iter().take(64).position(|b| !b.is_ascii_alphanumeric()).unwrap_or(0);
        return notes.is_some() || html_element(name.get(..len).unwrap_or_default()).is_none() && !is_named_apart(name);
    };
    let Some(known) = html_element(tag.name) else {
        if !is_named_apart(tag.name) {
            return true;
        }
        let is_markup = tag.has_attributes() || tag.inside.ends_with(b"/");
        let ends = ends.get_or_insert_with(|| Ends::of(html));
        return !is_markup && !ends.others.contains(&*tag.name.to_ascii_lowercase());
    };
    let Some(form) = notes else { return false };
    if tag.is_end {
        return false;
    }
    if !tag.is_well_formed() {
        return true;
    }
    let is = |name: &[u8]| tag.name.eq_ignore_ascii_case(name);
    if tag.has_attributes() || is(b"br") || is(b"hr") || is(b"wbr") {
        return false;
    }
    let ends = ends.get_or_insert_with(|| Ends::of(html));
    let is_ended = ends.reach(known, at);
    // Editors forget the ends of these.
    let forgiven = form == Form::Blocks
        && (known.nature == Nature::Block
            || [&b"b"[..], b"strong", b"i", b"em", b"u", b"s"].iter().any(|name| is(name)));
    !is_ended && !forgiven
}

/// Whether a name has a hyphen or colon, as those of other markup do: `o:p`, `ac:task`, `x-card`.
fn is_named_apart(name: &[u8]) -> bool {
    let len = name.iter().take(64).position(|b| b.is_ascii_whitespace() || *b == b'>').unwrap_or(name.len().min(64));
    name.get(..len).is_some_and(|name| name.contains(&b'-') || name.contains(&b':'))
}
