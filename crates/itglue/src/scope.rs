//! The organization lock: which requests may leave at all.
//!
//! A locked client is inside one organization and never opens again. [`super::Client`] asks here before every request.
//! The list of shapes below is what is allowed; everything else is refused, so that a request no one thought of is
//! also refused. An id alone does not say whose record it is: it may be requested only if a row of a list of
//! this organization, which named it as its owner, has brought that id.
//!
//! Where only the name of the organization is known, one request is allowed: which organizations have that whole name.
//! IT Glue has no filter for short names, and reading the names of all clients to find one would be what the lock is
//! there to prevent. One answer closes the lock on its id; anything else closes it on nothing.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use gluepot_core::model::{Record, Row};
use gluepot_core::text::Clean;

use super::request::Request;
use super::settings::Inside;

/// How many organizations of the name are requested: one is right, a second shows that the name does not decide.
const NAMESAKES: u32 = 2;

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
    inside: Mutex<Inside>,
    /// Records that lists of that organization brought: resource and id
    seen: Mutex<HashSet<(&'static str, u64)>>,
}

impl Scope {
    pub(super) fn new(inside: Inside) -> Self {
        Self { inside: Mutex::new(inside), seen: Mutex::default() }
    }

    /// The state of the lock.
    pub(super) fn inside(&self) -> Inside {
        // It is replaced as a whole, even after a panic.
        self.inside.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The one organization requests may be about, if it is known.
    pub(super) fn organization(&self) -> Option<u64> {
        match self.inside() {
            Inside::Of(id) => Some(id),
            Inside::Anywhere | Inside::Named { .. } | Inside::Nothing(_) => None,
        }
    }

    /// The one request by which an organization is found by its name; `None` where it need not be found.
    pub(super) fn question(&self) -> Option<Request> {
        let Inside::Named { name, .. } = self.inside() else { return None };
        // A comma would ask for several.
        let name = name.replace(',', "\\,");
        let request = Request::get("/organizations".to_owned()).with("filter[name]", name);
        Some(request.with("page[number]", 1).with("page[size]", NAMESAKES))
    }

    /// Closes the lock on what the question brought: on the one organization that has the name, else on nothing.
    pub(super) fn close<'a>(&self, rows: impl Iterator<Item = &'a Row>, is_all: bool) -> Inside {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        if let Inside::Named { name, id } = &*inside {
            let wish = name.to_lowercase();
            let found: Vec<u64> = rows
                .filter_map(|row| match row {
                    Row::Record(record) => match record.as_ref() {
                        Record::Organization(o) if o.name.to_lowercase() == wish => Some(o.id),
                        _ => None,
                    },
                    Row::Unreadable { .. } => None,
                })
                .collect();
            let nothing = |why: String| Inside::Nothing(Clean::line(&why));
            let closed = match (found.as_slice(), is_all) {
                ([only], true) if id.is_none_or(|id| id == *only) => Inside::Of(*only),
                ([only], true) => {
                    let wanted = id.map(|id| id.to_string()).unwrap_or_default();
                    nothing(format!("{name} is organization {only}, and the lock is also for {wanted}"))
                }
                ([], true) => nothing(format!(
                    "no organization has the whole name {name} (a short name does not do: finding it would read \
                     the names of all clients)"
                )),
                _ => nothing(format!("more than one organization may be called {name}")),
            };
            *inside = closed;
        }
        inside.clone()
    }

