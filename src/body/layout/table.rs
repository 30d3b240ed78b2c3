//! Tables: a grid where it fits, cells wrapped where that helps, key and value below each other where it does not.

use super::flow::{Part, push_part, width};
use super::types::Role;
use super::{Doc, Engine, Frame, Layout, Look, image_text, target_text};
use crate::body::doc::{Align, Block, Op};

/// Rows looked at before the widths are decided.
const SAMPLE_ROWS: usize = 500;
/// Bytes of text looked at.
const SAMPLE_BYTES: usize = 256 * 1024;

/// No column is narrower than the widest character.
const LEAST_COLUMN: usize = 2;

/// A table drawn as a grid.
#[derive(Debug)]
pub(super) struct Grid {
    widths: Vec<usize>,
    /// The operation that closes the table
    end: usize,
    /// Rows that a cell above reaches into, by column
    reach: Vec<u16>,
    /// Cells wrap: rows need lines between them
    tall: bool,
    rows: usize,
    after_head: bool,
}

/// A cell's place and look.
struct CellAt {
    column: usize,
    columns: usize,
    align: Align,
    from: usize,
    to: usize,
}

/// What a column needs.
#[derive(Clone, Copy, Default)]
struct Need {
    /// Its widest word
    least: usize,
    /// Its widest line
    natural: usize,
}

impl Layout {
    /// Begins a table. True: it is a grid; false: its rows and cells come as containers of their own.
    pub(super) fn begin_table(&mut self, doc: &Doc, number: u32) -> bool {
        self.flush_marks();
        let Some(table) = doc.tables.get(number as usize) else { return false };
        let (mut columns, end) = (table.columns as usize, table.end as usize);
        let room = self.engine.room();
        if table.spans && columns * 5 <= room + 3 {
            columns = spanned_columns(doc, self.engine.at + 1, end, room).max(columns);
        }
        if columns > 0
            && columns * 5 <= room + 3
            && let Some((widths, tall)) = self.widths(doc, columns, end, room)
        {
            self.engine.grid = Some(Grid { widths, end, reach: vec![0; columns], tall, rows: 0, after_head: false });
            self.engine.at += 1;
            return true;
        }
        self.begin_pairs(doc, end);
        false
    }

    /// Key/value form: the head's texts are remembered and its row is skipped.
    fn begin_pairs(&mut self, doc: &Doc, end: usize) {
        let mut labels = Vec::new();
        let mut at = self.engine.at + 1;
        let head = matches!(doc.ops.get(at), Some(Op::Open(Block::Row { head: true })));
        let mut depth = 0;
        let mut bytes = 0;
        while at < end {
            match doc.ops.get(at) {
                Some(Op::Open(Block::Cell { columns, .. })) if depth == 1 => {
                    for _ in 0..*columns {
                        labels.push(String::new());
                    }
                    depth += 1;
                }
                Some(Op::Open(_)) => depth += 1,
                Some(Op::Close) => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                Some(Op::Run(run)) => {
                    let text = doc.piece(doc.run(*run).piece);
                    if let Some(label) = labels.last_mut().filter(|label| label.len() < 200) {
                        let text = text.get(..text.floor_char_boundary(200)).unwrap_or_default();
                        label.push_str(&text.replace('\u{a0}', " "));
                    }
                }
                _ => {}
            }
            bytes += 1;
            if bytes > 1_000_000 || !head {
                break;
            }
            at += 1;
        }
        // A head without any row below it is all there is: it stays.
        let only = at + 1 >= end;
        if head && !only {
            // The row's operations are skipped; the caller goes one further.
            self.engine.frames.push(Frame {
                block: doc.ops.get(self.engine.at).map_or(Block::Definitions, |op| match op {
                    Op::Open(block) => *block,
                    _ => Block::Definitions,
                }),
                prefixes: self.engine.prefixes.len(),
            });
            self.engine.at = at;
            self.engine.skipped_head = true;
        }
        self.engine.labels.push(if head && !only { labels } else { Vec::new() });
    }

