//! How often the person is asked which client a secret belongs to.

use serde::{Deserialize, Serialize};

/// How often the first secret of a client asks which client it is, from the strictest to the mildest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConfirmClient {
    /// After each change of client
    #[default]
    EachChange,
    /// Once for each client and run
    Once,
    /// Never
    Never,
}

impl ConfirmClient {
    /// Every answer, from the strictest to the mildest.
    pub const ALL: [Self; 3] = [Self::EachChange, Self::Once, Self::Never];

    /// The word in the files.
    pub fn word(self) -> &'static str {
        match self {
            Self::EachChange => "each-change",
            Self::Once => "once",
            Self::Never => "never",
        }
    }
}
