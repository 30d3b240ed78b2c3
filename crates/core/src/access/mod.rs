//! The way to what is guarded: may it be done, what has to be asked first, and the record of it. No screen is needed.
//!
//! A secret goes one road. [`Facts`] say what is known of its record. [`Access::may`] judges them and gives a refusal,
//! [`Questions`], or a [`Permit`]. [`Permit::record`] writes the permit into the audit trail and gives the
//! [`Intent`](crate::audit::Intent), without which no backend fetches a value. [`Trail::settle`] takes what came of it.
//! What is no secret and may still need consent or a record (the text of a document, a list of passwords, a web
//! address) goes the same road as a [`Step`].
//!
//! Each link of that chain can only be made from the one before: a permit here, an intent from a permit, a value for an
//! intent. The compiler holds it; see [`Permit`] for the examples that do not compile.
//!
//! | File | Owns |
//! |---|---|
//! | `wanted` | what a secret is wanted for |
//! | `facts` | what is known of a record, and what a policy says about it |
//! | `names` | what tells one client from another, and what may be typed for it |
//! | `questions` | what has to be asked, as data |
//! | `stay` | what was agreed to in this stay |
//! | `secret` | from a wish to a permit |
//! | `step` | the same for what is no secret |
//! | `permit` | the permit, and the way from it to the record |
//! | `fetch` | from a permit to a value |
//! | `trail` | the audit trail, opened at the first need, and the one queue of outcomes |
//! | `lock_rules`, `pin` | when the screen locks, and the PIN a policy may ask for |
//! | `who` | the person who acts, and the account |
//!
//! Fail closed: what is not known of a record counts as what is strictest, and without a record on the disk nothing is
//! fetched.

mod facts;
mod fetch;
mod lock_rules;
mod names;
mod permit;
pub mod pin;
mod questions;
mod secret;
mod stay;
mod step;
#[cfg(test)]
mod tests;
mod trail;
mod wanted;
mod who;

pub use facts::{About, Facts, Refusal, refused};
pub use fetch::{Answer, Value, fetch};
pub use lock_rules::{LockRules, PinTrouble};
pub use names::{ClientNames, Doubt, Names, Twins};
pub use permit::{Given, Permit, Unrecorded};
pub use questions::{Answered, Ask, Question, Questions, Reply, StepQuestions};
pub use secret::{Cautions, May, Told};
pub use stay::{Opening, Stay, tidy_ticket};
pub use step::{LinkMay, Standing, Step, StepAnswered, Taken, recorded_by};
pub use trail::{Trail, Trouble, Written};
pub use wanted::{Purpose, Wanted};
pub use who::Who;

use crate::policy::{ConfirmClient, Policies};

/// The rules of a run: policies, settings, and who acts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Access {
    policies: Policies,
    confirm: ConfirmClient,
    lock: LockRules,
    who: Who,
}

impl Access {
    /// The rules of a run. `confirm` is the user's setting for how often the client is confirmed; policies can only
    /// tighten it.
    pub fn new(policies: Policies, confirm: ConfirmClient, lock: LockRules, who: Who) -> Self {
        Self { policies, confirm, lock, who }
    }

    /// Both policy files.
    pub fn policies(&self) -> &Policies {
        &self.policies
    }

    /// How the screen locks, and whether a PIN has to be set.
    pub fn lock(&self) -> &LockRules {
        &self.lock
    }

    /// How often the client of a secret is confirmed: by the policies, which are stronger, and the setting.
    pub fn confirm_client(&self) -> ConfirmClient {
        self.policies.confirm_client(self.confirm)
    }
}
