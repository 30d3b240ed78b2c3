//! Leave to do one thing, and the way from it to the record.

use std::collections::BTreeSet;
use std::fmt;

use super::lock_rules::{LockRules, PinTrouble};
use super::trail::Trail;
use super::wanted::{Purpose, Wanted};
use crate::audit::{AuditError, Caution, Event, Intent};
use crate::text::Clean;

/// Leave to do one thing. [`Permit::record`] writes it down and gives the proof, which is the only way to an [`Intent`].
///
/// Only [`Access`](super::Access) gives one, after it has judged what is known and what was answered:
///
/// ```
/// use gluepot_core::access::{Access, About, Cautions, ClientNames, Facts, LockRules, May, Names, Purpose, Stay, Wanted, Who};
/// use gluepot_core::model::{Kind, OrganizationId, Password, Record, RecordKey, SourceId};
/// use gluepot_core::policy::{ConfirmClient, Policies};
///
/// let access = Access::new(Policies::default(), ConfirmClient::Once, LockRules::default(), Who::default());
/// let key = RecordKey::new(SourceId::NONE, Kind::Password, 42);
/// let record = Record::Password(Password { id: 42, name: "admin".into(), ..Password::default() });
/// let client = OrganizationId::new(SourceId::NONE, 7);
/// let about = About { key, record: Some(&record), organization: Some(client), client: None, folder: Some(String::new()) };
/// let names = Names { words: "7".into(), client: ClientNames::of(client, None, [].into_iter()), doubts: Vec::new() };
/// let facts = Facts { about, names };
/// let mut stay = Stay::new(None);
/// stay.enter(client, true, access.confirm_client());
/// let wanted = Wanted { key, purpose: Purpose::Reveal, version: None };
/// let May::Go(permit) = access.may(&stay, wanted, &facts, Cautions::default()) else { panic!("nothing is asked") };
/// let folder = std::env::temp_dir().join(format!("gluepot-permit-{}", std::process::id()));
/// let trail = gluepot_core::access::Trail::new(folder.clone(), Default::default());
/// let intent = permit.record(&trail).unwrap();
/// assert_eq!(intent.event().record, key);
/// # let _ = std::fs::remove_dir_all(folder);
/// ```
///
/// No other code can make one:
///
/// ```compile_fail,E0451
/// # use gluepot_core::access::Permit;
/// # fn of(event: Box<gluepot_core::audit::Event>) -> Permit {
/// Permit { event, secret: None }
/// # }
/// ```
///
/// One permit is good for one record:
///
/// ```compile_fail,E0382
/// # use gluepot_core::access::{Permit, Trail};
/// # fn twice(permit: Permit, trail: &Trail) {
/// let _ = permit.record(trail);
/// let _ = permit.record(trail);
/// # }
/// ```
///
/// An event alone gives no intent, neither by the trail nor by the file below it:
///
/// ```compile_fail,E0624
/// # use gluepot_core::access::Trail;
/// # use gluepot_core::audit::Event;
/// # fn of(trail: &Trail, event: &Event) {
/// let _ = trail.intent(event);
/// # }
/// ```
///
/// ```compile_fail,E0624
/// # use gluepot_core::audit::{Audit, Event};
/// # fn of(audit: &Audit, event: &Event) {
/// let _ = audit.intent(event);
/// # }
/// ```
///
/// Nor can an intent be written down or copied:
///
/// ```compile_fail,E0451
/// # use gluepot_core::audit::{Event, Intent};
/// # fn of(event: Event) -> Intent {
/// Intent { seq: 0, trail: [0; 8], event, spent: Default::default() }
/// # }
/// ```
///
/// ```compile_fail,E0599
/// # use gluepot_core::audit::Intent;
/// # fn of(intent: Intent) -> Intent {
/// intent.clone()
/// # }
/// ```
///
/// And an outcome goes by the one queue, [`Trail::settle`], not around it:
///
/// ```compile_fail,E0624
/// # use gluepot_core::audit::{Audit, Intent, Outcome};
/// # fn of(audit: &Audit, intent: &Intent) {
/// let _ = audit.outcome(intent, &Outcome::Shown, None);
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a permit is recorded before it is used"]
pub struct Permit {
    event: Box<Event>,
    /// What only a secret has
    secret: Option<Box<(Given, LockRules)>>,
}

/// What leave was given for and on which answers; without it nothing can be asked for once more
/// ([`Access::again`](super::Access::again)).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Given {
    pub(super) wanted: Wanted,
    pub(super) reason: Clean,
    pub(super) ticket: Clean,
    pub(super) cautions: BTreeSet<Caution>,
}

impl Given {
    /// What leave was given for.
    pub fn wanted(&self) -> Wanted {
        self.wanted
    }
}

impl Permit {
    pub(super) fn for_secret(given: Given, mut event: Event, lock: LockRules) -> Self {
        event.version = given.wanted.version;
        event.reason = given.reason.clone();
        event.ticket = given.ticket.clone();
        event.cautions.clone_from(&given.cautions);
        Self { event: Box::new(event), secret: Some(Box::new((given, lock))) }
    }

    pub(super) fn for_step(event: Event) -> Self {
        Self { event: Box::new(event), secret: None }
    }

    /// What will be on record.
    pub fn event(&self) -> &Event {
        &self.event
    }

    /// What leave was given for, where it is a secret.
    pub fn given(&self) -> Option<&Given> {
        self.secret.as_deref().map(|(given, _)| given)
    }

    /// The same permit to hand the secret to this target, which is recorded.
    pub fn handing_to(mut self, target: &str) -> Self {
        self.event.detail = Clean::line(target);
        self
    }

    /// Writes the permit into the trail, and returns once it is on the disk. Blocks: not for the loop.
    ///
    /// # Errors
    /// It could not be recorded, or the PIN that a policy requires is not there: then nothing happens.
    pub fn record(self, trail: &Trail) -> Result<Intent, Unrecorded> {
        if let Some((given, lock)) = self.secret.as_deref() {
            if given.wanted.purpose == Purpose::HandOver && self.event.detail.is_empty() {
                return Err(Unrecorded::NoTarget);
            }
            if let Some(trouble) = lock.trouble() {
                return Err(Unrecorded::Pin(trouble));
            }
        }
        trail.intent(&self.event).map_err(Unrecorded::Trail)
    }
}

/// Why a permit is not on record. Nothing may happen then.
#[derive(Debug)]
pub enum Unrecorded {
    /// The PIN that a policy requires is not set, or cannot be used
    Pin(PinTrouble),
    /// The trail could not be written
    Trail(AuditError),
    /// It is not known what the secret is handed to
    NoTarget,
}

impl Unrecorded {
    /// What to do about it.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Pin(_) => "set a PIN",
            Self::Trail(error) => error.advice(),
            Self::NoTarget => "choose a pane",
        }
    }
}

/// In one line, with the names of files only.
impl fmt::Display for Unrecorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pin(trouble) => f.write_str(&trouble.brief()),
            Self::Trail(error) => f.write_str(&error.brief()),
            Self::NoTarget => f.write_str("no pane was chosen"),
        }
    }
}
