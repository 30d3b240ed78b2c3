//! What somebody wants to do, and what a rule can say about it.

/// What a user wants to do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Action {
    /// Read the text of a document
    View,
    /// See which passwords there are
    ListPasswords,
    /// Show the value of a password
    Reveal,
    /// Copy or hand over the value of a password unseen
    Copy,
    /// Show the value of a password in parts
    Console,
    /// Any of these with an earlier version of a password
    Version,
    /// Open a web address
    OpenLink,
    /// Make a record
    Create,
    /// Change a record
    Update,
    /// Start another program with a secret
    Launch,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 10] = [
        Self::View,
        Self::ListPasswords,
        Self::Reveal,
        Self::Copy,
        Self::Console,
        Self::Version,
        Self::OpenLink,
        Self::Create,
        Self::Update,
        Self::Launch,
    ];

    /// The word in the file.
    pub fn word(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::ListPasswords => "list-passwords",
            Self::Reveal => "reveal",
            Self::Copy => "copy",
            Self::Console => "console",
            Self::Version => "version",
            Self::OpenLink => "open-link",
            Self::Create => "create",
            Self::Update => "update",
            Self::Launch => "launch",
        }
    }

    /// The action of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.word() == word)
    }

    /// Whether this version of the program does such a thing at all.
    pub fn exists(self) -> bool {
        !matches!(self, Self::Create | Self::Update | Self::Launch)
    }

    /// Whether the value of a password is part of it: then it is on record whatever a rule says.
    pub fn is_of_a_secret(self) -> bool {
        matches!(self, Self::Reveal | Self::Copy | Self::Console | Self::Version)
    }

    /// Whether a rule decides if it is on record.
    pub fn can_be_audited(self) -> bool {
        matches!(self, Self::View | Self::ListPasswords | Self::OpenLink)
    }

    /// What holds if a file is invalid: reading still works, nothing else does.
    pub(super) fn in_doubt(self) -> Verdict {
        match self {
            Self::View | Self::OpenLink => Verdict::Allow,
            _ => Verdict::Deny,
        }
    }
}

/// What a rule says, from the mildest to the strictest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Verdict {
    /// Continue
    #[default]
    Allow,
    /// Ask for a yes first
    Ask,
    /// Ask for a reason and a ticket, which are recorded
    AskReason,
    /// Never
    Deny,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 4] = [Self::Allow, Self::Ask, Self::AskReason, Self::Deny];

    /// The word in the file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Ask => "ask",
            Self::AskReason => "ask-reason",
            Self::Deny => "deny",
        }
    }

    /// What it means, after "policy".
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Allow => "allows this",
            Self::Ask => "asks first",
            Self::AskReason => "asks for a reason and a ticket",
            Self::Deny => "denies this",
        }
    }
}