    /// The columns' widths and whether cells wrap; nothing if a grid does not fit.
    fn widths(&self, doc: &Doc, columns: usize, end: usize, room: usize) -> Option<(Vec<usize>, bool)> {
        let ascii = self.engine.options.ascii;
        let needs = measure(doc, self.engine.at + 1, end, columns, ascii);
        let room = room.checked_sub(3 * (columns - 1))?;
        let natural: Vec<usize> = needs.iter().map(|need| need.natural.max(LEAST_COLUMN)).collect();
        if natural.iter().sum::<usize>() <= room {
            return Some((natural, false));
        }
        if columns == 1 {
            return Some((vec![room], true));
        }
        let least: Vec<usize> = needs.iter().map(|need| need.least.max(LEAST_COLUMN)).collect();
        if least.iter().sum::<usize>() > room {
            return None;
        }
        // The largest width such that everything narrower keeps what it wants and all of it fits.
        let fits = |cap: usize| {
            natural.iter().zip(&least).map(|(&want, &need)| want.min(cap).max(need)).sum::<usize>() <= room
        };
        let (mut low, mut high) = (1, room);
        while low < high {
            let middle = (low + high).div_ceil(2);
            if fits(middle) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        let mut widths: Vec<usize> = natural.iter().zip(&least).map(|(&want, &need)| want.min(low).max(need)).collect();
        let mut spare = room.saturating_sub(widths.iter().sum());
        for (width, want) in widths.iter_mut().zip(&natural) {
            let more = spare.min(want.saturating_sub(*width));
            *width += more;
            spare -= more;
        }
        // A text squeezed into a sliver is harder to read than one below its label.
        let squeezed = widths.iter().zip(&natural).any(|(&width, &want)| width < 8 && want > width * 8);
        (!squeezed).then_some((widths, true))
    }

    /// The next row of the open grid.
    pub(super) fn grid_row(&mut self, doc: &Doc) {
        let Some(mut grid) = self.engine.grid.take() else { return };
        let head = match doc.ops.get(self.engine.at) {
            Some(Op::Open(Block::Row { head })) if self.engine.at < grid.end => *head,
            _ => {
                self.engine.at = grid.end + 1;
                self.engine.margin = true;
                return;
            }
        };
        let (cells, next) = cells_of(doc, self.engine.at, &mut grid);
        self.engine.at = next;
        if grid.rows > 0 {
            if grid.after_head && !head {
                self.grid_rule(&grid, true);
            } else if grid.tall {
                self.grid_rule(&grid, false);
            }
        }
        grid.rows += 1;
        grid.after_head = head;
        let base = self.lines.len() + usize::from(self.engine.margin && !self.lines.is_empty());
        let mut columns: Vec<(usize, Align, Vec<Vec<Part>>)> = Vec::new();
        let mut column = 0;
        for cell in &cells {
            while column < cell.column {
                columns.push((grid.widths.get(column).copied().unwrap_or(1), Align::Left, Vec::new()));
                column += 1;
            }
            let widths = grid.widths.get(column..(column + cell.columns).min(grid.widths.len())).unwrap_or_default();
            let columns_wide = widths.iter().sum::<usize>() + 3 * widths.len().saturating_sub(1);
            let lines = self.cell(doc, cell, columns_wide.max(1), base);
            columns.push((columns_wide.max(1), cell.align, lines));
            column += cell.columns.max(1);
        }
        let height = columns.iter().map(|(.., lines)| lines.len()).max().unwrap_or(0).max(1);
        let bar = if self.engine.options.ascii { " | " } else { " │ " };
        let mut rows: Vec<Vec<Part>> = Vec::new();
        for at in 0..height {
            let mut line = Vec::new();
            for (number, (columns_wide, align, lines)) in columns.iter_mut().enumerate() {
                if number > 0 {
                    push_part(&mut line, bar, Look::plain(Role::TableBorder));
                }
                let content = lines.get_mut(at).map(std::mem::take).unwrap_or_default();
                let used: usize = content.iter().map(|part| width(&part.text)).sum();
                let spare = columns_wide.saturating_sub(used);
                let left = match align {
                    Align::Left => 0,
                    Align::Center => spare / 2,
                    Align::Right => spare,
                };
                push_part(&mut line, &" ".repeat(left), Look::plain(Role::Text));
                line.extend(content);
                push_part(&mut line, &" ".repeat(spare - left), Look::plain(Role::Text));
            }
            rows.push(line);
        }
        for row in rows {
            self.emit(row);
        }
        self.engine.grid = Some(grid);
    }

    fn grid_rule(&mut self, grid: &Grid, below_head: bool) {
        let (dash, cross) = match (self.engine.options.ascii, below_head) {
            (true, true) => ("=", "=+="),
            (true, false) => ("-", "-+-"),
            (false, true) => ("═", "═╪═"),
            (false, false) => ("─", "─┼─"),
        };
        let rule = grid.widths.iter().map(|&columns| dash.repeat(columns)).collect::<Vec<_>>().join(cross);
        self.emit(vec![Part::new(rule, Role::TableBorder)]);
    }

    /// Lays out a cell by itself. Its links and the like are taken over as they will stand.
    fn cell(&mut self, doc: &Doc, cell: &CellAt, columns: usize, base: usize) -> Vec<Vec<Part>> {
        let mut options = self.engine.options.clone();
        options.width = u16::try_from(columns).unwrap_or(u16::MAX);
        options.text_width = options.width;
        let head = doc.ops.get(cell.from).copied();
        let mut inner = Layout {
            engine: Engine {
                options,
                at: cell.from + 1,
                end: cell.to,
                in_cell: true,
                code_count: self.engine.code_count,
                ..Engine::default()
            },
            ..Layout::default()
        };
        if let Some(Op::Open(block)) = head {
            inner.engine.frames.push(Frame { block, prefixes: 0 });
        }
        inner.extend_to(doc, usize::MAX);
        self.engine.code_count = inner.engine.code_count;
        let shift = u32::try_from(self.links.len()).unwrap_or(u32::MAX);
        let at = |line: usize| if line == usize::MAX { base } else { base + line };
        self.links.extend(inner.links.into_iter().map(|mut link| {
            link.line = at(link.line);
            link
        }));
        self.images.extend(inner.images.into_iter().map(|mut image| {
            image.line = at(image.line);
            image
        }));
        self.headings.extend(inner.headings.into_iter().map(|mut heading| {
            heading.line = at(heading.line);
            heading
        }));
        self.codes.extend(inner.codes.into_iter().map(|mut code| {
            code.line = at(code.line);
            code
        }));
        self.notes.extend(inner.notes.into_iter().map(|mut note| {
            note.line = at(note.line);
            note
        }));
        inner
            .lines
            .into_iter()
            .map(|line| {
                line.spans
                    .into_iter()
                    .map(|span| Part {
                        text: span.text.as_str().to_owned(),
                        look: Look {
                            role: span.role,
                            emphasis: span.emphasis,
                            link: span.link.map(|link| link.saturating_add(shift)),
                            image: None,
                        },
                    })
                    .collect()
            })
            .collect()
    }
}

/// The cells of the row that begins at `at`, and the operation after it.
fn cells_of(doc: &Doc, at: usize, grid: &mut Grid) -> (Vec<CellAt>, usize) {
    let total = grid.widths.len();
    let mut cells = Vec::new();
    let mut depth = 0_usize;
    let mut next = at;
    let mut column = 0;
    let mut reach = std::mem::take(&mut grid.reach);
    let mut ahead = reach.clone();
    for rows in &mut ahead {
        *rows = rows.saturating_sub(1);
    }
    while let Some(op) = doc.ops.get(next) {
        next += 1;
        match op {
            Op::Open(block) => {
                if let Block::Cell { align, columns, rows, .. } = block
                    && depth == 1
                {
                    while reach.get(column).is_some_and(|&rows| rows > 0) {
                        column += 1;
                    }
                    let columns = usize::from(*columns).min(total.saturating_sub(column)).max(1);
                    for at in column..column + columns {
                        if let (Some(ahead), Some(here)) = (ahead.get_mut(at), reach.get_mut(at)) {
                            *ahead = rows - 1;
                            *here = 0;
                        }
                    }
                    cells.push(CellAt { column, columns, align: *align, from: next - 1, to: next - 1 });
                    column += columns;
                }
                depth += 1;
            }
            Op::Close => {
                depth = depth.saturating_sub(1);
                if depth == 1
                    && let Some(cell) = cells.last_mut()
                {
                    cell.to = next - 1;
                }
                if depth == 0 {
                    break;
                }
            }
            _ => {}
        }
    }
    grid.reach = ahead;
    (cells, next)
}

/// The columns of a table in which cells reach over rows: those they reach into count in the rows below.
fn spanned_columns(doc: &Doc, mut at: usize, end: usize, room: usize) -> usize {
    let mut most = 0;
    let mut grid =
        Grid { widths: vec![0; room + 2000], end, reach: vec![0; room], tall: false, rows: 0, after_head: false };
    while at < end && most * 5 <= room + 3 {
        let (cells, next) = cells_of(doc, at, &mut grid);
        most = cells.iter().map(|cell| cell.column + cell.columns).fold(most, usize::max);
        at = next;
    }
    most
}

/// What the columns need, from the first rows.
fn measure(doc: &Doc, from: usize, end: usize, columns: usize, ascii: bool) -> Vec<Need> {
    let mut needs = vec![Need::default(); columns];
    let mut depth = 0_usize;
    let mut rows = 0;
    let mut bytes = 0;
    let mut column = 0;
    let mut counts = true;
    let mut indent = 0;
    let (mut line, mut word) = (0_usize, 0_usize);
    let mut cell = Need::default();
    for op in doc.ops.get(from..end).unwrap_or_default() {
        match op {
            Op::Open(block) => {
                match block {
                    Block::Row { .. } if depth == 0 => {
                        column = 0;
                        rows += 1;
                    }
                    Block::Cell { columns, .. } if depth == 1 => {
                        cell = Need::default();
                        counts = *columns == 1;
                        (line, word, indent) = (0, 0, 0);
                    }
                    Block::Quote | Block::Item { .. } | Block::Heading(_) | Block::Description => {
                        indent += 4;
                        cell.least = cell.least.max(20);
                        cell.natural = cell.natural.max(20);
                    }
                    _ => {}
                }
                depth += 1;
            }
            Op::Close => {
                depth = depth.saturating_sub(1);
                cell.natural = cell.natural.max(line + indent);
                cell.least = cell.least.max(word + indent);
                (line, word) = (0, 0);
                if depth == 1 {
                    if counts && let Some(need) = needs.get_mut(column) {
                        need.least = need.least.max(cell.least);
                        need.natural = need.natural.max(cell.natural);
                    }
                    column += 1;
                }
                if depth == 0 && (rows >= SAMPLE_ROWS || bytes > SAMPLE_BYTES) {
                    break;
                }
            }
            Op::Run(run) => {
                let super::Run { piece, style, .. } = doc.run(*run);
                let text = doc.piece(piece);
                bytes += text.len();
                word += usize::from(style.has(super::Style::SUP) || style.has(super::Style::SUB));
                line += usize::from(style.has(super::Style::SUP) || style.has(super::Style::SUB));
                for (at, part) in text.split(' ').enumerate() {
                    if at > 0 {
                        cell.least = cell.least.max(word);
                        word = 0;
                        line += 1;
                    }
                    let columns = width(part);
                    line += columns;
                    word += if part.is_ascii() { columns } else { columns.min(word_part(part)) };
                }
            }
            Op::Break => {
                cell.natural = cell.natural.max(line);
                cell.least = cell.least.max(word);
                (line, word) = (0, 0);
            }
            Op::LinkEnd(link) => {
                if let Some(info) = doc.link(*link).filter(|info| info.shows_target) {
                    cell.least = cell.least.max(word);
                    word = width(&target_text(&info.target, ascii));
                    line += word + 1 + usize::from(info.misleads) * 3;
                }
            }
            Op::Image(image) => {
                if let Some(info) = doc.images.get(*image as usize) {
                    let text = image_text(info.noun, &info.caption, info.size, ascii);
                    line += width(&text) + 1;
                    cell.least = cell.least.max(text.split(' ').map(width).max().unwrap_or(0));
                }
            }
            Op::Check(_) => line += 4,
            Op::Note(note) => {
                // In brackets
                let Some(&note) = doc.notes.get(*note as usize) else { continue };
                let text = super::note_text(doc, note);
                let widest = text.split(' ').map(width).max().unwrap_or(0);
                cell.least = cell.least.max(word).max(widest + 1 + indent);
                cell.natural = cell.natural.max(line).max(width(&text) + 2 + indent);
                (line, word) = (0, 0);
            }
            Op::Code(code) => {
                if let Some(code) = doc.codes.get(*code as usize) {
                    let text = doc.piece(code.text);
                    let text = text.get(..text.floor_char_boundary(4096)).unwrap_or_default();
                    bytes += text.len();
                    let columns = text.lines().map(width).max().unwrap_or(0) + 2;
                    cell.least = cell.least.max(columns.min(20));
                    cell.natural = cell.natural.max(columns.max(12));
                }
            }
            _ => {}
        }
    }
    needs
}

/// Columns of the widest piece of a word that a line cannot break.
fn word_part(word: &str) -> usize {
    let wide = word.chars().filter(|&c| unicode_width::UnicodeWidthChar::width(c) == Some(2)).count();
    if wide * 2 > word.chars().count() { 8 } else { usize::MAX }
}
