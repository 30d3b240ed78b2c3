//! Tables, rows and cells.

use super::builder::{Builder, OpenTable, Outside};
use super::container::MAX_DEPTH;
use super::places::Places;
use super::style::style_value;
use crate::doc::{Align, Block, CellLook, NO_LINK, Note, Op, Part, Style, Table};
use crate::tag::{Attrs, Tag};

/// Tables inside tables inside tables deeper than this are read as plain blocks.
const MAX_TABLES: usize = 32;

impl Builder {
    pub(super) fn start_table(&mut self) {
        self.begin_block(Tag::Table);
        if self.pre.is_some() {
            return;
        }
        if let Some(table) = self.tables.last()
            && table.cell.is_none()
            && self.stack.last().is_some_and(|e| matches!(e.tag, Tag::Table | Tag::Tr))
        {
            self.pop_to(table.entry);
        }
        if self.tables.len() >= MAX_TABLES || self.containers.len() + 3 > MAX_DEPTH || self.skipped_tables > 0 {
            self.flatten(Note::Tables);
            self.skipped_tables += 1;
            return;
        }
        self.ensure_place();
        self.tables.push(OpenTable {
            entry: self.stack.len(),
            row: None,
            cell: None,
            head: false,
            number: None,
            part: Part::None,
            parted: false,
            places: Places::default(),
            foot: None,
            foot_end: None,
            in_foot: false,
            rows: 0,
            heads_above: 0,
            spans_above: false,
            heads: 0,
            cells: 0,
            row_op: 0,
        });
        self.push(Tag::Table, true, false);
    }

    pub(super) fn start_in_table(&mut self, tag: Tag, attrs: &Attrs<'_>) {
        if self.skipped_tables > 0 || self.tables.is_empty() || self.pre.is_some() {
            self.begin_block(tag);
            return;
        }
        self.close_leaf();
        let Some(table) = self.tables.last() else { return };
        let (entry, row, cell) = (table.entry, table.row, table.cell);
        match tag {
            Tag::Td | Tag::Th => {
                // What is between the cells ends here: it came before this cell.
                self.pop_to(cell.or(row.map(|row| row + 1)).unwrap_or(entry + 1));
                if row.is_none() {
                    self.start_row();
                }
                self.start_cell(tag, attrs);
            }
            Tag::Tr => {
                self.pop_to(row.or(cell).unwrap_or(entry + 1));
                self.start_row();
            }
            Tag::Caption => {
                self.pop_to(row.unwrap_or(entry + 1));
                // Above the table when it comes first, as it should; between the rows it would be lost.
                self.set_apart(Tag::Caption);
            }
            _ => {
                self.pop_to(row.unwrap_or(entry + 1));
                if let Some(table) = self.tables.last_mut() {
                    table.head = tag == Tag::Thead;
                    table.parted = true;
                    table.part = match tag {
                        Tag::Thead => Part::Head,
                        Tag::Tfoot => Part::Foot,
                        _ => Part::Body,
                    };
                }
            }
        }
    }

    pub(super) fn start_row(&mut self) {
        let tables = &mut self.doc.tables;
        let Some(table) = self.tables.last_mut() else { return };
        if table.number.is_none() {
            let number = u32::try_from(tables.len()).unwrap_or(u32::MAX);
            tables.push(Table::default());
            table.number = Some(number);
            self.containers.push(self.doc.ops.len());
            self.doc.ops.push(Op::Open(Block::Table(number)));
        }
        table.row = Some(self.stack.len());
        table.heads = 0;
        table.cells = 0;
        table.rows += 1;
        table.row_op = self.doc.ops.len();
        let head = table.head;
        // Only the first foot is one, as in browsers.
        let begins = match table.part {
            Part::Foot if table.foot.is_some_and(|foot| foot < table.row_op) => Part::Body,
            part => part,
        };
        if begins != Part::None {
            table.in_foot = begins == Part::Foot;
            table.places.section();
            if table.foot.is_some() && table.foot_end.is_none() {
                table.foot_end = Some(table.row_op);
            }
            if begins == Part::Foot && table.foot.is_none() {
                table.foot = Some(table.row_op);
            }
        }
        table.places.row();
        self.open_container(Block::Row { head, begins });
        self.push(Tag::Tr, true, false);
    }

