//! Fills lines with words.
//!
//! A word is never split unless it is wider than a whole line. Where writing has no blanks (Chinese, Japanese), a
//! line may break between any two wide characters, except before closing and after opening punctuation. A
//! character and the marks on it are never parted.

use unicode_width::UnicodeWidthChar as _;

use super::strip::{Look, Strip};
use super::width::{clusters, is_simple, simple_word};

/// A line being filled.
#[derive(Debug, Default)]
pub(super) struct Flow {
    limit: usize,
    /// Columns that the first line has more than the others
    more: usize,
    line: Strip,
    used: usize,
    /// A blank is due before the word
    gap: Option<Look>,
    word: Strip,
    word_width: usize,
    /// The last character of the word, where a line may break before the next one
    last: Option<char>,
    /// Full lines
    pub(super) done: Vec<Strip>,
    /// Strips to be used again
    pub(super) spare: Vec<Strip>,
    /// Whether anything was put in since the beginning or the last line break
    pub(super) started: bool,
}

impl Flow {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit: limit.max(1), ..Self::default() }
    }

    /// Begins afresh. The first line has some columns more than the others.
    pub(super) fn begin(&mut self, limit: usize, more: usize) {
        self.limit = limit.max(1);
        self.more = more;
        self.line.clear();
        self.word.clear();
        (self.used, self.word_width) = (0, 0);
        (self.gap, self.last, self.started) = (None, None, false);
    }

    /// Adds all of a text, however many lines it fills.
    pub(super) fn push_all(&mut self, text: &str, look: Look) {
        let mut rest = text;
        while !rest.is_empty() {
            let used = self.push(rest, look);
            rest = rest.get(used..).unwrap_or_default();
        }
    }

    /// Adds all of a strip.
    pub(super) fn push_strip(&mut self, strip: &Strip) {
        let mut start = 0;
        for part in &strip.parts {
            self.push_all(strip.text.get(start..part.end).unwrap_or_default(), part.look);
            start = part.end;
        }
    }

    /// Adds text until it ends or a few lines are full; gives the bytes used.
    pub(super) fn push(&mut self, text: &str, look: Look) -> usize {
        let bytes = text.as_bytes();
        let mut at = 0;
        let enough = self.done.len() + 64;
        while at < bytes.len() && self.done.len() < enough {
            let whole = self.take_line(text.get(at..).unwrap_or_default(), look);
            at += whole;
            if whole > 0 {
                continue;
            }
            // Most text is words of simple characters: taken whole.
            let rest = text.get(at..).unwrap_or_default();
            let (whole, columns) = simple_word(rest, self.limit);
            if whole > 0
                && self.word_width + columns <= self.limit
                && self.last.is_none_or(|c| c.is_ascii() || is_simple(c))
            {
                self.word.push(rest.get(..whole).unwrap_or_default(), look);
                self.word_width += columns;
                self.last = Some('a');
                self.started = true;
                at += whole;
                continue;
            }
            if bytes.get(at) == Some(&b' ') {
                self.space(look);
                at += 1;
                continue;
            }
            let Some((cluster, columns)) = clusters(rest).next() else { break };
            at += cluster.len();
            self.cluster(cluster, columns, look);
        }
        at
    }

    /// Takes all words of ASCII that fit on the line at once, up to the blank behind the last one. Gives their bytes.
    fn take_line(&mut self, text: &str, look: Look) -> usize {
        if self.last.is_some() || !self.word.is_empty() || self.more > 0 {
            return 0;
        }
        let gap = usize::from(self.gap.is_some() && !self.line.is_empty());
        let room = self.limit.saturating_sub(self.used + gap);
        let window = text.as_bytes().get(..text.len().min(room + 1)).unwrap_or_default();
        let plain = window.iter().fold(0, |odd, byte| odd | u8::from(byte.wrapping_sub(b' ') > b'~' - b' ')) == 0;
        let Some(end) = memchr::memrchr(b' ', window).filter(|_| plain && !window.starts_with(b" ")) else { return 0 };
        let words = text.get(..end).unwrap_or_default();
        if words.as_bytes().windows(2).fold(0, |two, pair| two | u8::from(pair == b"  ")) != 0 || words.ends_with(' ') {
            return 0;
        }
        if let Some(look) = self.gap.take().filter(|_| !self.line.is_empty()) {
            self.line.push(" ", look);
        }
        self.line.push(words, look);
        self.used += gap + end;
        self.started = true;
        end
    }

    fn cluster(&mut self, cluster: &str, columns: usize, look: Look) {
        let first = cluster.chars().next().unwrap_or(' ');
        let shown = if first == '\u{a0}' { " " } else { cluster };
        if self.last.is_some_and(|last| breaks_between(last, first)) {
            self.end_word();
        }
        if self.word_width + columns > self.limit {
            // Wider than a line: the word has to be split.
            if !self.line.is_empty() {
                self.end_line();
            }
            self.gap = None;
            std::mem::swap(&mut self.line, &mut self.word);
            self.used = std::mem::take(&mut self.word_width);
            if !self.line.is_empty() {
                self.end_line();
            }
        }
        self.word.push(shown, look);
        self.word_width += columns;
        self.last = Some(first);
        self.started = true;
    }

    /// A blank: the word before it ends.
    pub(super) fn space(&mut self, look: Look) {
        self.end_word();
        self.last = None;
        if !self.line.is_empty() {
            self.gap = Some(look);
        }
    }

    fn end_word(&mut self) {
        if self.word.is_empty() {
            return;
        }
        let gap = usize::from(self.gap.is_some());
        if self.used + gap + self.word_width > self.limit + self.more && !self.line.is_empty() {
            self.end_line();
        }
        if let Some(look) = self.gap.take().filter(|_| !self.line.is_empty()) {
            self.line.push(" ", look);
            self.used += 1;
        }
        self.line.append(&self.word);
        self.word.clear();
        self.used += std::mem::take(&mut self.word_width);
    }

    fn end_line(&mut self) {
        let next = self.spare.pop().unwrap_or_default();
        self.done.push(std::mem::replace(&mut self.line, next));
        self.more = 0;
        self.used = 0;
        self.gap = None;
    }

    /// A new line, wherever the old one is; an empty line if nothing is on it.
    pub(super) fn line_break(&mut self) {
        self.end_word();
        self.last = None;
        self.gap = None;
        self.end_line();
        self.started = false;
    }

    /// Ends the last line, if there is anything on it.
    pub(super) fn finish(&mut self) {
        self.end_word();
        self.last = None;
        if !self.line.is_empty() {
            self.end_line();
        }
        self.gap = None;
        self.started = false;
    }
}

/// Whether a line may break between two characters that have no blank between them.
fn breaks_between(before: char, after: char) -> bool {
    let wide = |c: char| c.width() == Some(2);
    if !wide(before) && !wide(after) {
        return false;
    }
    if before == '\u{a0}' || after == '\u{a0}' {
        return false;
    }
    let closing = "、。，．・：；？！゛゜ヽヾゝゞ々ー）］｝〕〉》」』】〙〗〟’”»ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ%‰℃,.:;?!)]}";
    let opening = "（［｛〔〈《「『【〘〖〝‘“«([{";
    // Letters of one word stay together even where one of them is wide.
    let modifier = matches!(after, '\u{1f3fb}'..='\u{1f3ff}');
    !closing.contains(after) && !opening.contains(before) && !modifier
}
