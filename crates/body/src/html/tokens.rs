//! The tokenizer.

use std::borrow::Cow;

use memchr::{memchr, memmem};

use super::entities::decode;
use super::form::Form;
use super::written::{Ends, is_text};
use crate::tag::{Attrs, Inside, Tag, element};

/// What the tokenizer gives.
#[expect(clippy::large_enum_variant, reason = "one at a time, never kept")]
#[derive(Debug, PartialEq)]
pub(crate) enum Token<'a> {
    /// Text, decoded
    Text(Cow<'a, str>),
    /// A start tag
    Start(Tag, Attrs<'a>),
    /// An end tag
    End(Tag),
    /// This many bytes of script or style without an end, to the end of the body
    Swallowed(usize),
}

/// A tokenizer over one piece of HTML.
pub(crate) struct Tokens<'a> {
    html: &'a str,
    at: usize,
    /// The element whose inside is not markup
    raw: Option<(Tag, &'a [u8])>,
    /// The end tags, once they matter
    ends: Option<Ends>,
    /// The form of a field that may be plain text
    notes: Option<Form>,
}

impl<'a> Tokens<'a> {
    pub fn new(html: &'a str) -> Self {
        Self { html, at: 0, raw: None, ends: None, notes: None }
    }

    /// A field that is HTML as people write it.
    pub fn of_notes(html: &'a str, form: Form) -> Self {
        Self { notes: Some(form), ..Self::new(html) }
    }

    fn rest(&self) -> &'a str {
        self.html.get(self.at..).unwrap_or_default()
    }

    /// The element whose end the piece has not reached.
    pub fn open_raw(&self) -> Option<Tag> {
        self.raw.map(|(tag, _)| tag)
    }

    pub fn next_token(&mut self) -> Option<Token<'a>> {
        loop {
            if self.rest().is_empty() {
                return None;
            }
            if let Some((tag, name)) = self.raw {
                if let Some(token) = self.inside_raw(tag, name) {
                    return Some(token);
                }
                continue;
            }
            if !self.rest().starts_with('<') {
                return Some(Token::Text(self.take_text()));
            }
            match self.markup() {
                Markup::Token(token) => return Some(token),
                Markup::Nothing => {}
            }
        }
    }

    /// Text up to the next thing that can be a tag.
    fn take_text(&mut self) -> Cow<'a, str> {
        let rest = self.rest();
        let end = memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
        self.at += end;
        decode(rest.get(..end).unwrap_or_default(), false)
    }

    fn inside_raw(&mut self, tag: Tag, name: &'a [u8]) -> Option<Token<'a>> {
        let rest = self.rest();
        let end = find_end_tag(rest.as_bytes(), name);
        let (inside, ended) = match end {
            Some(end) => (rest.get(..end).unwrap_or_default(), true),
            None => (rest, false),
        };
        self.at += inside.len();
        self.raw = if ended { None } else { self.raw };
        match tag.content() {
            Inside::Text if tag == Tag::Textarea && !inside.is_empty() => Some(Token::Text(decode(inside, false))),
            Inside::Raw if tag == Tag::Plain && !inside.is_empty() => Some(Token::Text(Cow::Borrowed(inside))),
            _ if !ended && !inside.trim().is_empty() => Some(Token::Swallowed(inside.len())),
            _ => None,
        }
    }

    /// What begins at a `<`.
    fn markup(&mut self) -> Markup<'a> {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        match bytes.get(1) {
            Some(b'!') => {
                self.declaration(rest);
                Markup::Nothing
            }
            Some(b'?') => {
                self.skip_past(rest, b'>');
                Markup::Nothing
            }
            Some(b'/') => match bytes.get(2) {
                Some(c) if c.is_ascii_alphabetic() => self.tag(rest, 2),
                Some(b'>') => {
                    self.at += 3;
                    Markup::Nothing
                }
                Some(_) => {
                    self.skip_past(rest, b'>');
                    Markup::Nothing
                }
                None => self.literal(2),
            },
            Some(c) if c.is_ascii_alphabetic() => self.tag(rest, 1),
            _ => self.literal(1),
        }
    }

    fn literal(&mut self, len: usize) -> Markup<'a> {
        let text = self.rest().get(..len).unwrap_or_default();
        self.at += len;
        Markup::Token(Token::Text(Cow::Borrowed(text)))
    }

    fn skip_past(&mut self, rest: &str, end: u8) {
        self.at += memchr(end, rest.as_bytes()).map_or(rest.len(), |at| at + 1);
    }

    /// Comments, doctypes, and what Word puts between `<![` and `]>`.
    fn declaration(&mut self, rest: &'a str) {
        let bytes = rest.as_bytes();
        if !rest.starts_with("<!--") {
            self.skip_past(rest, b'>');
            return;
        }
        let after = bytes.get(4..).unwrap_or_default();
        if after.starts_with(b">") {
            self.at += 5;
        } else if after.starts_with(b"->") {
            self.at += 6;
        } else {
            self.at += comment_end(after).map_or(rest.len(), |end| 4 + end);
        }
    }

    /// A start or end tag whose name begins at `name_at`. One without an end is text: nothing is lost.
    fn tag(&mut self, rest: &'a str, name_at: usize) -> Markup<'a> {
        let bytes = rest.as_bytes();
        let name_len = bytes.get(name_at..).and_then(|name| {
            name.iter().position(|b| matches!(b, b'\t' | b'\n' | b'\x0c' | b'\r' | b' ' | b'/' | b'>'))
        });
        let Some(name_len) = name_len else {
            return self.literal(rest.len());
        };
        let name = bytes.get(name_at..name_at + name_len).unwrap_or_default();
        let tag = element(name).map_or(Tag::Other, |element| element.tag);
        if (tag == Tag::Other || self.notes.is_some()) && is_text(self.html, self.at, &mut self.ends, self.notes) {
            return self.literal(1);
        }
        let mut attrs = Attrs::default();
        let Some(end) = attributes(rest, name_at + name_len, &mut attrs) else {
            return self.literal(rest.len());
        };
        self.at += end;
        if name_at == 2 {
            return Markup::Token(Token::End(tag));
        }
        if tag.content() != Inside::Markup {
            self.raw = Some((tag, name));
        }
        Markup::Token(Token::Start(tag, attrs))
    }
}

