//! Text: filtered, its white space collapsed or kept, its addresses made links.

use std::borrow::Cow;

use super::bare;
use super::builder::{Builder, index};
use super::markers::box_of;
use crate::doc::{Block, Href, NO_LINK, Op, Piece, Run, Style};
use gluepot_core::text::{Clean, is_unseen};

impl Builder {
    /// Adds a word to the open leaf. An address in it becomes a link.
    pub(super) fn push_word(&mut self, word: &str) {
        if self.link != NO_LINK || self.style.has(Style::CODE) {
            return self.push_text(word, self.style);
        }
        let mut rest = word;
        while let Some((range, href)) = bare::address(rest) {
            let (before, shown, after) = (&rest[..range.start], &rest[range.clone()], &rest[range.end..]);
            if !before.is_empty() {
                self.push_text(before, self.style);
            }
            let at = |len: usize| u32::try_from(len).unwrap_or(u32::MAX);
            let start = at(self.doc.hrefs.len());
            self.doc.hrefs.push_str(&href);
            self.open_link(Href::Written(Piece { start, end: at(self.doc.hrefs.len()) }));
            self.push_text(shown, self.style);
            self.end_link(true);
            self.link = NO_LINK;
            rest = after;
        }
        if !rest.is_empty() {
            self.push_text(rest, self.style);
        }
    }

    /// Adds filtered text to the open leaf.
    pub(super) fn push_text(&mut self, text: &str, style: Style) {
        self.drop_empty_line();
        let end = self.doc.text.len();
        self.link_ink |= self.link != NO_LINK && !text.is_empty();
        let link = self.link;
        if let Some(Run { piece, style: before, link: linked }) = last_run(&self.doc.ops, &mut self.doc.runs)
            && piece.end as usize == end
            && *before == style
            && *linked == link
        {
            self.doc.text.push_str(text);
            piece.end = u32::try_from(self.doc.text.len()).unwrap_or(u32::MAX);
            return;
        }
        let piece = self.keep(text);
        self.push_run(Run { piece, style, link });
    }

    pub(super) fn push_run(&mut self, run: Run) {
        self.doc.ops.push(Op::Run(index(self.doc.runs.len())));
        self.doc.runs.push(run);
    }

