//! Cells looked at ahead: the text of one that holds only words, its end, its longest word.

use super::width::width;
use crate::doc::{Block, Doc, Op, Style};

/// The longest text that is taken for a label, and that is said again where its cell reaches further down.
pub(super) const MAX_LABEL: usize = 200;

/// The text of the cell that begins at `at`, if it holds nothing but words and few of them.
pub(super) fn simple_text(doc: &Doc, at: usize) -> Option<String> {
    let mut text = String::new();
    let mut depth = 0;
    for op in doc.ops.get(at..)?.iter().take(256) {
        match op {
            Op::Open(Block::Cell { .. } | Block::Para { .. } | Block::Heading(_)) => {
                depth += 1;
                if !text.is_empty() && !text.ends_with(' ') {
                    text.push(' ');
                }
            }
            Op::Close => {
                depth -= 1;
                if depth == 0 {
                    return Some(text.trim_end_matches(' ').to_owned());
                }
            }
            Op::Run(run) => {
                let run = doc.run(*run);
                let raised = run.style.has(Style::SUP) || run.style.has(Style::SUB) || run.style.has(Style::STRIKE);
                let piece = doc.piece(run.piece);
                if raised || text.len() + piece.len() > MAX_LABEL {
                    return None;
                }
                text.push_str(&piece.replace('\u{a0}', " "));
            }
            Op::Break => text.push(' '),
            _ => return None,
        }
    }
    None
}

/// The operation that closes what opens at `at`, or the limit.
pub(super) fn close_of(doc: &Doc, at: usize, limit: usize) -> usize {
    let mut depth = 0_usize;
    for (after, op) in doc.ops.get(at..limit.min(doc.ops.len())).unwrap_or_default().iter().enumerate() {
        match op {
            Op::Open(_) => depth += 1,
            Op::Close => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + after;
                }
            }
            _ => {}
        }
    }
    limit
}

/// Columns of the longest word of the cell that begins at `at`, as far as it matters.
pub(super) fn longest_word(doc: &Doc, at: usize) -> usize {
    let (mut longest, mut word, mut depth) = (0, 0, 0);
    for op in doc.ops.iter().skip(at).take(64) {
        match op {
            Op::Run(run) => {
                let text = doc.piece(doc.run(*run).piece);
                let text = text.get(..text.floor_char_boundary(4096)).unwrap_or_default();
                for (number, part) in text.split(' ').enumerate() {
                    word = if number == 0 { word } else { 0 } + width(part);
                    longest = longest.max(word);
                }
            }
            Op::Open(_) => depth += 1,
            Op::Close => {
                depth -= 1;
                word = 0;
                if depth == 0 {
                    break;
                }
            }
            Op::Break => word = 0,
            _ => {}
        }
    }
    longest
}
