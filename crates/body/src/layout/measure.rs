//! What the columns of a table need.

use std::collections::BTreeMap;

use super::types::LayoutOptions;
use super::width::width;
use crate::doc::{Block, Columns, Doc, Op, Run, Style};
use crate::words::{image_text, note_text, target_text};

/// Columns between two columns: a blank, the line, a blank.
pub(super) const GAP: usize = 3;

/// Rows looked at before the widths are decided.
const SAMPLE_ROWS: usize = 5000;
/// Bytes of text looked at.
const SAMPLE_BYTES: usize = 1 << 20;

/// What a column needs.
#[derive(Clone, Copy, Default)]
pub(super) struct Need {
    /// Its widest word
    pub least: usize,
    /// Its widest line
    pub natural: usize,
}

impl Need {
    fn raise(&mut self, other: Self) {
        self.least = self.least.max(other.least);
        self.natural = self.natural.max(other.natural);
    }
}

/// What the columns need, from the first rows. A cell that spans some of them needs them together.
pub(super) fn needs(
    doc: &Doc,
    from: usize,
    end: usize,
    columns: &Columns,
    options: &LayoutOptions,
    room: usize,
) -> Vec<Need> {
    let mut needs = vec![Need::default(); columns.len()];
    let mut spanning: BTreeMap<(usize, usize), Need> = BTreeMap::new();
    let mut depth = 0_usize;
    let (mut rows, mut bytes) = (0, 0);
    let mut place = (0, 1);
    let mut cell = Cell::default();
    for op in doc.ops.get(from..end).unwrap_or_default() {
        match op {
            Op::Open(block) => {
                match *block {
                    Block::Row { .. } if depth == 0 => rows += 1,
                    Block::Cell { column, columns: covered, .. } if depth == 1 => {
                        place = columns.of(column, covered);
                        cell = Cell::default();
                    }
                    Block::Quote | Block::Item { .. } | Block::Heading(_) | Block::Description => cell.indent(),
                    _ => {}
                }
                depth += 1;
            }
            Op::Close => {
                depth = depth.saturating_sub(1);
                cell.line_ends();
                if depth == 1 {
                    let need = Need { least: cell.need.least.min(room + 1), natural: cell.need.natural.min(room + 1) };
                    match place {
                        (column, 1) => {
                            if let Some(column) = needs.get_mut(column) {
                                column.raise(need);
                            }
                        }
                        (column, count) => spanning.entry((count, column)).or_default().raise(need),
                    }
                }
                if depth == 0 && (rows >= SAMPLE_ROWS || bytes > SAMPLE_BYTES) {
                    break;
                }
            }
            op => bytes += cell.take(doc, *op, options),
        }
    }
    // The fewest columns first: what they need may be enough for the wider ones.
    for ((count, first), need) in spanning {
        let Some(covered) = needs.get_mut(first..(first + count).min(columns.len())) else { continue };
        let lines = GAP * covered.len().saturating_sub(1);
        let mut least: Vec<&mut usize> = covered.iter_mut().map(|need| &mut need.least).collect();
        widen(&mut least, need.least.saturating_sub(lines));
        let mut natural: Vec<&mut usize> = covered.iter_mut().map(|need| &mut need.natural).collect();
        widen(&mut natural, need.natural.saturating_sub(lines));
    }
    needs
}

/// Makes columns wide enough together, the narrowest first.
fn widen(columns: &mut [&mut usize], wanted: usize) {
    let mut missing = wanted.saturating_sub(columns.iter().map(|columns| **columns).sum());
    columns.sort_unstable();
    let mut level = 1;
    while missing > 0 && !columns.is_empty() {
        // The first `level` columns are equally narrow: they grow up to the next one.
        let low = columns.first().map_or(0, |narrowest| **narrowest);
        let next = columns.get(level).map_or(usize::MAX, |column| **column);
        let step = next.saturating_sub(low).min(missing / level);
        let over = if step == 0 && next > low { missing } else { 0 };
        for (at, column) in columns.iter_mut().take(level).enumerate() {
            **column += step + usize::from(at < over);
        }
        missing = if over > 0 { 0 } else { missing - step * level };
        level = (level + usize::from(next.saturating_sub(low) == step)).min(columns.len());
    }
}

/// A cell that is measured.
#[derive(Default)]
struct Cell {
    need: Need,
    /// Columns of the open line and word, and those before each line
    line: usize,
    word: usize,
    indent: usize,
    struck: bool,
}

