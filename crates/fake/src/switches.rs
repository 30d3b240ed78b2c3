//! What differs between one account, or one time, and another: switched by the faults of the same names.

use super::faults::Fault;

/// The switches that are on for one request.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(super) struct Switches {
    /// Document bodies as strings
    pub legacy_content: bool,
    /// Folders, tasks and certificates can be listed at the top level
    pub open_lists: bool,
    /// Only documented filters, sort fields and includes work
    pub strict: bool,
    /// `links` is `{}` where one page holds everything
    pub bare_links: bool,
    /// `psa_id` and `rmm_id` without their type are ignored instead of refused
    pub pair_alone: bool,
    /// Rows of password lists carry the value
    pub list_password: bool,
    /// Attachments are kept on the host of the API
    pub api_downloads: bool,
}

impl Switches {
    /// The switches among the faults that strike a request.
    pub(super) fn of(faults: &[Fault]) -> Self {
        Self {
            legacy_content: faults.contains(&Fault::LegacyContent),
            open_lists: faults.contains(&Fault::OpenLists),
            strict: faults.contains(&Fault::Strict),
            bare_links: faults.contains(&Fault::BareLinks),
            pair_alone: faults.contains(&Fault::PairAlone),
            list_password: faults.contains(&Fault::ListPassword),
            api_downloads: faults.contains(&Fault::ApiDownloads),
        }
    }
}
