//! The rows of a table that is drawn as a grid.

use super::engine::{Engine, Frame, Grid, Layout};
use super::strip::{Look, Strip};
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

/// Lists of lines kept for later cells.
const MOST_SPARE: usize = 16;

/// A cell that is laid out: its columns, and its lines.
struct Drawn {
    columns: usize,
    align: Align,
    lines: Vec<Strip>,
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
        let cells = self.row_cells(doc, &grid, &cells);
        self.row_lines(cells);
        self.engine.grid = Some(grid);
    }

    /// Lays the cells of a row out.
    fn row_cells(&mut self, doc: &Doc, grid: &Grid, cells: &[CellAt]) -> Vec<Drawn> {
        let base = self.count() + usize::from(self.engine.margin && self.count() > 0);
        let mut drawn = Vec::with_capacity(grid.widths.len());
        let mut column = 0;
        for cell in cells {
            while column < cell.column {
                let columns = grid.widths.get(column).copied().unwrap_or(1);
                drawn.push(Drawn { columns, align: Align::Left, lines: Vec::new() });
                column += 1;
            }
            let widths = grid.widths.get(column..(column + cell.columns).min(grid.widths.len())).unwrap_or_default();
            let columns = (widths.iter().sum::<usize>() + 3 * widths.len().saturating_sub(1)).max(1);
            let lines = self.cell(doc, cell, columns, base);
            drawn.push(Drawn { columns, align: cell.align, lines });
            column += cell.columns.max(1);
        }
        drawn
    }

    /// Writes the lines of a row, the cells beside each other.
    fn row_lines(&mut self, mut cells: Vec<Drawn>) {
        let height = cells.iter().map(|cell| cell.lines.len()).max().unwrap_or(0).max(1);
        let bar = if self.engine.options.ascii { " | " } else { " │ " };
        let blank = Look::plain(Role::Text);
        for at in 0..height {
            let mut line = self.strip();
            for (number, cell) in cells.iter_mut().enumerate() {
                if number > 0 {
                    line.push(bar, Look::plain(Role::TableBorder));
                }
                let content = cell.lines.get_mut(at).map(std::mem::take).unwrap_or_default();
                let spare = cell.columns.saturating_sub(content.width());
                let left = match cell.align {
                    Align::Left => 0,
                    Align::Center => spare / 2,
                    Align::Right => spare,
                };
                line.push_blanks(left, blank);
                line.append(&content);
                line.push_blanks(spare - left, blank);
                self.give_back(content);
            }
            self.emit(line);
        }
        self.engine.spare_lines.extend(cells.into_iter().map(|cell| cell.lines).filter(|lines| lines.capacity() > 0));
        self.engine.spare_lines.iter_mut().for_each(Vec::clear);
        self.engine.spare_lines.truncate(MOST_SPARE);
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
        self.emit(Strip::new(rule, Role::TableBorder));
    }

    /// Lays out a cell alone. Its links and other marks keep their final places.
    fn cell(&mut self, doc: &Doc, cell: &CellAt, columns: usize, base: usize) -> Vec<Strip> {
        let outer = &mut self.engine;
        let width = u16::try_from(columns).unwrap_or(u16::MAX);
        let before = (outer.options.width, outer.options.text_width);
        let mut options = std::mem::take(&mut outer.options);
        (options.width, options.text_width) = (width, width);
        let mut inner = Layout {
            engine: Engine {
                options,
                at: cell.from + 1,
                end: cell.to,
                in_cell: true,
                code_count: outer.code_count,
                flow: std::mem::take(&mut outer.flow),
                frames: std::mem::take(&mut outer.spare_frames),
                strips: outer.spare_lines.pop().unwrap_or_default(),
                ..Engine::default()
            },
            ..Layout::default()
        };
        if let Some(Op::Open(block)) = doc.ops.get(cell.from).copied() {
            inner.engine.frames.push(Frame { block, prefixes: 0 });
        }
        inner.extend_to(doc, usize::MAX);
        let outer = &mut self.engine;
        outer.code_count = inner.engine.code_count;
        outer.options = std::mem::take(&mut inner.engine.options);
        (outer.options.width, outer.options.text_width) = before;
        outer.flow = std::mem::take(&mut inner.engine.flow);
        outer.spare_frames = std::mem::take(&mut inner.engine.frames);
        outer.spare_frames.clear();
        let mut strips = std::mem::take(&mut inner.engine.strips);
        if !inner.links.is_empty() || !inner.images.is_empty() {
            let shift = u32::try_from(self.links.len()).unwrap_or(u32::MAX);
            for part in strips.iter_mut().flat_map(|strip| &mut strip.parts) {
                part.look.link = part.look.link.map(|link| link.saturating_add(shift));
                part.look.image = None;
            }
        }
        self.take_over(inner, base);
        strips
    }

    /// Takes over what is noted of a cell. Its lines begin at `base`.
    fn take_over(&mut self, inner: Layout, base: usize) {
        fn moved<T>(all: &mut Vec<T>, more: Vec<T>, base: usize, line: impl Fn(&mut T) -> &mut usize) {
            all.extend(more.into_iter().map(|mut one| {
                let at = line(&mut one);
                *at = if *at == usize::MAX { base } else { base + *at };
                one
            }));
        }
        moved(&mut self.links, inner.links, base, |link| &mut link.line);
        moved(&mut self.images, inner.images, base, |image| &mut image.line);
        moved(&mut self.headings, inner.headings, base, |heading| &mut heading.line);
        moved(&mut self.anchors, inner.anchors, base, |anchor| &mut anchor.line);
        moved(&mut self.codes, inner.codes, base, |code| &mut code.line);
        moved(&mut self.notes, inner.notes, base, |note| &mut note.line);
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