impl Cell {
    fn indent(&mut self) {
        self.indent += 4;
        self.need.raise(Need { least: 20, natural: 20 });
    }

    fn word_ends(&mut self) {
        self.need.least = self.need.least.max(self.word + self.indent);
        self.word = 0;
    }

    fn line_ends(&mut self) {
        self.strike(false, true);
        self.need.natural = self.need.natural.max(self.line + self.indent);
        self.line = 0;
        self.word_ends();
    }

    /// Marks of struck text, where it has any.
    fn strike(&mut self, struck: bool, marked: bool) {
        if marked && std::mem::replace(&mut self.struck, struck) != struck {
            self.word += 2;
            self.line += 2;
        }
    }

    /// Takes what is in a leaf; gives the bytes of text that were looked at.
    fn take(&mut self, doc: &Doc, op: Op, options: &LayoutOptions) -> usize {
        let ascii = options.ascii;
        match op {
            Op::Run(run) => return self.run(doc, doc.run(run), options),
            Op::Break => self.line_ends(),
            Op::LinkEnd(link) => {
                if let Some(info) = doc.link(link).filter(|info| info.shows_target) {
                    self.word_ends();
                    self.word = width(&target_text(&info.target, ascii));
                    self.line += self.word + 1 + usize::from(info.misleads) * 3;
                }
            }
            Op::Image(image) => {
                if let Some(info) = doc.images.get(image as usize) {
                    let text = image_text(info.noun, &info.caption, info.size, ascii);
                    self.line += width(&text) + 1;
                    let widest = text.split(' ').map(width).max().unwrap_or(0);
                    self.need.least = self.need.least.max(widest + self.indent);
                }
            }
            Op::Check(_) => self.line += 4,
            Op::Note(note) => {
                // In brackets
                let Some(&note) = doc.notes.get(note as usize) else { return 0 };
                let text = note_text(doc, note);
                let widest = text.split(' ').map(width).max().unwrap_or(0);
                self.line_ends();
                let (least, natural) = (widest + 1 + self.indent, width(&text) + 2 + self.indent);
                self.need.raise(Need { least, natural });
            }
            Op::Code(code) => {
                if let Some(code) = doc.codes.get(code as usize) {
                    let text = doc.piece(code.text);
                    let text = text.get(..text.floor_char_boundary(4096)).unwrap_or_default();
                    let columns = text.lines().map(width).max().unwrap_or(0) + 2;
                    self.need.raise(Need { least: columns.min(20), natural: columns.max(12) });
                    return text.len();
                }
            }
            _ => {}
        }
        0
    }

    /// Takes text; gives its bytes.
    fn run(&mut self, doc: &Doc, run: Run, options: &LayoutOptions) -> usize {
        let Run { piece, style, .. } = run;
        let text = doc.piece(piece);
        let struck = style.has(Style::STRIKE);
        if !struck || text.contains(|c| c != ' ' && c != '\u{a0}') {
            self.strike(struck, options.strike_marks);
        }
        let raised = usize::from(style.has(Style::SUP) || style.has(Style::SUB));
        self.word += raised;
        self.line += raised;
        for (at, part) in text.split(' ').enumerate() {
            if at > 0 {
                self.word_ends();
                self.line += 1;
            }
            let columns = width(part);
            self.line += columns;
            self.word += if part.is_ascii() { columns } else { columns.min(word_part(part)) };
        }
        text.len()
    }
}

/// Columns of the widest piece of a word that a line cannot break.
fn word_part(word: &str) -> usize {
    let wide = word.chars().filter(|&c| unicode_width::UnicodeWidthChar::width(c) == Some(2)).count();
    if wide * 2 > word.chars().count() { 8 } else { usize::MAX }
}

#[cfg(test)]
mod tests {
    use super::widen;

    fn widened(mut columns: Vec<usize>, wanted: usize) -> Vec<usize> {
        let mut each: Vec<&mut usize> = columns.iter_mut().collect();
        widen(&mut each, wanted);
        columns
    }

    #[test]
    fn what_a_cell_needs_of_several_columns_comes_from_all_of_them() {
        assert_eq!(widened(vec![4, 4], 13), [7, 6]);
        assert_eq!(widened(vec![2, 9, 4], 20), [6, 9, 5]);
        assert_eq!(widened(vec![2, 9], 11), [2, 9]);
        assert_eq!(widened(vec![0, 0, 0], 100), [34, 33, 33]);
        assert_eq!(widened(vec![], 5), [0_usize; 0]);
    }
}
