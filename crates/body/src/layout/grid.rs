//! The rows of a table that is drawn as a grid.

use super::engine::{Engine, Frame, Grid, Layout};
use super::flow::{Look, Part, push_part, width};
use super::types::Role;
use crate::doc::{self, Align, Block, Columns, Doc, Op};

/// A cell's place and look.
struct CellAt {
    column: usize,
    columns: usize,
    rows: u16,
    align: Align,
    from: usize,
    to: usize,
}

impl Layout {
    /// The next row of the open grid.
    pub(super) fn grid_row(&mut self, doc: &Doc) {
        let Some(mut grid) = self.engine.grid.take() else { return };
        let head = match doc.ops.get(self.engine.at) {
            Some(Op::Open(Block::Row { head, begins })) if self.engine.at < grid.end => {
                if *begins != doc::Part::None {
                    grid.reach.fill(0);
                }
                *head
            }
            _ => {
                self.engine.at = grid.end + 1;
                self.engine.margin = true;
                return;
            }
        };
        let (cells, next) = cells_of(doc, self.engine.at, &grid.columns);
        self.engine.at = next;
        if cells.is_empty() {
            // All of it is reached from above.
            grid.reach.iter_mut().for_each(|rows| *rows = rows.saturating_sub(u16::from(*rows < u16::MAX)));
            self.engine.grid = Some(grid);
            return;
        }
        if grid.rows > 0 {
            if grid.after_head && !head {
                self.grid_rule(&grid, true);
            } else if grid.tall {
                self.grid_rule(&grid, false);
            }
        }
        grid.rows += 1;
        grid.after_head = head;
        grid.reach.iter_mut().for_each(|rows| *rows = rows.saturating_sub(u16::from(*rows < u16::MAX)));
        for cell in &cells {
            let rows = if cell.rows == 0 { u16::MAX } else { cell.rows - 1 };
            for reach in grid.reach.iter_mut().skip(cell.column).take(cell.columns) {
                *reach = rows.max(*reach);
            }
        }
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

    /// A line between two rows. It leaves out what a cell from above reaches over.
    fn grid_rule(&mut self, grid: &Grid, below_head: bool) {
        let (dash, crosses) = match (self.engine.options.ascii, below_head) {
            (true, true) => ("=", ["=+=", "=+ ", " +=", " | "]),
            (true, false) => ("-", ["-+-", "-+ ", " +-", " | "]),
            (false, true) => ("═", ["═╪═", "═╡ ", " ╞═", " │ "]),
            (false, false) => ("─", ["─┼─", "─┤ ", " ├─", " │ "]),
        };
        let mut rule = String::new();
        let mut before = None;
        for (&columns, &reach) in grid.widths.iter().zip(&grid.reach) {
            let open = reach > 0;
            if let Some(before) = before.replace(open) {
                rule.push_str(crosses[usize::from(before) * 2 + usize::from(open)]);
            }
            rule.push_str(&if open { " " } else { dash }.repeat(columns));
        }
        self.emit(vec![Part::new(rule, Role::TableBorder)]);
    }

    /// Lays out a cell alone. Its links and other marks keep their final places.
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
        self.anchors.extend(inner.anchors.into_iter().map(|mut anchor| {
            anchor.line = at(anchor.line);
            anchor
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
fn cells_of(doc: &Doc, at: usize, grid: &Columns) -> (Vec<CellAt>, usize) {
    let mut cells = Vec::new();
    let mut depth = 0_usize;
    let mut next = at;
    while let Some(op) = doc.ops.get(next) {
        next += 1;
        match op {
            Op::Open(block) => {
                if let Block::Cell { look, column, columns, rows } = *block
                    && depth == 1
                {
                    let (column, columns) = grid.of(column, columns);
                    let (from, to) = (next - 1, next - 1);
                    cells.push(CellAt { column, columns, rows, align: look.align(), from, to });
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
    (cells, next)
}
