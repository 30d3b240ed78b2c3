//! Where one has been: the record that is open, those before it, and those one came back from.

use crate::tui::target::Target;
use gluepot_core::model::OrganizationId;

/// How many visited places are remembered.
const LONGEST: usize = 100;

/// A place in the history of what was visited.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Visit {
    /// The client that was open
    pub organization: Option<OrganizationId>,
    /// The record
    pub target: Target,
}

/// What was visited.
#[derive(Default)]
pub struct History {
    /// Where we are; `past` and `future` are the visits before and after it
    pub here: Option<Visit>,
    /// What lies before, the latest last
    pub past: Vec<Visit>,
    /// What one came back from, the next one last
    pub future: Vec<Visit>,
}

impl History {
    /// Another place is visited: what one came back from is forgotten.
    pub fn visit(&mut self, visit: Visit) {
        if self.here == Some(visit) {
            return;
        }
        self.past.extend(self.here.replace(visit));
        if self.past.len() > LONGEST {
            self.past.remove(0);
        }
        self.future.clear();
    }

    /// The place before this one, or after it; it is where we are from now on.
    pub fn step(&mut self, back: bool) -> Option<Visit> {
        let (from, to) = if back { (&mut self.past, &mut self.future) } else { (&mut self.future, &mut self.past) };
        let visit = from.pop()?;
        to.extend(self.here.replace(visit));
        Some(visit)
    }

    /// What was visited, the latest first: here, what lies before, what one came back from.
    pub fn visited(&self) -> impl Iterator<Item = Visit> + '_ {
        self.here.iter().chain(self.past.iter().rev()).chain(&self.future).copied()
    }
}
