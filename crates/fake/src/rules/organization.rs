//! Organizations and what belongs to them: short names, statuses in use, what a PSA leaves to write; contacts.

use serde_json::Value;

use super::rule::{Change, Rules};
use super::writer::{Writer, is_blank};
use crate::answer::Answer;
use crate::world::{Attributes, Table};

/// What stays writable on an organization that is synced with a PSA.
const OURS: [&str; 3] = ["alert", "description", "quick-notes"];

/// Organizations.
pub(super) struct Organization;

impl Rules for Organization {
    fn computes(&self, key: &str) -> bool {
        key == "parent-id"
    }

    fn finish(&self, _writer: &Writer<'_>, change: &mut Change<'_>) -> Result<(), Answer> {
        if is_blank(change.row.get("short-name")) {
            let name = change.row.get("name").and_then(Value::as_str).unwrap_or_default();
            change.row.insert("short-name".into(), short_name(name).into());
        }
        Ok(())
    }

    /// Configurations show the short name of their organization.
    fn changed(&self, writer: &mut Writer<'_>, id: u64) {
        let short = writer.lookup(Table::Organizations, id, "short-name");
        for row in writer.stored_under(Table::Configurations, (Table::Organizations, id)) {
            if writer.lookup(Table::Configurations, row, "organization-short-name") != short {
                writer.world.edit(Table::Configurations, row, |row| {
                    row.insert("organization-short-name".into(), short.clone());
                });
            }
        }
    }

    /// What the PSA does not know can be changed.
    fn synced(&self, input: Option<&Attributes>) -> Result<(), Answer> {
        let Some(input) = input else {
            return Err(Answer::invalid("base", "is synced with a PSA and can only be changed there"));
        };
        if input.keys().all(|key| key == "id" || OURS.contains(&key.as_str())) {
            return Ok(());
        }
        let detail = "is synced with a PSA: only alert, description and quick_notes can be changed here";
        Err(Answer::invalid("base", detail))
    }

    fn remove(&self, writer: &mut Writer<'_>, id: u64) -> bool {
        for &other in Table::ALL {
            for row in writer.world.under(other, (Table::Organizations, id)) {
                writer.world.remove(other, row);
            }
        }
        false
    }
}

/// Statuses of organizations.
pub(super) struct Status;

impl Rules for Status {
    fn keep(&self, writer: &Writer<'_>, id: u64, _with: &[u64]) -> Result<(), Answer> {
        let table = Table::OrganizationStatuses;
        if writer.lookup(table, id, "synced") == Value::Bool(true) {
            return Err(Answer::error(423, "Locked", "is synced with an adapter", Some("id")));
        }
        let organizations = writer.world.ids(Table::Organizations);
        let mut users = writer.points_at(Table::Organizations, &organizations, "organization-status-id", id);
        if matches!(writer.world.name(table, id).as_str(), "Active" | "Inactive") || users.next().is_some() {
            return Err(Answer::invalid("base", "is in use"));
        }
        Ok(())
    }
}

/// Contacts: their name is put together.
pub(super) struct Contact;

impl Rules for Contact {
    fn computes(&self, key: &str) -> bool {
        key == "name"
    }

    fn finish(&self, _writer: &Writer<'_>, change: &mut Change<'_>) -> Result<(), Answer> {
        let part = |key: &str| change.row.get(key).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
        let name = format!("{} {}", part("first-name"), part("last-name")).trim().to_owned();
        change.row.insert("name".into(), name.into());
        Ok(())
    }
}

/// A short name for an organization without one: its initials, or the beginning of its only word.
fn short_name(name: &str) -> String {
    let words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let short: String = match words.as_slice() {
        [word] => word.chars().take(4).collect(),
        words => words.iter().filter_map(|word| word.chars().next()).take(6).collect(),
    };
    short.to_uppercase()
}
