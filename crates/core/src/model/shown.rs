//! What a record brings with it when it is requested by itself.

use std::sync::Arc;

use super::{ChecklistTask, Interface, Location, Password, Record, RecordKey, RmmRecord};
use crate::text::Clean;

/// A link to another record, from the `related_items` include: made by people, or found through a Tag field.
#[derive(Clone, PartialEq, Debug)]
pub struct Related {
    /// The other record
    pub key: RecordKey,
    /// Its name
    pub name: Clean,
    /// The server's label for its kind, for flexible assets the type's name
    pub label: Clean,
    /// What people wrote on the link
    pub notes: Clean,
    /// Whether the other record is archived
    pub archived: bool,
    /// True: reached through a Tag field; false: linked by hand
    pub by_tag: bool,
    /// The other record's address in the web app, often empty
    pub resource_url: Clean,
}

/// A file attached to a record.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct Attachment {
    pub id: u64,
    pub name: Clean,
    pub file_name: Clean,
    pub content_type: Clean,
    /// Bytes; may be out of date on the server
    pub size: Option<u64>,
    pub download_url: Clean,
    pub created_at: Option<jiff::Timestamp>,
}

/// Who may see a restricted record.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Access {
    /// Name of the user or group
    pub name: Clean,
    /// `User` or `Group`
    pub accessor_type: Clean,
    /// Role, when given
    pub role: Clean,
}

/// An entry of `recent_versions`.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct Version {
    pub id: u64,
    pub created_at: Option<jiff::Timestamp>,
    pub author: Clean,
    pub event: Clean,
}

/// IT Glue's copy of a ticket of the PSA. Its attributes are not documented: what names it is separate, others are kept
/// as it came.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Ticket {
    /// Id of the copy, not the ticket's number
    pub id: u64,
    /// Number in the PSA, where there is one
    pub number: Clean,
    /// What it is about
    pub name: Clean,
    /// Status or board column in the PSA's words
    pub status: Clean,
    /// Page of the ticket, where there is one
    pub url: Clean,
    /// (attribute, value) of every other single value, in the server's order
    pub facts: Vec<(Clean, Clean)>,
}

/// What a show request gives beyond the record itself.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "named as the includes of the API")]
pub struct Extras {
    pub related: Vec<Related>,
    pub attachments: Vec<Attachment>,
    pub interfaces: Vec<Interface>,
    pub passwords: Vec<Password>,
    pub accesses: Vec<Access>,
    pub versions: Vec<Version>,
    pub tasks: Vec<ChecklistTask>,
    pub location: Option<Location>,
    pub rmm_records: Vec<RmmRecord>,
    pub tickets: Vec<Ticket>,
}

/// One record with everything the API gives for it.
#[derive(Clone, PartialEq, Debug)]
pub struct Shown {
    /// The record, fresh
    pub record: Arc<Record>,
    /// What was included
    pub extras: Extras,
}
