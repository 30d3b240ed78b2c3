//! Lists that Word wrote as paragraphs: each bears its level and its marker as text.

use super::builder::{Builder, Item};
use super::markers::{Marker, box_of};
use crate::doc::{Block, Letters};
use crate::tag::{Attrs, Tag};

impl Builder {
    pub(super) fn open_word_item(&mut self, level: u8, list: u64) {
        // The paragraph is on the stack already; its item belongs below it.
        let paragraph = self.stack.last().is_some_and(|e| e.tag == Tag::P && !e.implied);
        if paragraph {
            self.pop();
        }
        self.end_word_lists(level);
        let known = match self.innermost() {
            Some(Block::List(number)) => self.doc.lists.get(number as usize),
            _ => None,
        };
        let letters = known.filter(|list| list.ordered).map(|list| list.letters);
        let marker = WordMarker::read(&self.word_marker, self.wingdings, letters);
        let kind = match &marker {
            WordMarker::Number(letters, _) => Marker::Numbers(*letters),
            WordMarker::Bullet | WordMarker::Box(_) => Marker::Bullets,
            WordMarker::Text(_) => Marker::None,
        };
        // Another list at the same level, or one with other markers, is not the one before.
        let same = known.is_some_and(|known| match kind {
            Marker::Numbers(letters) => known.ordered && known.letters == letters,
            Marker::Bullets => !known.ordered && !known.bare,
            Marker::None => known.bare,
        });
        if let Some(entry) = self.stack.last()
            && entry.word_level == level
            && (entry.word_list != list || !same)
        {
            self.pop();
        }
        self.open_word_lists(level, list, &marker, kind);
        let mut item = Item::default();
        match marker {
            WordMarker::Number(_, number) => item.value = Some(number),
            WordMarker::Box(ticked) => item.task = Some(ticked),
            WordMarker::Text(text) => self.own_marker = text,
            WordMarker::Bullet => {}
        }
        self.open_item(item, true);
        self.mark_word(level.max(1), list);
        if paragraph {
            self.push(Tag::P, false, false);
        }
    }

    /// Opens the lists down to a level; those between have an item without a marker each.
    fn open_word_lists(&mut self, level: u8, list: u64, marker: &WordMarker, kind: Marker) {
        let open = self.stack.last().map_or(0, |e| e.word_level);
        for depth in open + 1..=level.max(1) {
            let innermost = depth == level.max(1);
            if depth > open + 1 || self.innermost_is_list() {
                self.ensure_place();
            }
            let tag = if innermost && matches!(kind, Marker::Numbers(_)) { Tag::Ol } else { Tag::Ul };
            let start = match marker {
                WordMarker::Number(_, number) if innermost => Some(number.to_string().into()),
                _ => None,
            };
            self.start_list(tag, &Attrs { start, ..Attrs::default() }, true);
            self.mark_word(depth, list);
            if !innermost {
                self.open_item(Item { bare: true, ..Item::default() }, true);
                self.mark_word(depth, list);
            } else if let Some(Block::List(number)) = self.innermost()
                && let Some(info) = self.doc.lists.get_mut(number as usize)
            {
                info.bare = kind == Marker::None;
                if let Marker::Numbers(letters) = kind {
                    info.letters = letters;
                }
            }
        }
    }

    /// The innermost element belongs to a list of Word's.
    fn mark_word(&mut self, level: u8, list: u64) {
        if let Some(entry) = self.stack.last_mut() {
            entry.word_level = level;
            entry.word_list = list;
        }
    }

    pub(super) fn innermost_is_list(&self) -> bool {
        matches!(self.innermost(), Some(Block::List(_)))
    }

    /// Ends Word's items at this level and everything of Word's deeper than it; level 0 ends all.
    pub(super) fn end_word_lists(&mut self, level: u8) {
        while let Some(entry) = self.stack.last() {
            let ends = entry.word_level > level || (level > 0 && entry.word_level == level && entry.tag == Tag::Li);
            if entry.word_level == 0 || !ends {
                return;
            }
            self.pop();
        }
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

/// The number that letters mean. A single letter is Roman where the list is, or begins as one.
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
