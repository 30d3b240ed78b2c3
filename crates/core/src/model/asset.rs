//! Flexible assets, their types and the values of their fields.

use std::sync::Arc;

use super::{Common, FlexibleAssetTypeId, RawBody, RecordKey, SourceId};
use crate::text::Clean;

/// A type of flexible asset with its fields in order.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct FlexibleAssetType {
    /// The account it comes from
    pub source: SourceId,
    pub id: u64,
    pub name: Clean,
    pub description: Clean,
    pub icon: Clean,
    pub enabled: bool,
    /// Sorted by `order`
    pub fields: Vec<FlexibleAssetField>,
}

/// A field of a flexible asset type.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct FlexibleAssetField {
    pub id: u64,
    pub name: Clean,
    /// The key in `traits`
    pub name_key: Clean,
    /// `Text`, `Textbox`, `Number`, `Percent`, `Checkbox`, `Date`, `Select`, `Header`, `Tag`, `Password`, `Upload`
    pub kind: Clean,
    pub hint: Clean,
    pub tag_type: Clean,
    pub order: i64,
    pub required: bool,
    pub use_for_title: bool,
    pub expiration: bool,
    pub show_in_list: bool,
}

/// A record named by a Tag field or a link.
#[derive(Clone, PartialEq, Debug)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct TagValue {
    pub key: RecordKey,
    pub name: Clean,
    pub organization_name: Clean,
    pub hostname: Clean,
    pub resource_url: Clean,
}

/// A file named by an Upload field.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct UploadValue {
    pub name: Clean,
    pub url: Clean,
}

/// The value of a trait, told apart by its shape; the field's kind decides how it is drawn.
#[derive(Clone, PartialEq, Debug)]
pub enum TraitValue {
    /// Text, Select, Date, and numbers sent as strings: may be HTML for a Textbox
    Text(RawBody),
    /// Number or Percent, as the server wrote it
    Number(Clean),
    /// Checkbox
    Flag(bool),
    /// Tag: the class name the server gives and the records
    Tags(Vec<TagValue>),
    /// Password: the id of an embedded password record
    Password(u64),
    /// Upload
    Uploads(Vec<UploadValue>),
    /// A shape we do not know, as filtered JSON
    Other(Clean),
}

/// A flexible asset.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct FlexibleAsset {
    pub id: u64,
    pub name: Clean,
    pub flexible_asset_type_id: Option<FlexibleAssetTypeId>,
    pub flexible_asset_type_name: Arc<str>,
    /// (name key, value) in the server's order; the type's fields give the order to show
    pub traits: Vec<(Clean, TraitValue)>,
    pub common: Common,
}
