//! Tables that are too wide for a grid: each row a record, each cell behind the label of its column.

use super::engine::{Above, Frame, Label, Layout, Pairs};
use super::flow::Flow;
use super::simple::{MAX_LABEL, close_of, longest_word, simple_text};
use super::strip::{Look, Strip};
use super::types::Role;
use crate::doc::{Block, Doc, Op, Table};

/// Operations of a head that are looked at.
const MAX_HEAD: usize = 1_000_000;

impl Layout {
    /// Begins a table whose rows come as records. Its head is remembered and skipped.
    pub(super) fn begin_pairs(&mut self, doc: &Doc, table: &Table, end: usize) {
        let columns = table.places.clone();
        let mut labels = vec![Label::default(); columns.len()];
        let (mut at, mut plain, mut heads) = (self.engine.at + 1, columns.len() > 0, 0);
        let limit = end.min(at + MAX_HEAD);
        while at < limit
            && let Some(Op::Open(Block::Row { head: true, .. })) = doc.ops.get(at)
        {
            heads += 1;
            at += 1;
            while let Some(Op::Open(Block::Cell { column, columns: covered, .. })) = doc.ops.get(at) {
                let text = simple_text(doc, at);
                plain &= text.is_some();
                let (first, count) = columns.of(*column, *covered);
                let text = text.unwrap_or_default();
                for label in labels.iter_mut().skip(first).take(count).filter(|_| !text.is_empty()) {
                    let above = std::mem::replace(&mut label.name, text.clone());
                    if !above.is_empty() && label.group.len() < MAX_LABEL {
                        label.group = if label.group.is_empty() { above } else { format!("{}, {above}", label.group) };
                    }
                }
                at = close_of(doc, at, limit) + 1;
            }
            at += 1;
        }
        // A head without any row below it is all there is, and one that holds more than words is no label: it stays.
        let skipped = heads > 0 && plain && at < end;
        if skipped {
            self.engine.frames.push(Frame {
                block: doc.ops.get(self.engine.at).map_or(Block::Definitions, |op| match op {
                    Op::Open(block) => *block,
                    _ => Block::Definitions,
                }),
                prefixes: self.engine.prefixes.len(),
            });
            self.engine.at = at - 1;
            self.engine.skipped_head = true;
        } else {
            labels.clear();
        }
        let above = vec![Above::default(); columns.len()];
        self.engine.pairs.push(Pairs { columns, labels, above, first: true, ..Pairs::default() });
    }

    /// A row begins.
    pub(super) fn pairs_row(&mut self, doc: &Doc, parted: bool) {
        let headed = matches!(doc.ops.get(self.engine.at + 1), Some(Op::Open(Block::Cell { look, .. })) if look.head());
        let Some(pairs) = self.engine.pairs.last_mut() else { return };
        pairs.next = 0;
        pairs.group.clear();
        pairs.row_label.clear();
        if parted {
            pairs.above.fill(Above::default());
        }
        // Rows with a label of their own are lines of one list.
        self.engine.margin |= !headed || !pairs.labels.is_empty();
    }

    /// A cell begins. True: it is the label of its row, and its operations are taken care of.
    pub(super) fn pairs_cell(&mut self, doc: &Doc, cell: Block) -> bool {
        let Block::Cell { look, column, columns: covered, rows } = cell else { return false };
        let Some(pairs) = self.engine.pairs.last() else { return false };
        if pairs.columns.len() == 0 {
            return false;
        }
        let at = self.engine.at;
        let (first, count) = pairs.columns.of(column, covered);
        self.pairs_until(first);
        let text = simple_text(doc, at);
        let Some(pairs) = self.engine.pairs.last_mut() else { return false };
        pairs.next = first + count;
        let text_above = if rows == 1 { String::new() } else { text.clone().unwrap_or_default() };
        for above in pairs.above.iter_mut().skip(first).take(count) {
            *above = Above { text: String::new(), rows: if rows == 0 { u16::MAX } else { rows - 1 } };
        }
        if let Some(above) = pairs.above.get_mut(first) {
            above.text = text_above;
        }
        if pairs.labels.is_empty() && look.head() {
            let end = close_of(doc, at, at + 256);
            let next = doc.ops.get(end + 1..end + 3);
            if let (Some(text), Some([Op::Open(Block::Cell { look, .. }), inside])) = (&text, next)
                && !text.is_empty()
                && !look.head()
                && !matches!(inside, Op::Close)
            {
                pairs.row_label.clone_from(text);
                self.engine.at = end + 1;
                return true;
            }
        }
        let everywhere = count > 1 && count == pairs.columns.len();
        pairs.title |= everywhere;
        let empty = matches!(doc.ops.get(at + 1), Some(Op::Close));
        let (group, name) = if everywhere { Default::default() } else { pairs.label(first, count) };
        let first_record = pairs.first;
        if name.is_empty() || (empty && !first_record) {
            return false;
        }
        self.pairs_group(&group);
        let indent = if group.is_empty() { 0 } else { 2 };
        if indent > 0 {
            self.engine.push_prefix(Strip::blank(2), Strip::blank(2), indent);
        }
        let head = Strip::new(format!("{name}: "), Role::TableHead);
        let room = self.engine.room();
        // The other lines of the value are indented a little, unless that would break a word.
        let hang = 2.min(room.saturating_sub(longest_word(doc, at).min(room)));
        let blank = Strip::blank(hang);
        // The first line of the value follows the label, the others are below it.
        if empty || (head.width() <= room / 2 && room > 12) {
            self.engine.marks.push(head);
            self.engine.push_prefix(Strip::default(), blank, hang);
        } else {
            self.wrapped(&head.text, Role::TableHead);
            self.engine.indent(blank.clone(), Some(blank), false);
        }
        false
    }

