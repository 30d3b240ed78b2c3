//! The organization lock: which requests may leave at all.
//!
//! A locked client is inside one organization from its making on and never opens again. [`super::Client`] asks here
//! before every request. The list of shapes below is what is allowed; everything else is refused, so that a request
//! nobody thought of is refused, too. A record by its id alone says nothing of whose it is: it may be asked for only
//! when a row of a list of this organization, which named it as its owner, has brought that id.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use crate::model::{OrganizationId, Record, Row};

use super::request::Request;

/// The lists below one organization.
const NESTED: [&str; 9] = [
    "document_folders",
    "documents",
    "configurations",
    "passwords",
    "password_folders",
    "contacts",
    "locations",
    "domains",
    "checklists",
];

/// Where requests may go.
pub(super) struct Scope {
    inside: Option<OrganizationId>,
    /// Records that lists of that organization brought: resource and id
    seen: Mutex<HashSet<(&'static str, u64)>>,
}

impl Scope {
    pub(super) fn new(inside: Option<OrganizationId>) -> Self {
        Self { inside, seen: Mutex::default() }
    }

    /// The one organization requests may be about, if there is a lock.
    pub(super) fn organization(&self) -> Option<OrganizationId> {
        self.inside
    }

    /// Takes note of the rows of a list: those that name this organization may be asked for by id from now on.
    pub(super) fn admit<'a>(&self, rows: impl Iterator<Item = &'a Row>) {
        if self.inside.is_none() {
            return;
        }
        // A set of ids is whole after every step, also when somebody panicked on the way.
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        for row in rows {
            if let Row::Record(record) = row
                && record.organization_id() == self.inside
            {
                seen.insert(entry(record));
            }
        }
    }

    /// Whether a request may leave.
    pub(super) fn allows(&self, request: &Request) -> bool {
        let Some(inside) = self.inside else { return true };
        let own = inside.to_string();
        let segments: Vec<&str> = request.path().split('/').collect();
        let Some(("", segments)) = segments.split_first().map(|(first, rest)| (*first, rest)) else { return false };
        match segments {
            ["organizations"] => request.has_only("filter[id]", &own),
            ["organizations", id] => *id == own,
            ["organizations", id, "relationships", list] => *id == own && NESTED.contains(list),
            ["organizations", id, "relationships", "document_folders", _] => *id == own,
            ["flexible_asset_types"] => true,
            ["flexible_assets"] => request.has_only("filter[organization-id]", &own),
            ["expirations"] => request.has_only("filter[organization_id]", &own),
            ["documents", id, "relationships", "sections"] => self.has_seen("documents", id),
            ["checklists", id, "relationships", "checklist_tasks"] => self.has_seen("checklists", id),
            [resource, id] => self.has_seen(resource, id),
            _ => false,
        }
    }

    fn has_seen(&self, resource: &str, id: &str) -> bool {
        let Ok(id) = id.parse::<u64>() else { return false };
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.iter().any(|&(kind, known)| known == id && kind == resource)
    }
}

fn entry(record: &Record) -> (&'static str, u64) {
    (record.key().kind.resource(), record.id())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(path: &str) -> Request {
        Request::get(path.to_owned())
    }

    #[test]
    fn a_locked_client_lets_only_known_shapes_of_its_organization_out() {
        let scope = Scope::new(Some(OrganizationId(7)));
        for list in NESTED {
            assert!(scope.allows(&get(&format!("/organizations/7/relationships/{list}"))), "{list}");
            assert!(!scope.allows(&get(&format!("/organizations/8/relationships/{list}"))), "{list}");
        }
        for good in [
            get("/organizations").with("filter[id]", 7),
            get("/organizations/7"),
            get("/organizations/7/relationships/document_folders/3"),
            get("/flexible_asset_types").with("include", "flexible_asset_fields"),
            get("/flexible_assets").with("filter[flexible-asset-type-id]", 9).with("filter[organization-id]", 7),
            get("/expirations").with("filter[organization_id]", 7),
        ] {
            assert!(scope.allows(&good), "{good:?}");
        }
        for bad in [
            get("/organizations"),
            get("/organizations").with("filter[id]", 8),
            get("/organizations").with("filter[id]", 7).with("filter[id]", 8),
            get("/organizations").with("filter[name]", "x"),
            get("/organizations/8"),
            get("/organizations/07"),
            get("/organizations/7/../8"),
            get("/organizations/7/relationships/users"),
            get("/organizations/8/relationships/document_folders/3"),
            get("/flexible_assets"),
            get("/flexible_assets").with("filter[organization-id]", 8),
            get("/expirations").with("filter[organization_id]", "7,8"),
            get("/passwords"),
            get("/passwords/3").with("show_password", true),
            get("/documents/3"),
            get("/documents/3/relationships/sections"),
            get("/checklists/3/relationships/checklist_tasks"),
            get("/configurations/3"),
            get("/document_images/3"),
            get("/users"),
            get("/"),
            get(""),
        ] {
            assert!(!scope.allows(&bad), "{bad:?}");
        }
    }

    #[test]
    fn without_a_lock_everything_goes_out() {
        assert!(Scope::new(None).allows(&get("/passwords/3")));
    }
}
