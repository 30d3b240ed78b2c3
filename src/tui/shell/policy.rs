//! What the policy says of the records at hand. The decision itself is made in [`gluepot_core::policy`]; here its subject is
//! put together from what is known, and what is not known is said to be so.

use super::Shell;
use crate::tui::component::Ctx;
use crate::tui::message::{Purpose, Wanted};
use gluepot_core::model::{Kind, ListKey, OrganizationId, Record, RecordKey};
use gluepot_core::policy::{Action, Decision, Subject, Verdict, plain};

impl Shell {
    /// Why the password at hand may not be used so.
    pub(super) fn policy_refusal(&self, purpose: Purpose) -> Option<String> {
        refusal_of(&self.cx.decide_secret(self.wanted_here(purpose)?), "Not fetched")
    }

    /// The lines of the status screen.
    pub(super) fn policy_rows(&self) -> Vec<(String, String)> {
        let policies = &self.cx.policies;
        let mut rows = vec![("Policy".into(), policies.admin.to_string()), (String::new(), policies.user.to_string())];
        if let Some(by) = policies.sink_asked_by() {
            let copies = match (policies.sink_trouble(), &self.cx.audit.keeping().sink) {
                (Some(trouble), _) => format!("nothing secret is fetched: {trouble} ({by})"),
                (None, Some(sink)) => format!("required: {} at {} ({by})", sink.system.name(), sink.socket.display()),
                // The demo makes none and needs none.
                (None, None) => format!("required outside of the demo ({by})"),
            };
            rows.push(("Audit copies".into(), copies));
        }
        rows
    }
}

impl Ctx {
    pub(in crate::tui) fn decide(
        &self,
        action: Action,
        organization: Option<OrganizationId>,
        record: Option<&Record>,
    ) -> Decision {
        let known = organization.and_then(|id| self.store.organization(id));
        // A category that has a number and no name to be seen is there, and nobody knows what it is called.
        let category = match record {
            Some(Record::Password(password)) => {
                let name = &*password.password_category_name;
                Some(name).filter(|name| password.password_category_id.is_none() || !plain(name).is_empty())
            }
            _ => Some(""),
        };
        let name =
            record.map_or(Some(""), |record| Some(record.name().as_str()).filter(|name| !plain(name).is_empty()));
        let folder = record.map_or(Some(String::new()), |record| self.folder_names(record, organization));
        self.policies.decide(&Subject {
            action,
            organization,
            organization_name: known.map(|o| o.name.as_str()),
            short_name: known.map(|o| o.short_name.as_str()),
            category: category.and_then(whole),
            folder: folder.as_deref().and_then(whole),
            name: name.and_then(whole),
        })
    }

    /// The folders a record lies in; `None` when one of them is not known.
    pub(in crate::tui) fn folder_names(&self, record: &Record, organization: Option<OrganizationId>) -> Option<String> {
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
            let folder = self.store.folder(key?, id).filter(|_| names.len() < 64)?;
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
    pub(in crate::tui) fn decide_secret(&self, wanted: Wanted) -> Decision {
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

    /// What the policy says of listing the passwords of an organization; `None` where it says nothing of any.
    pub(in crate::tui) fn decide_list(&self, id: OrganizationId) -> Option<Decision> {
        let concerned = self.policies.concern(Action::ListPasswords);
        concerned.then(|| self.decide(Action::ListPasswords, Some(id), None))
    }

    /// What the policy says of reading a document; `None` for other records, and where it says nothing of any.
    pub(in crate::tui) fn decide_view(&self, key: RecordKey) -> Option<Decision> {
        if key.kind != Kind::Document || !self.policies.concern(Action::View) {
            return None;
        }
        Some(match self.store.record(key) {
            None => self.policies.decide(&Subject::unknown(Action::View)),
            Some(record) => self.decide(Action::View, record.organization_id().or(self.organization), Some(record)),
        })
    }

    /// What the policy says of an address that stands in a record or leads to it.
    pub(in crate::tui) fn decide_link(&self, from: RecordKey) -> Decision {
        let record = self.store.record(from).map(AsRef::as_ref);
        self.decide(Action::OpenLink, record.and_then(Record::organization_id).or(self.organization), record)
    }
}

/// A name that a rule can judge: of one that was cut the end is not known.
fn whole(name: &str) -> Option<&str> {
    Some(name).filter(|name| !name.split('/').any(|part| part.ends_with(gluepot_core::text::CUT)))
}

/// The words of a decision that says no, for the bar: it is cut off at its end, so the reason comes first and the path
/// of the file is left to the places that have room for it.
pub(super) fn refusal_of(decision: &Decision, what: &str) -> Option<String> {
    (decision.verdict == Verdict::Deny).then(|| format!("{what}: {}.", decision.told_briefly()))
}
