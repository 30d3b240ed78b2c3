//! The form of a field that may be plain text or HTML.

/// How a field that may be either is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Text as it is
    Plain,
    /// Text with formatting and references, whose line ends count
    Lines,
    /// HTML with blocks
    Blocks,
}