#[expect(clippy::large_enum_variant, reason = "one at a time, never kept")]
enum Markup<'a> {
    Token(Token<'a>),
    Nothing,
}

/// Reads attributes from `at` on and gives the place after the closing `>`.
fn attributes<'a>(html: &'a str, mut at: usize, attrs: &mut Attrs<'a>) -> Option<usize> {
    let bytes = html.as_bytes();
    let blank = |b: u8| matches!(b, b'\t' | b'\n' | b'\x0c' | b'\r' | b' ');
    loop {
        while blank(*bytes.get(at)?) || bytes.get(at) == Some(&b'/') {
            at += 1;
        }
        if bytes.get(at) == Some(&b'>') {
            return Some(at + 1);
        }
        let name_start = at;
        // An equals sign at the start belongs to the name.
        at += 1;
        while !blank(*bytes.get(at)?) && !matches!(bytes.get(at)?, b'/' | b'>' | b'=') {
            at += 1;
        }
        let name = bytes.get(name_start..at)?;
        let mut after = at;
        while blank(*bytes.get(after)?) {
            after += 1;
        }
        let mut value = "";
        if bytes.get(after) == Some(&b'=') {
            after += 1;
            while blank(*bytes.get(after)?) {
                after += 1;
            }
            match bytes.get(after)? {
                quote @ (b'"' | b'\'') => {
                    let len = memchr(*quote, bytes.get(after + 1..)?)?;
                    value = html.get(after + 1..after + 1 + len)?;
                    at = after + len + 2;
                }
                b'>' => at = after,
                _ => {
                    let start = after;
                    while !blank(*bytes.get(after)?) && bytes.get(after) != Some(&b'>') {
                        after += 1;
                    }
                    value = html.get(start..after)?;
                    at = after;
                }
            }
        }
        if let Some(slot) = attrs.slot(name)
            && slot.is_none()
        {
            *slot = Some(decode(value, true));
        }
    }
}

/// The place after `-->` or `--!>`.
fn comment_end(text: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + memchr(b'>', text.get(from..)?)?;
        let before = text.get(..at)?;
        if before.ends_with(b"--") || before.ends_with(b"--!") {
            return Some(at + 1);
        }
        from = at + 1;
    }
}

/// The place of `</name` followed by what can follow a tag's name.
pub(crate) fn find_end_tag(text: &[u8], name: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + memmem::find(text.get(from..)?, b"</")?;
        let found = text.get(at + 2..at + 2 + name.len())?;
        let next = text.get(at + 2 + name.len());
        if found.eq_ignore_ascii_case(name)
            && next.is_some_and(|b| matches!(b, b'\t' | b'\n' | b'\x0c' | b'\r' | b' ' | b'/' | b'>'))
        {
            return Some(at);
        }
        from = at + 2;
    }
}
