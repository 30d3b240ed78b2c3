//! Exports: one at a time, and their password never comes back.

use serde_json::Value;

use super::rule::{Change, Rules};
use super::writer::{Writer, is_blank};
use crate::answer::Answer;
use crate::world::Table;

/// Exports.
pub(super) struct Export;

impl Rules for Export {
    fn complete(&self, writer: &Writer<'_>, change: &mut Change<'_>) -> Result<(), Answer> {
        let running = writer
            .world
            .ids(Table::Exports)
            .into_iter()
            .any(|id| writer.lookup(Table::Exports, id, "export-status") == Value::String("processing".into()));
        if running {
            return Err(Answer::invalid("base", "an export is already in progress"));
        }
        change.row.insert("export-status".into(), "processing".into());
        // The archive has a password if one was sent; it never comes back.
        change.row.insert("encrypted-status".into(), (!is_blank(change.input.get("zip-password"))).into());
        Ok(())
    }
}
