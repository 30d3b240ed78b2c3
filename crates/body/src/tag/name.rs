//! The elements that mean something to a reader.

/// An element. Those that change nothing for a reader have no variant of their own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum Tag {
    /// One that changes nothing for a reader, or none of ours
    Other,
    /// A block that stands on its own without a look
    Div,
    P,
    H1,
    H2,
    H3,
    H4,
    H5,
    H6,
    Quote,
    Ul,
    Ol,
    Li,
    Dl,
    Dt,
    Dd,
    Pre,
    Table,
    Caption,
    Thead,
    Tbody,
    Tfoot,
    Tr,
    Td,
    Th,
    Summary,
    Hr,
    Br,
    A,
    B,
    I,
    S,
    U,
    Mark,
    Sub,
    Sup,
    Code,
    Kbd,
    Span,
    Q,
    Img,
    Input,
    /// What wikis say of a task: its state
    TaskState,
    /// What wikis say of a task: numbers that are not for readers
    TaskNumber,
    /// What we can only name, as the next three
    Iframe,
    Video,
    Audio,
    Object,
    /// What is not for readers, as the next two: its text is markup of another kind
    Script,
    Style,
    Title,
    Textarea,
    /// What is shown as it is written
    Plain,
}

impl Tag {
    /// How many there are.
    pub const COUNT: usize = Self::Plain as usize + 1;

    /// The level of a heading.
    pub fn heading(self) -> Option<u8> {
        Some(match self {
            Self::H1 => 1,
            Self::H2 => 2,
            Self::H3 => 3,
            Self::H4 => 4,
            Self::H5 => 5,
            Self::H6 => 6,
            _ => return None,
        })
    }

    /// The element of a heading.
    pub fn of_heading(level: u8) -> Self {
        match level {
            0 | 1 => Self::H1,
            2 => Self::H2,
            3 => Self::H3,
            4 => Self::H4,
            5 => Self::H5,
            _ => Self::H6,
        }
    }

    /// How the tokenizer reads what is inside.
    pub fn content(self) -> Inside {
        match self {
            Self::Script | Self::Style | Self::Iframe | Self::Plain => Inside::Raw,
            Self::Title | Self::Textarea => Inside::Text,
            _ => Inside::Markup,
        }
    }
}

/// How the tokenizer reads the inside of an element.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Inside {
    /// Tags, character references, text
    Markup,
    /// Character references and text
    Text,
    /// Text as it is
    Raw,
}
