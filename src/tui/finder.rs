//! The finder: every record of the open client, or of all that were opened.

/// What the finder remembers while it is filled in the background.
#[derive(Default)]
pub struct Finder {
    /// Which filling counts
    pub finder_ticket: u64,
}
