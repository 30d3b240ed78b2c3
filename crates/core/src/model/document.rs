//! Documents and the blocks they are made of.

use std::sync::Arc;

use super::{Common, DocumentFolderId, RawBody};
use crate::text::Clean;

/// One block of a document, in reading order.
#[derive(Clone, PartialEq, Debug)]
pub enum Section {
    /// `Document::Text`: HTML
    Text(RawBody),
    /// `Document::Heading`: plain text with a level from 1 to 6
    Heading {
        /// 1 to 6
        level: u8,
        /// Plain text
        text: Clean,
    },
    /// `Document::Step`: HTML with a duration
    Step {
        /// HTML
        text: RawBody,
        /// Minutes
        duration: Option<u32>,
        /// The count of steps starts again here
        resets: bool,
        /// Images of the step's own gallery: (id, name, size in bytes)
        images: Vec<GalleryImage>,
    },
    /// `Document::Gallery`: images
    Gallery(Vec<GalleryImage>),
    /// A kind of block we do not know, named as the server names it
    Unknown(Clean),
}

/// An image of a gallery or step.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct GalleryImage {
    pub id: u64,
    pub name: Clean,
    pub size: Option<u64>,
}

/// The content of a document in the forms the API knows.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum Content {
    /// Nothing in the list's answer: ask the sections endpoint unless the document is an uploaded file
    #[default]
    Empty,
    /// Blocks, sorted by `sort`
    Sections(Vec<Section>),
    /// A legacy document: one HTML string
    Html(RawBody),
}

/// A document.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct Document {
    pub id: u64,
    pub name: Clean,
    pub document_folder_id: Option<DocumentFolderId>,
    pub content: Arc<Content>,
    /// A Word, PDF or other file: no text, the file is an attachment
    pub is_uploaded: bool,
    pub public: bool,
    /// `None`: never published, a draft
    pub published_at: Option<jiff::Timestamp>,
    pub user_id: Option<u64>,
    pub common: Common,
}
