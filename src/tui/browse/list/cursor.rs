//! The cursor of a pane: it stays on its record whatever happens to the rows around it.

use std::sync::Arc;

use super::{ListPane, RowId, ViewRow};
use crate::present::row::Sort;
use crate::tui::target::Group;
use crate::tui::widgets::field::Field;
use gluepot_core::library::Library;
use gluepot_core::model::{OrganizationId, Record, RecordKey};

impl ListPane {
    /// What a row is.
    pub fn row_id(row: &ViewRow, store: &Library) -> Option<RowId> {
        Some(match row {
            ViewRow::Record { list, at, .. } => RowId::Record(store.list(*list).rows.get(*at)?.key()),
            ViewRow::Group { group, .. } => RowId::Group(*group),
            ViewRow::Unreadable { list, at } => RowId::Unreadable(*list, *at),
            ViewRow::Weak => return None,
        })
    }

    pub(super) fn position(&self, id: RowId, store: &Library) -> Option<usize> {
        self.rows.iter().position(|row| Self::row_id(row, store) == Some(id))
    }

    pub(super) fn find_anchor(&mut self, store: &Library) {
        if let Some(anchor) = self.anchor
            && let Some(at) = self.position(anchor, store)
        {
            // The rows may have moved under the cursor: it keeps its place on the screen.
            let from_top = self.selected.saturating_sub(self.offset);
            self.selected = at;
            self.offset = at.saturating_sub(from_top);
        } else {
            // The row chosen by hand is not among these: it is remembered, so that the cursor returns to it when
            // the filter goes away. Before the user chose, the cursor stays at the top while rows arrive.
            self.selected = self.selected.min(self.rows.len().saturating_sub(1));
            if !self.filter.text().is_empty()
                && matches!(self.selected_row(), Some(ViewRow::Group { .. } | ViewRow::Weak))
            {
                self.selected = self.first_record();
            }
        }
    }

    /// The first row that is not a heading: what a filter is typed for.
    fn first_record(&self) -> usize {
        self.rows.iter().position(|row| !matches!(row, ViewRow::Group { .. } | ViewRow::Weak)).unwrap_or(0)
    }

    /// The row under the cursor.
    pub fn selected_row(&self) -> Option<&ViewRow> {
        self.rows.get(self.selected)
    }

    /// The position of the cursor.
    pub fn selected(&self) -> usize {
        self.selected
    }

    /// The record under the cursor.
    pub fn selected_record<'a>(&self, store: &'a Library) -> Option<&'a Arc<Record>> {
        match self.selected_row()? {
            ViewRow::Record { list, at, .. } => store.list(*list).rows.get(*at),
            _ => None,
        }
    }

    /// Moves the cursor to a row. Says whether it moved.
    pub fn select(&mut self, at: usize, store: &Library) -> bool {
        let mut at = at.min(self.rows.len().saturating_sub(1));
        // The cursor cannot rest on a dividing line; there is always a row below it.
        at += usize::from(matches!(self.rows.get(at), Some(ViewRow::Weak)));
        let moved = at != self.selected;
        self.selected = at;
        self.anchor = self.rows.get(at).and_then(|row| Self::row_id(row, store));
        moved
    }

    /// Moves the cursor by a number of rows. Says whether it moved.
    pub fn step(&mut self, by: isize, store: &Library) -> bool {
        let mut to = self.selected.saturating_add_signed(by);
        if by < 0 && matches!(self.rows.get(to), Some(ViewRow::Weak)) {
            to = to.saturating_sub(1);
        }
        self.select(to, store)
    }

    /// Puts the cursor on a record, unfolding what hides it. Says whether it is in the list.
    pub fn select_record(&mut self, key: RecordKey, organization: Option<OrganizationId>, store: &Library) -> bool {
        self.anchor = Some(RowId::Record(key));
        if let Some(at) = self.position(RowId::Record(key), store) {
            self.select(at, store);
            return true;
        }
        let record = self.sources(organization, store).into_iter().find_map(|list| {
            let list = store.list(list);
            list.get(key.id).filter(|record| record.kind() == key.kind)
        });
        let Some(record) = record else { return false };
        // It is there but not shown: behind a filter, archived, or in a folded folder.
        if record.is_archived() {
            self.archived = true;
        }
        if !self.filter.text().is_empty() {
            self.filter = Field::default();
            self.filtering = false;
        }
        self.toggled.clear();
        self.folds += 1;
        self.sync(organization, store);
        self.position(RowId::Record(key), store).is_some_and(|at| {
            self.select(at, store);
            true
        })
    }

    /// Puts the cursor on a heading, unfolding what hides it. Says whether it is there; if not, the cursor goes to it
    /// as soon as it arrives.
    pub fn select_group(&mut self, group: Group, organization: Option<OrganizationId>, store: &Library) -> bool {
        self.clear_filter();
        self.toggled.clear();
        self.folds += 1;
        self.sort = Sort::Name;
        self.sync(organization, store);
        self.anchor = Some(RowId::Group(group));
        self.position(RowId::Group(group), store).is_some_and(|at| {
            self.select(at, store);
            true
        })
    }

    /// Folds or unfolds the heading under the cursor, or the one that contains the row. Says whether anything changed.
    pub fn fold(&mut self, open: bool, store: &Library) -> bool {
        match self.selected_row() {
            Some(ViewRow::Group { group, open: is_open, count, depth, .. }) => {
                let depth = *depth;
                if open && *is_open && self.rows.get(self.selected + 1).is_some_and(|row| row.depth() > depth) {
                    // Open already: on into it.
                    return self.select(self.selected + 1, store);
                }
                if *is_open == open || *count == Some(0) {
                    return false;
                }
                let group = *group;
                self.toggle(group);
                true
            }
            Some(ViewRow::Record { depth, .. }) if !open && *depth > 0 => {
                let depth = *depth;
                let parent = self.rows[..self.selected]
                    .iter()
                    .rposition(|row| matches!(row, ViewRow::Group { depth: d, .. } if *d < depth));
                parent.is_some_and(|at| self.select(at, store))
            }
            _ => false,
        }
    }

    /// Turns a heading around.
    pub fn toggle(&mut self, group: Group) {
        if !self.toggled.remove(&group) {
            self.toggled.insert(group);
        }
        self.folds += 1;
    }

    /// Brings the cursor into view for a height in rows, and leaves no needless empty rows at the end.
    pub fn scroll_into_view(&mut self, height: usize) {
        if height == 0 {
            return;
        }
        // Near the edge the view moves by a few rows at once, not by one: a held key then repaints the list once
        // in a few steps, which a slow line feels.
        let jump = (height / 4).clamp(1, 8);
        if self.selected < self.offset {
            self.offset = self.selected.saturating_sub(jump - 1);
        } else if self.selected >= self.offset + height {
            self.offset = self.selected + jump - height;
        }
        self.offset = self.offset.min(self.rows.len().saturating_sub(height));
    }

    /// Whether the cursor is so near to the end of what is loaded that more should come soon.
    pub fn is_near_end(&self, page: usize) -> bool {
        self.selected + page >= self.rows.len()
    }

    /// After the filter changed: the cursor stays on its record when that still matches and was chosen by hand,
    /// else it goes to the best hit.
    pub fn keep_or_top(&mut self, store: &Library) {
        if self.anchor.is_none_or(|anchor| self.position(anchor, store).is_none()) {
            self.selected = self.first_record();
            self.offset = 0;
        }
    }

    /// The filter was set from outside: the cursor goes to the best hit.
    pub fn filter_typed(&mut self) {
        self.anchor = None;
        self.selected = 0;
        self.offset = 0;
    }
}
