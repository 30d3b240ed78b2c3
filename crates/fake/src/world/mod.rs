//! What the embedded IT Glue knows: rows by table and id, the links between them, nothing of HTTP.
//!
//! A row holds the attributes exactly as the API serves them, with kebab-case keys. Keys that begin with `_` are the
//! server's own and never leave it:
//!
//! | Key | On | Meaning |
//! |---|---|---|
//! | `_value` | passwords | the password itself |
//! | `_versions` | passwords | array of `{"id", "value"}`: older values |
//! | `_parent` | passwords of `resource-type` `flexible-asset-traits`, attachments, resource accesses, versions and other rows that exist only under a record | `{"table": "documents", "id": 7}`; the table by its type name |
//! | `_published` | document sections | `false` while the section exists on the draft only |
//! | `_draft` | document sections | attributes changed on the draft, shown after the next publish |
//! | `_deleted` | document sections | `true` once deleted on the draft, until the next publish |
//! | `_psa`, `_rmm` | anything with such filters | `{"id": "77", "type": "autotask"}`: what `psa_id` and `rmm_id` compare with |
//! | `_kind` | configuration types | the `configuration-type-kind` of their configurations |
//! | `_groups` | organizations | array of group ids, for `filter[group_id]` |
//! | `_users`, `_organizations` | groups | arrays of ids, for the includes |
//! | `_bytes` | attachments, document images | the file, base64; a small placeholder is served without it |
//!
//! Tag traits of flexible assets are stored the way the API takes them, as arrays of ids (`"router": [9021180]`). What
//! they point at is said by the `tag-type` of the field; the server expands them when it answers.
//!
//! Besides stored rows a world may have a [`Base`]: rows computed on demand from their number, so that a hundred

mod links;
mod row;
mod store;
mod table;
mod tags;

pub use row::{Attributes, Base, Link, Row};
pub(crate) use row::{id_of, number};
pub use store::World;
pub use table::Table;
pub(crate) use tags::tag_target;