    /// Takes the text that came since the last tag: filters it, collapses white space, adds it to the leaf.
    pub(super) fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let raw = std::mem::take(&mut self.pending);
        if self.quiet {
            let room = 32_usize.saturating_sub(self.word_marker.len());
            self.word_marker.push_str(raw.get(..raw.floor_char_boundary(room)).unwrap_or_default());
        } else if self.pre.is_none() {
            self.take_text(&raw);
        }
        // The buffer is used again.
        self.pending = raw;
        self.pending.clear();
    }

    pub(super) fn take_text(&mut self, raw: &str) {
        let code = self.style.has(Style::CODE) && !self.keep_space;
        if self.keep_space {
            self.take_kept(raw);
            return;
        }
        if raw.bytes().all(is_blank) && !code {
            self.space = self.leaf.is_some();
            return;
        }
        if code && raw.bytes().all(|b| is_blank(b) && b != b' ') {
            self.space = self.leaf.is_some();
            return;
        }
        self.ensure_leaf();
        let text = filtered(raw);
        if text.bytes().all(is_blank) && !code {
            self.nothing_seen(&text);
            return;
        }
        if code {
            self.take_code(&text);
            return;
        }
        self.take_words(&text);
    }

    /// Filtered text whose white space collapses.
    fn take_words(&mut self, text: &str) {
        let mut rest = text;
        loop {
            rest = rest.get(self.take_plain(rest)..).unwrap_or_default();
            let blanks = leading(rest.as_bytes(), is_blank);
            let word = rest.get(blanks..).unwrap_or_default();
            self.space |= blanks > 0;
            if word.is_empty() {
                return;
            }
            let end = leading(word.as_bytes(), |byte| !is_blank(byte));
            rest = word.get(end..).unwrap_or_default();
            let word = self.take_box(word.get(..end).unwrap_or_default());
            if word.is_empty() {
                continue;
            }
            self.after_image(word);
            self.due_space();
            self.push_word(word);
            self.fresh = false;
            self.ink |= word.chars().any(|c| c != '\u{a0}');
        }
    }

    /// Takes words that only make the last run longer: of ASCII, and no part of an address. Gives the bytes taken.
    fn take_plain(&mut self, text: &str) -> usize {
        let end = self.doc.text.len();
        let Some(Run { piece, style, link }) = last_run(&self.doc.ops, &mut self.doc.runs) else { return 0 };
        if !self.ink || piece.end as usize != end || *style != self.style || *link != self.link {
            return 0;
        }
        let bytes = text.as_bytes();
        let mut at = 0;
        loop {
            let start = at + leading(bytes.get(at..).unwrap_or_default(), is_blank);
            let is_plain = |byte| matches!(byte, b'!'..=b'~') && !matches!(byte, b':' | b'@' | b'\\');
            let end = start + leading(bytes.get(start..).unwrap_or_default(), is_plain);
            let word = text.get(start..end).unwrap_or_default();
            let is_whole = bytes.get(end).is_none_or(|&byte| is_blank(byte));
            if word.is_empty() || !is_whole || has_www(word) {
                break;
            }
            if start > at || (at == 0 && self.space) {
                self.doc.text.push(' ');
            }
            self.doc.text.push_str(word);
            at = end;
        }
        if at > 0 {
            piece.end = u32::try_from(self.doc.text.len()).unwrap_or(u32::MAX);
            self.space = false;
        }
        at
    }

    /// Invisible text: alone in a paragraph it makes an empty line.
    pub(super) fn nothing_seen(&mut self, blanks: &str) {
        self.space |= !blanks.is_empty();
        if let Some(at) = self.leaf
            && self.doc.ops.len() == at + 1
        {
            self.doc.ops.push(Op::Break);
        }
    }

    /// Text right after an image gets a blank before it, unless it ends the sentence.
    pub(super) fn after_image(&mut self, text: &str) {
        if !self.fresh
            && matches!(self.doc.ops.last(), Some(Op::Image(_)))
            && !text.starts_with(['.', ',', ';', ':', '!', '?', ')', ']', '\u{a0}'])
        {
            self.space = true;
        }
    }

    /// A box at the start of an item makes it a task.
    pub(super) fn take_box<'w>(&mut self, word: &'w str) -> &'w str {
        let Some(first) = word.chars().next().filter(|c| !c.is_ascii()) else { return word };
        if !self.ink
            && let Some(ticked) = box_of(first)
            && let Some(Block::Item { task: None, .. }) = self.innermost()
        {
            self.check(ticked);
            self.space = false;
            return word.get(first.len_utf8()..).unwrap_or_default().trim_start_matches('\u{a0}');
        }
        word
    }

    /// Inline code keeps its blanks; line breaks in it are blanks.
    pub(super) fn take_code(&mut self, text: &str) {
        self.after_image(text);
        self.due_space();
        let mut out = String::with_capacity(text.len());
        let mut chars = text.chars().peekable();
        let mut blanks = 0;
        loop {
            let next = chars.next();
            match next {
                Some(c) if is_blank_char(c) => {
                    let broken = c != ' ' || matches!(chars.peek(), Some('\n' | '\r'));
                    if broken {
                        // White space around a line break in the source is one blank.
                        while chars.peek().is_some_and(|&c| is_blank_char(c)) {
                            chars.next();
                        }
                    }
                    blanks += 1;
                }
                _ => {
                    let hard = blanks > 1;
                    for _ in 0..blanks {
                        out.push(if hard { '\u{a0}' } else { ' ' });
                    }
                    blanks = 0;
                    match next {
                        Some(c) => out.push(c),
                        None => break,
                    }
                }
            }
        }
        // A tag between two blanks does not make them one.
        if out.starts_with([' ', '\u{a0}'])
            && self.doc.text.ends_with(' ')
            && let Some(Run { piece, style, .. }) = last_run(&self.doc.ops, &mut self.doc.runs)
            && style.has(Style::CODE)
            && piece.end as usize == self.doc.text.len()
        {
            self.doc.text.pop();
            self.doc.text.push('\u{a0}');
            piece.end += 1;
            let rest = out.split_off(out.chars().next().map_or(0, char::len_utf8));
            out = format!("\u{a0}{rest}");
        }
        self.push_text(&out, self.style);
        self.ink |= out.contains(|c| c != ' ' && c != '\u{a0}');
        self.fresh = false;
    }

    /// Text whose line breaks and blanks count.
    pub(super) fn take_kept(&mut self, raw: &str) {
        if self.leaf.is_none() && raw.bytes().all(is_blank) {
            return;
        }
        self.ensure_leaf();
        let text = filtered(raw);
        let text = line_ends(&text);
        if text.is_empty() {
            self.nothing_seen("");
        }
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 {
                self.line_break();
            }
            let mut out = String::with_capacity(line.len());
            for c in line.chars() {
                match c {
                    '\t' => out.push_str("\u{a0}\u{a0}\u{a0}\u{a0}"),
                    // One blank between words may break the line, more of them are an indentation.
                    ' ' if out.is_empty() || out.ends_with([' ', '\u{a0}']) => {
                        if out.ends_with(' ') {
                            out.pop();
                            out.push('\u{a0}');
                        }
                        out.push('\u{a0}');
                    }
                    '\x0c' | '\r' => {}
                    c => out.push(c),
                }
            }
            if !out.is_empty() {
                self.after_image(&out);
                self.due_space();
                for (at, word) in out.split(' ').enumerate() {
                    if at > 0 {
                        self.push_text(" ", self.style);
                    }
                    if !word.is_empty() {
                        self.push_word(word);
                    }
                }
                self.ink |= out.contains(|c| c != '\u{a0}' && c != ' ');
                self.fresh = false;
            }
        }
    }
}

