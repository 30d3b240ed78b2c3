//! The folders a record lies in: one walk up, for policies, cards, lists and the finder.

use super::Library;
use crate::model::{Folder, ListKey, OrganizationId, Record};

/// The most folders between a record and the top of its client: parents come from the server, and a loop among them is
/// not a place that is known.
const DEEPEST: usize = 64;

/// The folders a record lies in.
#[derive(Clone, Debug, Default)]
pub struct Path<'a> {
    /// As far as they are known, outermost first
    pub folders: Vec<&'a Folder>,
    /// Whether the outermost is at the top: none is missing
    pub is_whole: bool,
}

impl Path<'_> {
    /// The names, with something between them.
    pub fn names(&self, between: &str) -> String {
        self.folders.iter().map(|folder| folder.name.as_str()).collect::<Vec<_>>().join(between)
    }
}

/// The folder a record is in.
pub fn folder_of(record: &Record) -> Option<u64> {
    match record {
        Record::Document(document) => document.document_folder_id.map(|id| id.0),
        Record::Password(password) => password.password_folder_id.map(|id| id.0),
        _ => None,
    }
}

impl Library {
    /// The folders a record lies in, each as it is known last.
    pub fn path(&self, record: &Record) -> Path<'_> {
        self.path_for(record, record.organization_id())
    }

    /// The same for a record of which only the way it was reached says whose it is.
    pub fn path_for(&self, record: &Record, organization: Option<OrganizationId>) -> Path<'_> {
        let Some(innermost) = folder_of(record) else { return Path { folders: Vec::new(), is_whole: true } };
        let list = match record {
            Record::Password(_) => organization.map(ListKey::PasswordFolders),
            _ => organization.map(ListKey::DocumentFolders),
        };
        let Some(list) = list else { return Path::default() };
        let mut path = Path { folders: Vec::new(), is_whole: true };
        let mut next = Some(innermost);
        while let Some(id) = next {
            let folder = self.folder(list, id).filter(|_| path.folders.len() < DEEPEST).map(AsRef::as_ref);
            let Some(Record::DocumentFolder(folder) | Record::PasswordFolder(folder)) = folder else {
                path.is_whole = false;
                break;
            };
            path.folders.push(folder);
            next = folder.parent_id;
        }
        path.folders.reverse();
        path
    }
}
