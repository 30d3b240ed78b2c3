//! The `included` array of an answer.

use std::collections::HashSet;

use serde_json::{Value, json};

#[derive(Default)]
pub(crate) struct Included {
    seen: HashSet<(String, String)>,
    /// The records
    pub records: Vec<Value>,
}

impl Included {
    /// Adds a record unless it is there, and returns what relationships say of it.
    pub(super) fn add(&mut self, type_name: &str, id: &str, record: impl FnOnce() -> Value) -> Value {
        if self.seen.insert((type_name.to_owned(), id.to_owned())) {
            self.records.push(record());
        }
        json!({"id": id, "type": type_name})
    }
}
