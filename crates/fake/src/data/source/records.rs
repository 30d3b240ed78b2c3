//! Passwords, flexible assets, checklists and what ties records together.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Which organizations a record is made for: `["*"]` is all those where what it needs exists.
pub(in crate::data) type Where = Vec<String>;

/// `assets/demo/passwords.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::data) struct Passwords {
    pub passwords: Vec<Password>,
}

/// A password in one or many organizations.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::data) struct Password {
    pub key: String,
    pub id: Option<u64>,
    pub name: String,
    pub organizations: Where,
    /// Every device of this role gets one
    #[serde(default)]
    pub each: bool,
    pub parent: Option<String>,
    #[serde(default)]
    pub needs: Vec<String>,
    pub username: Option<String>,
    pub url: Option<String>,
    pub notes: Option<String>,
    pub category: Option<String>,
    pub folder: Option<String>,
    pub style: Option<String>,
    pub value: Option<String>,
    #[serde(default)]
    pub vaulted: bool,
    #[serde(default)]
    pub otp: bool,
    #[serde(default)]
    pub restricted: bool,
    #[serde(default)]
    pub archived: bool,
    #[serde(default)]
    pub personal: bool,
    #[serde(default)]
    pub versions: u32,
    pub changed: Option<String>,
}

/// `assets/demo/flexible_assets.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::data) struct FlexibleAssets {
    pub types: Vec<FlexibleAssetType>,
    pub assets: Vec<FlexibleAsset>,
}

/// A type of flexible asset.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::data) struct FlexibleAssetType {
    pub key: String,
    pub id: Option<u64>,
    pub name: String,
    pub icon: String,
    pub description: String,
    #[serde(default = "yes")]
    pub enabled: bool,
    pub fields: Vec<Field>,
}

/// A field of a flexible asset type.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::data) struct Field {
    pub name: String,
    pub key: String,
    pub kind: String,
    pub hint: Option<String>,
    pub tag: Option<String>,
    pub options: Option<String>,
    pub decimals: Option<u32>,
    #[serde(default)]
    pub title: bool,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub expires: bool,
    #[serde(default)]
    pub list: bool,
}

/// A flexible asset in one or many organizations.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::data) struct FlexibleAsset {
    pub key: String,
    pub id: Option<u64>,
    #[serde(rename = "type")]
    pub kind: String,
    pub organizations: Where,
    #[serde(default)]
    pub needs: Vec<String>,
    #[serde(default)]
    pub archived: bool,
    #[serde(default)]
    pub restricted: bool,
    pub traits: BTreeMap<String, toml::Value>,
}

/// `assets/demo/checklists.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::data) struct Checklists {
    pub templates: Vec<ChecklistTemplate>,
    pub checklists: Vec<Checklist>,
}

/// A list of tasks to copy.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::data) struct ChecklistTemplate {
    pub key: String,
    pub name: String,
    pub description: String,
    /// A task, with a description behind ` | `
    pub tasks: Vec<String>,
}

/// A checklist of one organization.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::data) struct Checklist {
    pub organization: String,
    pub template: String,
    pub name: String,
    pub due: Option<String>,
    pub assignee: Option<String>,
    /// How many tasks are done
    pub done: usize,
    #[serde(default)]
    pub archived: bool,
}

/// `assets/demo/relations.toml`: what is tied together outside the documents.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::data) struct Relations {
    pub relations: Vec<Relation>,
    pub attachments: Vec<AttachmentTo>,
    pub certificates: Vec<Certificate>,
    pub tickets: Vec<Ticket>,
}

/// Two records that belong together.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::data) struct Relation {
    pub organizations: Where,
    pub from: String,
    pub to: String,
    pub notes: String,
}

/// A file on a record other than a document.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::data) struct AttachmentTo {
    pub organizations: Where,
    pub to: String,
    pub file: String,
}

/// An SSL certificate.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::data) struct Certificate {
    pub organization: String,
    pub name: String,
    pub expires: String,
}

/// A PSA ticket.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::data) struct Ticket {
    pub organization: String,
    pub number: u64,
    pub name: String,
    pub on: String,
    pub status: String,
    pub priority: String,
}

fn yes() -> bool {
    true
}
