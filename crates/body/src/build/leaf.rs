//! Leaves: paragraphs, headings, code blocks, and the lines in them.

use super::builder::Builder;
use super::text::{filtered, last_run, without_unseen};
use crate::doc::{Block, Code, NO_LINK, Op, Piece, Run, Style};
use crate::tag::Tag;
use gluepot_core::text::{Clean, shows_nothing};

impl Builder {
    pub(super) fn ensure_leaf(&mut self) {
        if self.leaf.is_some() {
            return;
        }
        if let Some((level, list)) = self.word_item.take() {
            self.open_word_item(level, list);
        } else if self.stack.last().is_some_and(|e| e.word_level > 0) {
            self.end_word_lists(0);
        }
        self.ensure_place();
        let block = match (self.heading, self.stack.last()) {
            (0, Some(entry)) if entry.tag == Tag::P || entry.tag == Tag::Summary => {
                let in_word_list = self.stack.iter().rev().nth(1).is_some_and(|e| e.word_level > 0);
                Block::Para { margin: !in_word_list }
            }
            (0, Some(entry)) if entry.tag == Tag::Caption => Block::Para { margin: true },
            (0, _) => Block::Para { margin: !self.label.is_empty() },
            (level, _) => Block::Heading(level),
        };
        self.leaf = Some(self.doc.ops.len());
        self.doc.ops.push(Op::Open(block));
        self.ink = false;
        self.fresh = true;
        self.space = false;
        let marker = std::mem::take(&mut self.own_marker);
        if !marker.is_empty() {
            self.push_text(&format!("{}\u{a0}", filtered(&marker)), Style::default());
        }
        if self.stack.last().is_some_and(|e| e.tag == Tag::Summary) {
            self.push_text("▾\u{a0}", Style::default());
        }
        if !self.label.is_empty() {
            let label = filtered(&self.label).replace(char::is_whitespace, "\u{a0}");
            self.label.clear();
            self.push_text(&format!("[{label}]\u{a0}"), Style::default());
        }
    }

    /// Ends the open leaf; one without anything to see leaves at most an empty line.
    pub(super) fn close_leaf(&mut self) {
        self.flush();
        let Some(at) = self.leaf else { return };
        if self.link_ink {
            self.link_ends();
        }
        self.leaf = None;
        self.space = false;
        if std::mem::take(&mut self.ink) {
            while matches!(self.doc.ops.last(), Some(Op::Break)) {
                self.doc.ops.pop();
            }
            self.doc.ops.push(Op::Close);
            return;
        }
        let had_something = self.doc.ops.len() > at + 1;
        let runs = self.doc.ops.drain(at..).filter(|op| matches!(op, Op::Run(_))).count();
        self.doc.runs.truncate(self.doc.runs.len().saturating_sub(runs));
        if had_something {
            self.gap();
        }
    }

    pub(super) fn gap(&mut self) {
        let in_item = matches!(
            self.innermost(),
            Some(Block::Item { .. } | Block::List(_) | Block::Table(_) | Block::Row { .. } | Block::Definitions)
        );
        let at_start = self.containers.last().map_or(self.doc.ops.is_empty(), |&at| at + 1 == self.doc.ops.len());
        if !in_item && !at_start && !matches!(self.doc.ops.last(), Some(Op::Gap)) {
            self.doc.ops.push(Op::Gap);
        }
    }

    pub(super) fn line_break(&mut self) {
        if let Some(pre) = &mut self.pre {
            pre.text.push('\n');
            return;
        }
        if self.leaf.is_none() {
            self.gap();
            return;
        }
        if self.ink {
            self.doc.ops.push(Op::Break);
        } else if let Some(at) = self.leaf
            && self.doc.ops.len() == at + 1
        {
            // Nothing but a line break so far: remembered as an empty line if nothing follows.
            self.doc.ops.push(Op::Break);
        }
        self.fresh = true;
        self.space = false;
    }

    pub(super) fn end_pre(&mut self) {
        let Some(pre) = self.pre.take() else { return };
        let text = pre.text.strip_suffix('\n').unwrap_or(&pre.text);
        self.code(&pre.language, text);
    }

    /// A code block.
    pub fn code(&mut self, language: &str, text: &str) {
        self.close_leaf();
        self.ensure_place();
        let text = &*without_unseen(text);
        let mut clean = Clean::block(text);
        if !clean.is_ascii() {
            // Lines are drawn one by one, and cut at tabs: a mark must find its letter in its own piece.
            let pieces = clean.split_inclusive(['\n', '\t']).map(|piece| {
                let body = piece.trim_end_matches(['\n', '\t']);
                format!("{}{}", Clean::line(body), piece.get(body.len()..).unwrap_or_default())
            });
            clean = Clean::block(&pieces.collect::<String>());
        }
        let piece = self.keep(&clean);
        let number = u32::try_from(self.doc.codes.len()).unwrap_or(u32::MAX);
        let copied = text
            .contains(shows_nothing)
            .then(|| Clean::block(&text.chars().filter(|&c| !shows_nothing(c)).collect::<String>()));
        let language = without_unseen(language.trim());
        self.doc.codes.push(Code { language: Clean::line(&language), text: piece, copied });
        self.doc.ops.push(Op::Code(number));
    }

    pub(super) fn keep(&mut self, text: &str) -> Piece {
        let start = u32::try_from(self.doc.text.len()).unwrap_or(u32::MAX);
        self.doc.text.push_str(text);
        Piece { start, end: u32::try_from(self.doc.text.len()).unwrap_or(u32::MAX) }
    }

    /// Writes the blank that is due.
    pub(super) fn due_space(&mut self) {
        if std::mem::take(&mut self.space) && !self.fresh {
            self.push_space();
        }
    }

    pub(super) fn push_space(&mut self) {
        let end = self.doc.text.len();
        if let Some(Run { piece, style, link }) = last_run(&self.doc.ops, &mut self.doc.runs)
            && piece.end as usize == end
            && style.and(self.style) == *style
            && (*link == NO_LINK || *link == self.link)
            && !style.has(Style::CODE)
        {
            self.doc.text.push(' ');
            piece.end += 1;
            return;
        }
        let before = last_run(&self.doc.ops, &mut self.doc.runs).map(|run| *run);
        let style = before.map(|run| run.style).unwrap_or_default().and(self.style).without(Style::CODE);
        let link = before.map(|run| run.link).filter(|&link| link == self.link).unwrap_or(NO_LINK);
        let piece = self.keep(" ");
        self.push_run(Run { piece, style, link });
    }

    /// A leaf does not begin with an empty line.
    pub(super) fn drop_empty_line(&mut self) {
        if !self.ink
            && let Some(at) = self.leaf
            && matches!(self.doc.ops.get(at + 1..), Some([Op::Break]))
        {
            self.doc.ops.pop();
        }
    }
}
