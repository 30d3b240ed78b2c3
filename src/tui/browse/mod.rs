//! The lists: five panes, the alert above them, and what is shown while the cursor rests.

mod act;
mod commands;
mod draw;
pub mod list;

use std::collections::HashSet;
use std::time::Instant;

use super::component::Ctx;
use super::layout::PaneId;
use gluepot_core::model::{ListKey, OrganizationId, RecordKey};
use gluepot_core::text::Clean;
use list::ListPane;

/// What a key refreshed: the bar says when it came, since often nothing on the screen changes.
#[derive(Default)]
pub enum Refreshed {
    /// Nothing
    #[default]
    Nothing,
    /// The lists of a pane
    Lists(Vec<ListKey>),
    /// A record
    Record(RecordKey),
}

/// The room with the lists.
pub struct Browse {
    /// The list panes
    pub panes: [ListPane; 5],
    /// Clients whose alert was put away
    pub dismissed: HashSet<OrganizationId>,
    /// When the cursor has rested long enough
    pub rest: Option<Instant>,
    /// The cursor came to rest where no row was yet: the detail shows the first that arrives there
    pub rest_unmet: bool,
    /// The client named at the start, while it is looked for
    pub wanted_organization: Option<String>,
    /// What was requested again by key
    pub refreshed: Refreshed,
}

impl Browse {
    /// Empty lists, and the client to open.
    pub fn new(wanted_organization: Option<String>) -> Self {
        Self {
            panes: PaneId::LISTS.map(ListPane::new),
            dismissed: HashSet::new(),
            rest: None,
            rest_unmet: false,
            wanted_organization,
            refreshed: Refreshed::Nothing,
        }
    }

    /// A list pane; the detail is none.
    pub fn pane(&self, id: PaneId) -> Option<&ListPane> {
        id.index().map(|at| &self.panes[at])
    }

    /// The same, to change it.
    pub fn pane_mut(&mut self, id: PaneId) -> Option<&mut ListPane> {
        id.index().map(|at| &mut self.panes[at])
    }

    /// The organization named at the start, while it is looked for.
    pub(in crate::tui) fn opening(&self, cx: &Ctx) -> Option<Clean> {
        let wanted = self.wanted_organization.as_deref().filter(|_| cx.organization.is_none())?;
        cx.store.organizations().is_loading().then(|| Clean::line(wanted))
    }

    /// The alert of the open organization, unless it was put away.
    pub(in crate::tui) fn alert<'a>(&self, cx: &'a Ctx) -> Option<&'a Clean> {
        let id = cx.organization.filter(|id| !self.dismissed.contains(id))?;
        cx.store.organization(id).map(|o| &o.alert).filter(|alert| !alert.trim().is_empty())
    }
}
