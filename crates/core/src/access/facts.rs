//! What is known of a record, and what the policies say of it.
//!
//! What is not known is said to be so: a rule that depends on it then counts as fitting.

use super::names::Names;
use super::wanted::Wanted;
use super::{Access, Who};
use crate::audit::{Action as AuditAction, Event};
use crate::model::{Kind, Organization, OrganizationId, Password, Record, RecordKey};
use crate::policy::{Action, Decision, Subject, Verdict, plain};
use crate::text::{CUT, Clean};

/// What is known of one record.
#[derive(Clone, Debug)]
pub struct About<'a> {
    /// Which record it is
    pub key: RecordKey,
    /// The freshest form of it; `None` where it is not known
    pub record: Option<&'a Record>,
    /// Whose it is
    pub organization: Option<OrganizationId>,
    /// That client
    pub client: Option<&'a Organization>,
    /// The path of folders it is in, outermost first, joined by `/`; `None` where one of them is not known
    pub folder: Option<String>,
}

impl<'a> About<'a> {
    /// An organization as a whole.
    pub fn organization(id: OrganizationId, client: Option<&'a Organization>) -> Self {
        let key = id.key();
        Self { key, record: None, organization: Some(id), client, folder: Some(String::new()) }
    }

    /// The password it is about.
    pub(super) fn password(&self) -> Option<&'a Password> {
        match self.record {
            Some(Record::Password(password)) if self.key.kind == Kind::Password && password.id == self.key.id => {
                Some(password)
            }
            _ => None,
        }
    }

    /// The account it is in: the record's own where its source is named, else that of the run.
    fn account<'s>(&'s self, who: &'s Who) -> &'s Clean {
        self.key.source.name().map_or(&who.account, |name| &name.account)
    }

    /// The subject of a decision.
    fn subject<'s>(&'s self, action: Action, who: &'s Who) -> Subject<'s> {
        let whole_organization = self.key.kind == Kind::Organization && self.record.is_none();
        if self.record.is_none() && !whole_organization {
            return Subject { person: Some(&who.person), account: Some(self.account(who)), ..Subject::unknown(action) };
        }
        let none = Some("").filter(|_| whole_organization);
        // A category that has a number and no name to be seen is there, and its name is not known.
        let category = match self.record {
            Some(Record::Password(password)) => {
                let name = &*password.password_category_name;
                Some(name).filter(|name| password.password_category_id.is_none() || !plain(name).is_empty())
            }
            _ => Some(""),
        };
        let name = self.record.map(|record| record.name().as_str()).filter(|name| !plain(name).is_empty());
        Subject {
            action,
            person: Some(&who.person),
            account: Some(self.account(who)),
            organization: self.organization,
            organization_name: self.client.map(|client| client.name.as_str()),
            short_name: self.client.map(|client| client.short_name.as_str()),
            category: category.and_then(whole),
            folder: self.folder.as_deref().and_then(whole),
            name: name.and_then(whole).or(none),
        }
    }

    /// What the trail says it is about.
    pub(super) fn event(&self, action: AuditAction, who: &Who) -> Event {
        let name = self.record.map(|record| record.name().clone()).unwrap_or_default();
        let mut event = Event::new(action, self.key, name);
        event.person = who.recorded();
        event.account = self.account(who).clone();
        event.organization = self.organization.map(|id| {
            let name = self.client.map_or_else(|| format!("organization {id}"), |client| client.name.to_string());
            (id, Clean::line(&name))
        });
        if let Some(password) = self.password() {
            event.category = Clean::line(&password.password_category_name);
        }
        event
    }
}

/// A name that a rule can judge: of one that was cut the end is not known.
fn whole(name: &str) -> Option<&str> {
    Some(name).filter(|name| !name.split('/').any(|part| part.ends_with(CUT)))
}

/// What is known of a secret: its record, and the names a person could mistake.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// The record
    pub about: About<'a>,
    /// Its names
    pub names: Names,
}

/// Why a secret is not fetched.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The password is not known, or another one than was asked about
    Unknown,
    /// Its value is in a vault that the API does not open. The name of the password
    Vaulted(Clean),
    /// It is not known whose it is
    NoClient,
    /// A policy says no
    Policy(Decision),
}

/// The words of a decision that says no; `None` where it does not. They are cut off at their end where there is little
/// room, so the reason comes first and the path of the file is left to the places that have room for it.
pub fn refused(decision: &Decision, what: &str) -> Option<String> {
    (decision.verdict == Verdict::Deny).then(|| format!("{what}: {}.", decision.told_briefly()))
}

impl Access {
    /// What the policies say of an action.
    pub(super) fn decide(&self, action: Action, about: &About<'_>) -> Decision {
        self.policies.decide(&about.subject(action, &self.who))
    }

    /// What the policies say of a secret. An earlier version asks both what is done with it and that it is one.
    pub fn decide_secret(&self, wanted: Wanted, about: &About<'_>) -> Decision {
        let decision = self.decide(wanted.purpose.judged_as(), about);
        if wanted.version.is_none() { decision } else { decision.and(self.decide(Action::Version, about)) }
    }

    /// Why a secret would not be fetched; `None` where it would be, perhaps after questions.
    pub fn refusal(&self, wanted: Wanted, about: &About<'_>) -> Option<Refusal> {
        let Some(password) = about.password().filter(|_| about.key == wanted.key) else {
            return Some(Refusal::Unknown);
        };
        if password.vault_id.is_some() {
            return Some(Refusal::Vaulted(password.name.clone()));
        }
        if about.organization.is_none() {
            return Some(Refusal::NoClient);
        }
        Some(self.decide_secret(wanted, about))
            .filter(|decision| decision.verdict == Verdict::Deny)
            .map(Refusal::Policy)
    }
}
