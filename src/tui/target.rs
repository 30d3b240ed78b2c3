//! What is looked at: a record, or a folder that the cursor is on.

use gluepot_core::model::{ListKey, OrganizationId, RecordKey};
use gluepot_core::text::Clean;

/// A heading inside a list that can be folded.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Group {
    /// A folder of documents
    DocumentFolder(u64),
    /// A folder of passwords
    PasswordFolder(u64),
    /// A type of flexible asset, with its list
    AssetType(ListKey),
    /// Dates to watch that are past
    Overdue,
}

/// What is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Target {
    /// The record
    pub key: RecordKey,
    /// The organization it was reached in
    pub organization: Option<OrganizationId>,
}

/// A folder, or a type of asset, that the cursor is on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FolderShown {
    /// Which one
    pub group: Group,
    /// Its name
    pub label: Clean,
    /// Records in it, when known
    pub count: Option<usize>,
}
