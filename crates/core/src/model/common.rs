//! What most records have in common, and text with markup.

use std::sync::Arc;

use super::{OrganizationId, SourceId};
use crate::text::Clean;

/// What most records have in common (API sheet: "common attributes").
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Common {
    /// The account it comes from
    pub source: SourceId,
    /// The organization it belongs to; `None` on account-wide records
    pub organization_id: Option<OrganizationId>,
    /// Name of that organization, shared between the rows of a list
    pub organization_name: Arc<str>,
    /// Address in the web app; may be empty or relative
    pub resource_url: Clean,
    /// Limited to certain users or groups in the web app
    pub restricted: bool,
    /// Shared with the client portal
    pub my_glue: bool,
    /// `enabled`, `disabled` or empty
    pub psa_integration: Clean,
    /// Archived records are in the lists and hidden by default
    pub archived: bool,
    /// When it was made
    pub created_at: Option<jiff::Timestamp>,
    /// When it last changed
    pub updated_at: Option<jiff::Timestamp>,
}

/// Text with markup, exactly as the server sent it. It has no `Deref` to `str` on purpose: the only way to look
/// at it is to parse it in `gluepot-body`, which filters after decoding.
#[derive(Clone, PartialEq, Default)]
pub struct RawBody(Arc<str>);

impl RawBody {
    /// Wraps what the server sent.
    pub fn new(raw: &str) -> Self {
        Self(raw.into())
    }

    /// The unfiltered source, for the parser.
    pub fn source(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing but white space.
    pub fn is_empty(&self) -> bool {
        self.0.trim().is_empty()
    }
}

impl std::fmt::Debug for RawBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RawBody({} bytes)", self.0.len())
    }
}
