//! In which lists a record is: what makes a look-up by key take the same time however much is loaded.

use std::collections::HashMap;

use crate::model::{ListKey, RecordKey};

/// The lists of each record. Nearly all records are in one; one that moved to another client is in two until both lists
/// were requested again.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// The lists that were ever filled, so that a place is a small number
    lists: Vec<ListKey>,
    numbers: HashMap<ListKey, u32>,
    first: HashMap<RecordKey, u32>,
    more: HashMap<RecordKey, Vec<u32>>,
}

impl Places {
    /// Notes that a list has these records.
    pub(super) fn add(&mut self, list: ListKey, records: impl Iterator<Item = RecordKey>) {
        let next = u32::try_from(self.lists.len()).expect("nobody opens four billion lists");
        let number = *self.numbers.entry(list).or_insert(next);
        if number == next {
            self.lists.push(list);
        }
        for key in records {
            let first = *self.first.entry(key).or_insert(number);
            if first != number {
                let more = self.more.entry(key).or_default();
                if !more.contains(&number) {
                    more.push(number);
                }
            }
        }
    }

    /// The lists in which a record is or was.
    pub(super) fn of(&self, key: RecordKey) -> impl Iterator<Item = ListKey> + '_ {
        let more = self.more.get(&key).map(Vec::as_slice).unwrap_or_default();
        let numbers = self.first.get(&key).into_iter().chain(more);
        numbers.filter_map(|&number| self.lists.get(usize::try_from(number).ok()?).copied())
    }
}
