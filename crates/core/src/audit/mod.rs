//! The audit trail: who did what, for which ticket, written before it happens.
//!
//! The order of things is the promise. `Audit::intent` returns only when the record is on the disk, and what it
//! returns is the only thing a backend accepts as leave to fetch the value of a password. It is called by
//! [`Permit::record`](crate::access::Permit::record) alone. If the record cannot be
//! written, for whatever reason, there is no [`Intent`] and nothing is fetched. `Audit::outcome` adds what came
//! of it, and is called by the queue of [`Trail`](crate::access::Trail) alone.
//!
//! # Files
//! In a directory of mode 0700, all files of mode 0600:
//! - `audit.log`: one JSON object a line, printable ASCII, only ever appended to. See `record` for the chain.
//! - `audit.key`: the key of the next record and where the log ended. See `state`.
//! - `audit.lock`: what processes lock while they append. It is never renamed or removed.
//! - `audit-000000000000.log` and so on: logs that were full. The number is that of their first record. They are
//!   never written again; users may move them elsewhere, and the chain continues without them.
//!
//! # A full log
//! Before a record would go into a log that has reached its size, the log gets its number and a new one is begun,
//! whose first record has the kind `continue`. Trail name, sequence, hashes and keys continue. That a log is being
//! closed is noted in `audit.key`, on the disk, before the first name changes, so that the next process after a crash
//! completes it.
//!
//! # One record
//! Lock; open the log (append only, no links); compare it with the path, with what this process saw last and with
//! what `audit.key` remembers; walk over records that a crashed process wrote but did not note; close a torn line
//! with a line break and a `recovery` record (nothing is ever cut off), and refuse whatever else is there (see `torn`); write the line in one call and count the
//! bytes; flush; look at the path again; read the line back from the disk, since a flush may report success for what
//! was not written. A log that is shorter, another file or changed at its end stops all reveals until a person has
//! looked.
//!
//! # Members of a record
//! `v`, `trail`, `seq`, `kind` (`start`, `continue`, `intent`, `outcome`, `recovery`); `time` in UTC, `clock_back`
//! and `back_ms` if the clock went back since the record before, by its time or against the clock of the boot;
//! `unsent`, how many copies of this process's records before did not go out; `boot`, `up_ms`; `uid`, `user`,
//! `login_uid` and, where it is another user, its name `login`; `tty`, `ssh`, `host`, `pid`, `version`; for intents and
//! outcomes `action`, `person` (who acts, where it is another than the user of the process), `account` (where the record
//! is from), `org`, `org_name`, `record` (kind), `record_id`, `record_name`, `version_id` (of an earlier version
//! of a password), `category`, `detail`, `ticket`, `reason`, `cautions` (accepted warnings: words
//! of [`Caution`] with commas between); for outcomes `of` (the `seq` of the intent), `of_trail` where that is another trail,
//! `result`, `way`, `sure`, `why`, `server_date`; for recoveries `why`, `bytes`; for continues `follows` (the name of the log
//! before); for a start after a trail that was archived `aside` (its folder), `logs` (how many files), `why` and `before` (an anchor), and after one that
//! was there before and is gone `gone` (its name); at the end
//! `prev` and `mac`. Empty members are left out.
//! Never a secret, its length or a hash of it.
//!
//! Calls block on the disk and on other processes for up to [`LOCK_WAIT`]: run them off the loop.

mod care;
mod chain;
mod error;
mod event;
mod file;
mod full;
mod identity;
mod keep;
mod marks;
mod read;
mod record;
mod sink;
mod state;
mod ticket;
mod torn;
mod trail;
mod verify;
pub mod view;

pub use care::{Snapshot, begin, restart, snapshot};
pub use error::AuditError;
pub use event::{Action, Caution, Event, Fetch, Intent, NotPermitted, Outcome, Reference};
pub use identity::Identity;
pub use keep::{Audit, FULL, Keeping, LOCK_WAIT};
pub use marks::{Anchor, Anchors, FirstKey};
pub use read::{Entry, Source, each, in_order, sources};
pub use sink::{Sink, System};
pub use ticket::{same_ticket, ticket_form};
pub use verify::outside::rows as records;
pub use verify::{Fault, Report, Wrong, verify, verify_from};

#[cfg(all(test, unix))]
mod tests;