    /// Takes note of the rows of a list: those that name this organization may be asked for by id from now on.
    pub(super) fn admit<'a>(&self, rows: impl Iterator<Item = &'a Row>) {
        let Some(inside) = self.organization() else { return };
        // A set of ids is whole after every step, even after a panic.
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        for row in rows {
            if let Row::Record(record) = row
                && record.organization_id().is_some_and(|own| own.id == inside)
            {
                seen.insert(entry(record));
            }
        }
    }

    /// Whether a request may leave.
    pub(super) fn allows(&self, request: &Request) -> bool {
        let inside = match self.inside() {
            Inside::Anywhere => return true,
            Inside::Of(id) => id,
            Inside::Named { .. } => return self.question().is_some_and(|question| question.is(request)),
            Inside::Nothing(_) => return false,
        };
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
            ["expirations" | "document_folders" | "password_folders"] => {
                request.has_only("filter[organization_id]", &own)
            }
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
    use std::sync::Arc;

    use super::*;

    fn get(path: &str) -> Request {
        Request::get(path.to_owned())
    }

    #[test]
    fn a_locked_client_lets_only_known_shapes_of_its_organization_out() {
        let scope = Scope::new(Inside::Of(7));
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
            get("/document_folders").with("filter[organization_id]", 7).with("sort", "name"),
            get("/password_folders").with("filter[organization_id]", 7),
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
            get("/document_folders"),
            get("/document_folders").with("filter[organization_id]", 8),
            get("/password_folders").with("filter[organization_id]", "7,8"),
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
    fn what_was_seen_in_the_organization_may_be_asked_for_and_only_as_that() {
        let scope = Scope::new(Inside::Of(7));
        scope.seen.lock().expect("no thread failed").extend([("documents", 3), ("checklists", 4)]);
        for good in [
            "/documents/3",
            "/documents/3/relationships/sections",
            "/checklists/4",
            "/checklists/4/relationships/checklist_tasks",
        ] {
            assert!(scope.allows(&get(good)), "{good}");
        }
        for bad in [
            "/documents/4",
            "/documents/4/relationships/sections",
            "/checklists/3",
            "/checklists/3/relationships/checklist_tasks",
            "/checklists/4/relationships/sections",
            "/passwords/3",
        ] {
            assert!(!scope.allows(&get(bad)), "{bad}");
        }
        assert_eq!(scope.organization(), Some(7));
    }

    #[test]
    fn without_a_lock_everything_goes_out() {
        assert!(Scope::new(Inside::Anywhere).allows(&get("/passwords/3")));
    }

    fn row(id: u64, name: &str) -> Row {
        let organization = gluepot_core::model::Organization { id, name: name.into(), ..Default::default() };
        Row::Record(Arc::new(Record::Organization(organization)))
    }

    fn named(name: &str, id: Option<u64>) -> Scope {
        Scope::new(Inside::Named { name: name.to_owned(), id })
    }

    #[test]
    fn a_lock_by_name_lets_out_the_one_question_and_closes_on_its_only_answer() {
        let scope = named("Harbour, Pine", None);
        let question = scope.question().expect("it has to be found");
        assert!(question.has_only("filter[name]", "Harbour\\, Pine"), "{question:?}");
        assert!(scope.allows(&question));
        for bad in [
            get("/organizations"),
            get("/organizations").with("filter[name]", "Harbour"),
            get("/organizations").with("filter[name]", "Harbour\\, Pine"),
            scope.question().expect("still").with("include", "attachments"),
            get("/organizations/7"),
            get("/organizations/7/relationships/documents"),
            get("/flexible_asset_types"),
        ] {
            assert!(!scope.allows(&bad), "{bad:?}");
        }
        let closed = scope.close([row(7, "HARBOUR, Pine"), row(8, "Harbour, Pine Ltd")].iter(), true);
        assert_eq!(closed, Inside::Of(7), "rows of another name do not count");
        assert!(!scope.allows(&question) && scope.question().is_none(), "it is not asked again");
        assert!(scope.allows(&get("/organizations/7")) && !scope.allows(&get("/organizations/8")));
        assert_eq!(scope.close([row(8, "Harbour, Pine")].iter(), true), Inside::Of(7), "for good");
    }

    #[test]
    fn a_name_that_does_not_decide_closes_the_lock_on_nothing() {
        let rows = [row(7, "Acme"), row(8, "acme"), row(9, "Аcme")];
        for (scope, rows, is_all, why) in [
            (named("Beta", None), &rows[..], true, "no organization has the whole name Beta"),
            (named("Acme", None), &rows[..], true, "more than one organization may be called Acme"),
            (named("Acme", None), &rows[..1], false, "more than one organization may be called Acme"),
            (named("Acme", Some(8)), &rows[..1], true, "Acme is organization 7, and the lock is also for 8"),
        ] {
            let Inside::Nothing(told) = scope.close(rows.iter(), is_all) else { panic!("closed: {why}") };
            assert!(told.starts_with(why), "{told}");
            for none in
                [get("/organizations/7"), get("/organizations").with("filter[id]", 7), get("/flexible_asset_types")]
            {
                assert!(!scope.allows(&none), "{none:?}");
            }
        }
        let scope = named("Acme", Some(7));
        assert_eq!(scope.close(rows[..1].iter(), true), Inside::Of(7));
    }
}