/// The run that ends here, if the last operation is one.
pub(super) fn last_run<'r>(ops: &[Op], runs: &'r mut [Run]) -> Option<&'r mut Run> {
    match ops.last() {
        Some(Op::Run(run)) => runs.get_mut(*run as usize),
        _ => None,
    }
}

/// Leaves out what is invisible.
pub(super) fn without_unseen(raw: &str) -> Cow<'_, str> {
    if raw.is_ascii() || !raw.contains(is_unseen) {
        return raw.into();
    }
    raw.chars().filter(|&c| !is_unseen(c)).collect::<String>().into()
}

/// Filters text but keeps hard blanks as themselves. A combining mark has to have a letter before it.
pub(super) fn filtered(raw: &str) -> Cow<'_, str> {
    // All of it without leaving early: the compiler compares many bytes at once then.
    let odd = |b: u8| u8::from(b.wrapping_sub(b' ') > b'~' - b' ') & u8::from(b != b'\n') & u8::from(b != b'\t');
    if raw.bytes().fold(0, |any, b| any | odd(b)) == 0 {
        return raw.into();
    }
    let seen = without_unseen(raw);
    let raw = &*seen;
    let mut out = String::with_capacity(raw.len() + 16);
    let mut rest = raw;
    loop {
        let end =
            rest.find(|c: char| matches!(c, '\u{a0}' | '\u{202f}' | '\u{2007}') || (c.is_ascii() && is_blank(c as u8)));
        let word = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        if word.bytes().all(|b| (b' '..=b'~').contains(&b)) {
            out.push_str(word);
        } else {
            out.push_str(&Clean::line(word));
        }
        let Some(end) = end else { break };
        rest = rest.get(end..).unwrap_or_default();
        let Some(c) = rest.chars().next() else { break };
        out.push(if c.is_ascii() { c } else { '\u{a0}' });
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    out.into()
}

/// How many bytes at the start fit.
#[inline]
fn leading(bytes: &[u8], fits: impl Fn(u8) -> bool) -> usize {
    bytes.iter().position(|&byte| !fits(byte)).unwrap_or(bytes.len())
}

/// Whether an address without a scheme may begin in the word.
fn has_www(word: &str) -> bool {
    // Most words are shorter or have no dot.
    word.len() > 4 && memchr::memchr(b'.', word.as_bytes()).is_some() && word.contains("www.")
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0c')
}

fn is_blank_char(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0c')
}

/// Text in which every end of a line is `
/// `: also those of old Macs, of Windows and of Unicode.
pub(crate) fn line_ends(text: &str) -> Cow<'_, str> {
    let odd = ['\r', '\u{85}', '\u{2028}', '\u{2029}'];
    if !text.contains(odd) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").replace(odd, "\n"))
}