    /// A row ends.
    pub(super) fn pairs_row_ends(&mut self) {
        let Some(pairs) = self.engine.pairs.last() else { return };
        self.pairs_until(pairs.columns.len());
        if let Some(pairs) = self.engine.pairs.last_mut() {
            pairs.first &= std::mem::take(&mut pairs.title);
        }
    }

    /// The table ends. Labels that no record has shown are shown now.
    pub(super) fn pairs_end(&mut self) {
        if let Some(pairs) = self.engine.pairs.last_mut().filter(|pairs| pairs.first) {
            pairs.above.fill(Above::default());
            pairs.next = 0;
            let columns = pairs.columns.len();
            self.pairs_until(columns);
        }
        self.engine.pairs.pop();
    }

    /// What belongs to the columns before the next cell: texts that reach down, and labels without any cell.
    fn pairs_until(&mut self, column: usize) {
        while let Some(pairs) = self.engine.pairs.last_mut()
            && pairs.next < column
        {
            let at = pairs.next;
            pairs.next += 1;
            let Some(above) = pairs.above.get_mut(at) else { continue };
            let reached = above.rows > 0;
            let text = if reached { above.text.clone() } else { String::new() };
            if reached && above.rows < u16::MAX {
                above.rows -= 1;
            }
            let (group, name) = pairs.label(at, 1);
            if text.is_empty() && (reached || !pairs.first || name.is_empty()) {
                continue;
            }
            self.pairs_group(&group);
            let indent = if group.is_empty() { 0 } else { 2 };
            let mut flow = Flow::new(self.engine.text_room().saturating_sub(indent));
            let label = if name.is_empty() { String::new() } else { format!("{name}: ") };
            for (part, role) in [(label.as_str(), Role::TableHead), (text.as_str(), Role::Text)] {
                flow.push_all(part, Look::plain(role));
            }
            flow.finish();
            for line in flow.done {
                if indent == 0 {
                    self.emit(line);
                    continue;
                }
                let mut indented = Strip::blank(indent);
                indented.append(&line);
                self.emit(indented);
            }
        }
    }

    /// Says what the next label belongs to, where that is new.
    fn pairs_group(&mut self, group: &str) {
        let Some(pairs) = self.engine.pairs.last_mut() else { return };
        if pairs.group == group {
            return;
        }
        group.clone_into(&mut pairs.group);
        if !group.is_empty() {
            self.wrapped(group, Role::TableHead);
        }
    }
}

impl Pairs {
    /// What a cell's columns belong to and are called.
    fn label(&self, first: usize, count: usize) -> (String, String) {
        if self.labels.is_empty() {
            return (String::new(), self.row_label.clone());
        }
        let covered = self.labels.get(first..(first + count).min(self.labels.len())).unwrap_or_default();
        let joined = |texts: &mut dyn Iterator<Item = &String>| {
            let mut all: Vec<&str> = Vec::new();
            let mut bytes = 0;
            // A head cell may span as many columns as the cell below it.
            for text in texts.filter(|text| !text.is_empty()) {
                if bytes < MAX_LABEL * 4 && !all.contains(&text.as_str()) {
                    all.push(text);
                    bytes += text.len();
                }
            }
            all.join(", ")
        };
        let group = joined(&mut covered.iter().map(|label| &label.group));
        let name = joined(&mut covered.iter().map(|label| &label.name));
        (group, name)
    }
}