    pub(super) fn end_row(&mut self) {
        let Some(table) = self.tables.last_mut() else { return };
        table.row = None;
        table.cell = None;
        if table.cells == 0 {
            // It leaves no trace, so the next one is as much the first as this one was.
            table.rows = table.rows.saturating_sub(1);
            self.keep_row = table.places.is_reached();
            if !self.keep_row {
                table.places.no_row();
                table.foot = table.foot.filter(|&at| at != table.row_op);
                table.foot_end = table.foot_end.filter(|&at| at != table.row_op);
                return;
            }
        }
        table.part = Part::None;
        if table.in_foot {
            // It comes last, so it is not the first row.
            table.rows = table.rows.saturating_sub(u32::from(table.cells > 0));
            return;
        }
        // A first row of nothing but head cells is a head, marked so or not; so is the row below one whose cells span.
        let below = !table.parted && table.spans_above && table.rows == table.heads_above + 1;
        if table.cells > 0
            && table.heads == table.cells
            && (table.rows == 1 || below)
            && let Some(Op::Open(Block::Row { head, .. })) = self.doc.ops.get_mut(table.row_op)
        {
            *head = true;
            table.heads_above += 1;
        }
    }

    pub(super) fn end_table(&mut self, emitted: bool) {
        let Some(table) = self.tables.pop() else { return };
        if let Some(number) = table.number
            && emitted
        {
            if let (Some(foot), Some(end)) = (table.foot, table.foot_end)
                && let Some(rest) = self.doc.ops.get_mut(foot..)
                && rest.len() <= self.move_budget
            {
                // A foot may be written before the body. It is read last.
                self.move_budget -= rest.len();
                rest.rotate_left(end - foot);
            }
            let start = self.containers.last().copied().unwrap_or_default();
            if let Some(info) = self.doc.tables.get_mut(number as usize) {
                info.len = u32::try_from(self.doc.ops.len() - start).unwrap_or(u32::MAX);
                info.columns = table.places.columns;
                info.places = table.places.into_columns();
            }
            self.close_container();
        }
    }

    pub(super) fn start_cell(&mut self, tag: Tag, attrs: &Attrs<'_>) {
        let columns = Attrs::number(attrs.colspan.as_ref()).map_or(1, |n| n.clamp(1, 1000)) as u16;
        let rows = Attrs::number(attrs.rowspan.as_ref()).filter(|&n| n >= 0).map_or(1, |n| n.min(65534)) as u16;
        let style = attrs.style.as_deref().unwrap_or_default();
        let align = attrs.align.as_deref().or_else(|| style_value(style, "text-align")).unwrap_or_default();
        let align = if align.eq_ignore_ascii_case("center") {
            Align::Center
        } else if align.eq_ignore_ascii_case("right") {
            Align::Right
        } else {
            Align::Left
        };
        let entry = self.stack.len();
        let Some(table) = self.tables.last_mut() else { return };
        table.cell = Some(entry);
        table.cells += 1;
        table.heads += u32::from(tag == Tag::Th);
        table.spans_above |= table.rows == table.heads_above + 1 && (columns > 1 || rows != 1);
        let column = table.places.cell(columns, rows, &mut self.span_budget);
        if let Some(number) = table.number
            && let Some(info) = self.doc.tables.get_mut(number as usize)
        {
            info.spans |= columns > 1 || rows != 1;
        }
        self.open_container(Block::Cell { look: CellLook::new(tag == Tag::Th, align), column, columns, rows });
        // A line through a table or row goes through its cells.
        let struck = self.style.has(Style::STRIKE);
        self.set_apart(tag);
        if let Some(entry) = self.stack.last_mut() {
            entry.emitted = true;
        }
        if struck {
            self.turn(Style::STRIKE, true);
        }
    }

    /// Opens an element that keeps counts and formatting of its inside apart.
    pub(super) fn set_apart(&mut self, tag: Tag) {
        self.push(tag, false, false);
        self.outside.push(Outside {
            full: None,
            style: std::mem::take(&mut self.style),
            link: std::mem::replace(&mut self.link, NO_LINK),
        });
        self.heading = 0;
        self.item_open = false;
        self.term_open = false;
    }
}
