//! A document as Markdown.

use super::doc::Doc;

/// Writes the whole document.
pub(super) fn markdown(doc: &Doc) -> String {
    doc.plain_text()
}
