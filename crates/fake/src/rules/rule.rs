//! What is peculiar to the records of one table, in a write that is otherwise like every other.

use super::writer::Writer;
use crate::answer::Answer;
use crate::world::{Attributes, Table};

/// A row that becomes what a request says.
pub(super) struct Change<'a> {
    /// The table of the row
    pub table: Table,
    /// Its id
    pub id: u64,
    /// The row
    pub row: &'a mut Attributes,
    /// What the request says
    pub input: &'a Attributes,
    /// Whether the row is not in its table yet
    pub new: bool,
}

/// The rules of a table. By default a table does nothing at each step.
pub(super) trait Rules: Sync {
    /// Whether an attribute is computed, so that what a request says about it is ignored.
    fn computes(&self, _key: &str) -> bool {
        false
    }

    /// Whether an attribute stays what it was at the beginning.
    fn fixes(&self, key: &str) -> bool {
        key == "flexible-asset-type-id"
    }

    /// Refuses a new record by what the request says about it.
    fn admit(&self, _writer: &Writer<'_>, _input: &Attributes) -> Result<(), Answer> {
        Ok(())
    }

    /// Makes a new record in its own way, a file for example. `scope` is the record of the nested path.
    fn make(
        &self,
        _writer: &mut Writer<'_>,
        _scope: Option<(Table, u64)>,
        _input: &Attributes,
    ) -> Option<Result<u64, Answer>> {
        None
    }

    /// What a new row has before anything of the request is in it.
    fn begin(&self, _writer: &Writer<'_>, _change: &mut Change<'_>) -> Result<(), Answer> {
        Ok(())
    }

    /// Refuses a row that lacks what its table cannot do without.
    fn check(&self, _row: &Attributes) -> Result<(), Answer> {
        Ok(())
    }

    /// Everything computed that follows from what was set.
    fn finish(&self, _writer: &Writer<'_>, _change: &mut Change<'_>) -> Result<(), Answer> {
        Ok(())
    }

    /// The last touch to a new row.
    fn complete(&self, _writer: &Writer<'_>, _change: &mut Change<'_>) -> Result<(), Answer> {
        Ok(())
    }

    /// A new row is in its table: what follows for others.
    fn made(&self, _writer: &mut Writer<'_>, _id: u64) {}

    /// Changes a row in its own way, the draft of a section for example.
    fn change(
        &self,
        _writer: &mut Writer<'_>,
        _id: u64,
        _row: &Attributes,
        _input: &Attributes,
    ) -> Option<Result<(), Answer>> {
        None
    }

    /// A row was changed: what follows for others.
    fn changed(&self, _writer: &mut Writer<'_>, _id: u64) {}

    /// Refuses to change what is synced with a PSA, by what the request says about it.
    fn synced(&self, _input: Option<&Attributes>) -> Result<(), Answer> {
        Err(Answer::invalid("base", "is synced with a PSA and can only be changed there"))
    }

    /// Refuses to delete what is in use. `with` goes in the same request.
    fn keep(&self, _writer: &Writer<'_>, _id: u64, _with: &[u64]) -> Result<(), Answer> {
        Ok(())
    }

    /// Deletes what goes with a record. Says whether the record itself is dealt with as well.
    fn remove(&self, _writer: &mut Writer<'_>, _id: u64) -> bool {
        false
    }
}

/// The rules of a table without special ones.
pub(super) struct Plain;

impl Rules for Plain {}
