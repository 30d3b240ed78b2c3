//! What the policy says of the records at hand. The decision itself is made in [`crate::policy`]; here its subject is
//! put together from what is known, and what is not known is said to be so.

use super::App;
use crate::model::{Kind, ListKey, OrganizationId, Record, RecordKey};
use crate::policy::{Action, Decision, Subject, Verdict};
use crate::ui::message::{Purpose, Wanted};

impl App {
    fn decide(&self, action: Action, organization: Option<OrganizationId>, record: Option<&Record>) -> Decision {
        let known = organization.and_then(|id| self.store.organization(id));
        let category = match record {
            Some(Record::Password(password)) => &*password.password_category_name,
            _ => "",
        };
        let folder = record.map_or(Some(String::new()), |record| self.folder_names(record, organization));
        self.parts.policies.decide(&Subject {
            action,
            organization,
            organization_name: known.map(|o| o.name.as_str()),
            short_name: known.map(|o| o.short_name.as_str()),
            category: Some(category),
            folder: folder.as_deref(),
            name: Some(record.map_or("", |record| record.name().as_str())),
        })
    }

    /// The folders a record lies in; `None` when one of them is not known.
    fn folder_names(&self, record: &Record, organization: Option<OrganizationId>) -> Option<String> {
        let (mut next, key) = match record {
            Record::Document(document) => {
                (document.document_folder_id.map(|id| id.0), organization.map(ListKey::DocumentFolders))
            }
            Record::Password(password) => {
                (password.password_folder_id.map(|id| id.0), organization.map(ListKey::PasswordFolders))
            }
            _ => return Some(String::new()),
        };
        let mut names = Vec::new();
        while let Some(id) = next {
            // Parents come from the server: a loop among them is not a place that is known.
            let folder = self.store.list(key?).get(id).filter(|_| names.len() < 64)?;
            let (Record::DocumentFolder(folder) | Record::PasswordFolder(folder)) = folder.as_ref() else {
                return None;
            };
            names.push(folder.name.as_str());
            next = folder.parent_id;
        }
        names.reverse();
        Some(names.join("/"))
    }

    /// What the policy says of a secret. An earlier version asks both what is done with it and that it is one.
    pub(super) fn decide_secret(&self, wanted: Wanted) -> Decision {
        let action = match wanted.purpose {
            Purpose::Reveal => Action::Reveal,
            Purpose::Copy | Purpose::HandOver => Action::Copy,
            Purpose::Console => Action::Console,
        };
        let record = self.store.record(wanted.key).map(AsRef::as_ref);
        let organization = record.and_then(Record::organization_id).or(self.organization);
        let decision = self.decide(action, organization, record);
        if wanted.version.is_none() {
            return decision;
        }
        decision.and(self.decide(Action::Version, organization, record))
    }

    /// Why the password at hand may not be used so.
    pub(super) fn policy_refusal(&self, purpose: Purpose) -> Option<String> {
        let key = RecordKey { kind: Kind::Password, id: self.password_subject()?.id };
        refusal_of(&self.decide_secret(Wanted { key, purpose, version: None }), "Not fetched")
    }

    /// Why the passwords of an organization are not listed. A list comes by itself, when nobody could be asked: it is
    /// held back also where the policy would have it asked for.
    pub(super) fn list_refusal(&self, key: ListKey) -> Option<String> {
        let (ListKey::Passwords(id) | ListKey::PasswordFolders(id)) = key else { return None };
        if !self.parts.policies.concern(Action::ListPasswords) {
            return None;
        }
        let decision = self.decide(Action::ListPasswords, Some(id), None);
        (decision.verdict > Verdict::Allow).then(|| format!("Passwords are not listed: {}.", decision.told()))
    }

    /// Why the text of a document is not shown. It comes under the cursor by itself, when nobody could be asked: it is
    /// held back also where the policy would have it asked for.
    pub(super) fn view_refusal(&self, key: RecordKey) -> Option<String> {
        if key.kind != Kind::Document || !self.parts.policies.concern(Action::View) {
            return None;
        }
        let Some(record) = self.store.record(key) else {
            let decision = self.parts.policies.decide(&Subject::unknown(Action::View));
            return (decision.verdict > Verdict::Allow).then(|| format!("Not shown: {}.", decision.told()));
        };
        let decision = self.decide(Action::View, record.organization_id().or(self.organization), Some(record));
        (decision.verdict > Verdict::Allow).then(|| format!("Not shown: {}.", decision.told()))
    }

    /// What the policy says of opening an address that the record at hand leads to.
    pub(super) fn decide_link(&self) -> Decision {
        let record = self.subject();
        self.decide(Action::OpenLink, record.and_then(Record::organization_id).or(self.organization), record)
    }

    /// The lines of the status screen.
    pub(super) fn policy_rows(&self) -> Vec<(String, String)> {
        let policies = &self.parts.policies;
        vec![("Policy".into(), policies.admin.to_string()), (String::new(), policies.user.to_string())]
    }
}

/// The words of a decision that says no.
pub(super) fn refusal_of(decision: &Decision, what: &str) -> Option<String> {
    (decision.verdict == Verdict::Deny).then(|| format!("{what}: {}.", decision.told()))
}
