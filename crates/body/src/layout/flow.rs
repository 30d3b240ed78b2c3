//! Fills lines with words.
//!
//! A word is never split unless it is wider than a whole line. Where writing has no blanks (Chinese, Japanese), a
//! line may break between any two wide characters, except before closing and after opening punctuation. A
//! character and the marks on it are never parted.

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::types::{Emphasis, Role};

/// How a piece of text looks and what it belongs to, in indexes of the layout.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Look {
    pub role: Role,
    pub emphasis: Emphasis,
    pub link: Option<u32>,
    pub image: Option<u32>,
}

impl Look {
    pub fn plain(role: Role) -> Self {
        Self { role, emphasis: Emphasis::default(), link: None, image: None }
    }
}

/// A piece of a line.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Part {
    pub text: String,
    pub look: Look,
}

impl Part {
    pub fn new(text: impl Into<String>, role: Role) -> Self {
        Self { text: text.into(), look: Look::plain(role) }
    }
}

/// Adds text to the end of a line, to its last piece if that looks the same.
pub(super) fn push_part(line: &mut Vec<Part>, text: &str, look: Look) {
    if text.is_empty() {
        return;
    }
    match line.last_mut() {
        Some(last) if last.look == look => last.text.push_str(text),
        _ => line.push(Part { text: text.to_owned(), look }),
    }
}

/// Columns of a text.
pub(super) fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { clusters(text).map(|(_, w)| w).sum() }
}

/// Characters with the marks on them, and their columns. A character without a column belongs to the one before it.
pub(super) fn clusters(text: &str) -> impl Iterator<Item = (&str, usize)> {
    let mut graphemes = text.grapheme_indices(true).peekable();
    std::iter::from_fn(move || {
        let (start, first) = graphemes.next()?;
        let mut end = start + first.len();
        let mut columns = first.width();
        while let Some((at, next)) = graphemes.peek() {
            // Only marks that the segmentation does not join come here; a blank or letter never does.
            if next.width() > 0 || columns == 0 && at > &(start + 64) {
                break;
            }
            end = at + next.len();
            graphemes.next();
        }
        // In sum never less than what the terminal gets for each of the parts.
        columns = columns.max(usize::from(first.chars().next().is_some_and(|c| c.width() == Some(2))) * 2);
        Some((text.get(start..end)?, columns))
    })
}

/// A line being filled.
#[derive(Debug, Default)]
pub(super) struct Flow {
    limit: usize,
    /// Columns that the first line has more than the others
    more: usize,
    line: Vec<Part>,
    used: usize,
    /// A blank is due before the word
    gap: Option<Look>,
    word: Vec<Part>,
    word_width: usize,
    /// The last character of the word, where a line may break before the next one
    last: Option<char>,
    /// Full lines
    pub done: Vec<Vec<Part>>,
    /// Whether anything was put in since the beginning or the last line break
    pub started: bool,
}

impl Flow {
    pub fn new(limit: usize) -> Self {
        Self { limit: limit.max(1), ..Self::default() }
    }

    /// Gives the first line more room than the others.
    pub fn with_more_at_first(mut self, columns: usize) -> Self {
        self.more = columns;
        self
    }

    /// Adds text until it ends or a few lines are full; gives the bytes used.
    pub fn push(&mut self, text: &str, look: Look) -> usize {
        let bytes = text.as_bytes();
        let mut at = 0;
        let enough = self.done.len() + 64;
        while at < bytes.len() && self.done.len() < enough {
            // Most text is words of ASCII: taken whole.
            let ascii = bytes
                .get(at..)
                .unwrap_or_default()
                .iter()
                .take(self.limit + 1)
                .position(|b| !(b'!'..=b'~').contains(b));
            let rest_len = bytes.len() - at;
            let ascii = ascii.unwrap_or(rest_len.min(self.limit + 1));
            let next = bytes.get(at + ascii);
            // The last letter before something else than ASCII may carry a mark.
            let whole = if next.is_none_or(u8::is_ascii) { ascii } else { ascii.saturating_sub(1) };
            if whole > 0 && self.word_width + whole <= self.limit && self.last.is_none_or(|c| c.is_ascii()) {
                push_part(&mut self.word, text.get(at..at + whole).unwrap_or_default(), look);
                self.word_width += whole;
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
            let Some((cluster, columns)) = clusters(text.get(at..).unwrap_or_default()).next() else { break };
            at += cluster.len();
            self.cluster(cluster, columns, look);
        }
        at
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
            self.line = std::mem::take(&mut self.word);
            self.used = std::mem::take(&mut self.word_width);
            if !self.line.is_empty() {
                self.end_line();
            }
        }
        push_part(&mut self.word, shown, look);
        self.word_width += columns;
        self.last = Some(first);
        self.started = true;
    }

    /// A blank: the word before it ends.
    pub fn space(&mut self, look: Look) {
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
            push_part(&mut self.line, " ", look);
            self.used += 1;
        }
        for part in self.word.drain(..) {
            push_part(&mut self.line, &part.text, part.look);
        }
        self.used += std::mem::take(&mut self.word_width);
    }

    fn end_line(&mut self) {
        self.done.push(std::mem::take(&mut self.line));
        self.more = 0;
        self.used = 0;
        self.gap = None;
    }

    /// A new line, wherever the old one is; an empty line if nothing is on it.
    pub fn line_break(&mut self) {
        self.end_word();
        self.last = None;
        self.gap = None;
        self.end_line();
        self.started = false;
    }

    /// Ends the last line, if there is anything on it.
    pub fn finish(&mut self) {
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
