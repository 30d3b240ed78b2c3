//! What a request may set, and everything computed that follows from it.

use serde_json::Value;

use super::rule::{Change, Rules};
use super::sanitise::clean_html;
use super::tables::rules;
use super::value::cast;
use super::writer::{Writer, now};
use crate::answer::Answer;
use crate::spec::{COMPANIONS, spec};
use crate::world::id_of;

/// Attributes a request cannot set, apart from those in [`COMPANIONS`].
const READ_ONLY: &[&str] = &[
    "ancestor-ids",
    "cached-resource-name",
    "cached-resource-type-name",
    "completed-at",
    "configuration-type-kind",
    "configurations-count",
    "current-sign-in-at",
    "current-sign-in-ip",
    "document-gallery-id",
    "document-images",
    "documents-count",
    "download-url",
    "encrypted-status",
    "export-status",
    "formatted-fax",
    "formatted-phone",
    "invitation-accepted-at",
    "invitation-sent-at",
    "is-live",
    "last-sign-in-at",
    "last-sign-in-ip",
    "name-key",
    "organization-short-name",
    "otp-enabled",
    "parent-url",
    "password-updated-at",
    "passwords-count",
    "percent-complete",
    "personal",
    "published-at",
    "published-by",
    "quick-notes-updated-at",
    "rendered-content",
    "reputation",
    "reset-count",
    "rotation-permitted",
    "synced",
    "updated-by",
    "updated-by-type",
    "user-id",
    "vault-id",
];

/// Whether an attribute is computed and ignored when a request sends it.
fn set_by_server(own: &dyn Rules, key: &str) -> bool {
    READ_ONLY.contains(&key) || COMPANIONS.iter().any(|(_, name, _)| *name == key) || own.computes(key)
}

impl Writer<'_> {
    /// Writes what a request may set into a row and keeps everything computed in step with it.
    pub(super) fn apply(&self, change: &mut Change<'_>) -> Result<(), Answer> {
        let own = rules(change.table);
        set(own, change)?;
        own.check(change.row)?;
        self.name_companions(change)?;
        own.finish(self, change)
    }

    /// The names of what the ids in a row point at.
    fn name_companions(&self, change: &mut Change<'_>) -> Result<(), Answer> {
        let what = spec(change.table);
        for (key, name, of) in COMPANIONS {
            if !what.attributes.contains(key) {
                continue;
            }
            let companion = match change.row.get(*key).filter(|id| !id.is_null()) {
                None => Value::Null,
                Some(id) => match id_of(id).filter(|&id| self.world.contains(*of, id)) {
                    Some(id) => self.world.name(*of, id).into(),
                    // Only what the request says is judged; old rows may hold anything.
                    None if change.input.contains_key(*key) => {
                        return Err(Answer::invalid(key.trim_end_matches("-id"), "must exist"));
                    }
                    None => continue,
                },
            };
            if what.attributes.contains(name) {
                change.row.insert((*name).to_owned(), companion);
            }
        }
        Ok(())
    }
}

/// Takes over what a request may set.
fn set(own: &dyn Rules, change: &mut Change<'_>) -> Result<(), Answer> {
    let what = spec(change.table);
    for (key, value) in change.input {
        let key = key.as_str();
        let writable = what.attributes.contains(&key) && !set_by_server(own, key) && (change.new || !own.fixes(key));
        if !writable || key == "traits" {
            continue;
        }
        if let Value::String(text) = value {
            let name = key == "name" || key.ends_with("-name");
            if name && text.trim().is_empty() && what.required.contains(&key) {
                return Err(Answer::invalid(key, "can't be blank"));
            }
            if name && text.chars().count() > 255 {
                return Err(Answer::invalid(key, "is too long (maximum is 255 characters)"));
            }
        }
        let value = match value {
            Value::String(html) if key == "content" => clean_html(html).into(),
            _ => cast(key, value),
        };
        if key == "quick-notes" && change.row.get(key) != Some(&value) {
            change.row.insert("quick-notes-updated-at".into(), now());
        }
        change.row.insert(key.to_owned(), value);
    }
    Ok(())
}
