//! What a resource can do, as a type, and the two kinds most others are made of.

/// What one resource can do.
pub(crate) struct Spec {
    /// `GET /x` lists it
    pub list: bool,
    /// `GET /x/:id` shows one
    pub show: bool,
    /// Lists under an organization exist
    pub by_organization: bool,
    /// Attributes a new record is born with; anything else in a request is ignored
    pub attributes: &'static [&'static str],
    /// Documented filters; all others are ignored
    pub filters: &'static [&'static str],
    /// Fields `sort` accepts by the documentation; all others are ignored
    pub sorts: &'static [&'static str],
    /// Undocumented filters that some clients rely on: they work unless the server is strict
    pub lax_filters: &'static [&'static str],
    /// The same of sort fields
    pub lax_sorts: &'static [&'static str],
    /// The order of a list without `sort`
    pub default_sort: &'static str,
    /// Includes of lists and of single records
    pub includes: &'static [&'static str],
    /// Includes of single records only
    pub show_includes: &'static [&'static str],
    /// Includes of lists that are documented for single records only, or nowhere
    pub lax_includes: &'static [&'static str],
    /// POST
    pub create: bool,
    /// PATCH, single and in bulk
    pub update: bool,
    /// DELETE, single and in bulk
    pub delete: bool,
    /// Attributes without which POST is refused
    pub required: &'static [&'static str],
    /// Whether PATCH of a record synced with a PSA is refused
    pub synced: bool,
}

impl Spec {
    /// Whether a filter works.
    pub(crate) fn filters_by(&self, key: &str, strict: bool) -> bool {
        self.filters.contains(&key) || !strict && self.lax_filters.contains(&key)
    }

    /// Whether `sort` accepts a field.
    pub(crate) fn sorts_by(&self, field: &str, strict: bool) -> bool {
        self.sorts.contains(&field) || !strict && self.lax_sorts.contains(&field)
    }

    /// Whether an include works, on a list or on a single record.
    pub(crate) fn includes(&self, name: &str, alone: bool, strict: bool) -> bool {
        self.includes.contains(&name)
            || alone && self.show_includes.contains(&name)
            || !strict && self.lax_includes.contains(&name)
    }
}

/// A table that can be neither listed nor written; others begin with it.
pub(super) const NOTHING: Spec = Spec {
    list: false,
    show: false,
    by_organization: false,
    attributes: &[],
    filters: &[],
    sorts: &["created-at", "updated-at"],
    lax_filters: &["id"],
    lax_sorts: &["id"],
    default_sort: "id",
    includes: &[],
    show_includes: &[],
    lax_includes: &[],
    create: false,
    update: false,
    delete: false,
    required: &[],
    synced: false,
};

/// A small table that others point at.
pub(super) const LOOKUP: Spec = Spec {
    list: true,
    show: true,
    attributes: &["name"],
    filters: &["name"],
    sorts: &["name", "id", "created-at", "updated-at"],
    default_sort: "name",
    create: true,
    update: true,
    required: &["name"],
    ..NOTHING
};
