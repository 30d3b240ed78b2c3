//! Folders of documents and of passwords.

use super::Common;
use crate::text::Clean;

/// A folder of documents or passwords.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct Folder {
    pub id: u64,
    pub name: Clean,
    pub parent_id: Option<u64>,
    pub ancestor_ids: Vec<u64>,
    pub common: Common,
}
