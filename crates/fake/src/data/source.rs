//! The assets as they are written: TOML for records, a header and text for documents. Only shapes and parsing;
//! what becomes of them is in [`super::build`]. `assets/demo/README.md` says the same to those who write them.

use std::collections::BTreeMap;

use serde::Deserialize;

/// `assets/demo/lookups.toml`: the account-wide lists.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lookups {
    pub organization_types: Vec<Named>,
    pub organization_statuses: Vec<Named>,
    pub configuration_types: Vec<Named>,
    pub configuration_statuses: Vec<Named>,
    pub contact_types: Vec<Named>,
    pub password_categories: Vec<Named>,
    pub platforms: Vec<String>,
    pub operating_systems: Vec<Named>,
    /// Manufacturer to models, a fixed id behind `=`
    pub models: BTreeMap<String, Vec<String>>,
    /// `Country=ISO` to regions `Region` or `Region=ISO`
    pub countries: BTreeMap<String, Vec<String>>,
    pub users: Vec<User>,
    /// Group to the names of its users
    pub groups: BTreeMap<String, Vec<String>>,
}

/// An entry of a list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Named {
    pub name: String,
    pub id: Option<u64>,
    pub kind: Option<String>,
    pub platform: Option<String>,
}

/// A technician.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct User {
    pub id: Option<u64>,
    pub name: [String; 2],
    pub role: String,
}

/// `assets/demo/catalogue.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Catalogue {
    pub roles: Vec<Role>,
}

/// What devices of one role have in common.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Role {
    pub role: String,
    pub label: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub net: u32,
    pub host: u32,
    pub models: Vec<String>,
    pub os: Vec<String>,
    pub ports: Vec<String>,
    pub notes: Vec<String>,
}

/// One file of `assets/demo/organizations`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Organization {
    pub id: u64,
    pub name: String,
    pub short: String,
    /// Begins the names of devices where the short name cannot
    pub prefix: Option<String>,
    #[serde(rename = "type")]
    pub kind: String,
    pub status: String,
    #[serde(default)]
    pub primary: bool,
    /// Short name of the organization above
    pub parent: Option<String>,
    #[serde(default)]
    pub long_ids: bool,
    pub description: String,
    pub alert: String,
    pub quick_notes: String,
    #[serde(default)]
    pub quick_notes_vaulted: bool,
    /// The PSA it is synced with, as `filter[psa_integration_type]` names it
    pub psa: Option<String>,
    /// The RMM its machines report to, as `filter[rmm_integration_type]` names it
    pub rmm: Option<String>,
    /// First two octets of the network
    pub lan: String,
    /// Domain of mail addresses
    pub mail: String,
    pub created: String,
    pub updated: Option<String>,
    pub equipment: BTreeMap<String, usize>,
    /// First name, last name, title, type, `important`
    pub contacts: Vec<Vec<String>>,
    /// Name, registrar, date
    pub domains: Vec<[String; 3]>,
    #[serde(default)]
    pub locations: Vec<Location>,
    #[serde(default)]
    pub devices: Vec<Device>,
}

/// A location.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Location {
    pub id: Option<u64>,
    pub name: String,
    pub address: Vec<String>,
    pub city: String,
    pub postal: String,
    pub region: String,
    pub phone: Option<String>,
    pub notes: Option<String>,
}

/// A device that is not only counted but described: what is absent comes from the role `like`.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Device {
    pub role: String,
    pub like: String,
    pub id: Option<u64>,
    pub name: Option<String>,
    pub ip: Option<String>,
    pub mac: Option<String>,
    pub serial: Option<String>,
    pub tag: Option<String>,
    pub position: Option<String>,
    pub model: Option<String>,
    pub os: Option<String>,
    pub os_notes: Option<String>,
    pub notes: Option<String>,
    pub location: Option<String>,
    pub contact: Option<String>,
    pub installed_by: Option<String>,
    pub installed: Option<String>,
    pub purchased: Option<String>,
    pub warranty: Option<String>,
    pub status: Option<String>,
    #[serde(default)]
    pub archived: bool,
    #[serde(default)]
    pub restricted: bool,
    pub created: Option<String>,
    pub updated: Option<String>,
    pub interface_id: Option<u64>,
}

/// Which organizations a record is made for: `["*"]` is all those where what it needs exists.
pub(super) type Where = Vec<String>;

/// `assets/demo/passwords.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Passwords {
    pub passwords: Vec<Password>,
}

/// A password in one or many organizations.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Password {
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
pub(super) struct FlexibleAssets {
    pub types: Vec<FlexibleAssetType>,
    pub assets: Vec<FlexibleAsset>,
}

/// A type of flexible asset.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FlexibleAssetType {
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
pub(super) struct Field {
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
pub(super) struct FlexibleAsset {
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
pub(super) struct Checklists {
    pub templates: Vec<ChecklistTemplate>,
    pub checklists: Vec<Checklist>,
}

/// A list of tasks to copy.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChecklistTemplate {
    pub key: String,
    pub name: String,
    pub description: String,
    /// A task, with a description behind ` | `
    pub tasks: Vec<String>,
}

/// A checklist of one organization.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Checklist {
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
pub(super) struct Relations {
    pub relations: Vec<Relation>,
    pub attachments: Vec<AttachmentTo>,
    pub certificates: Vec<Certificate>,
    pub tickets: Vec<Ticket>,
}

/// Two records that belong together.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Relation {
    pub organizations: Where,
    pub from: String,
    pub to: String,
    pub notes: String,
}

/// A file on a record other than a document.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AttachmentTo {
    pub organizations: Where,
    pub to: String,
    pub file: String,
}

/// An SSL certificate.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Certificate {
    pub organization: String,
    pub name: String,
    pub expires: String,
}

/// A PSA ticket.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ticket {
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

/// What form a document's content has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Form {
    /// Sections
    Blocks,
    /// One string of HTML, as documents had before they had sections
    Legacy,
    /// An uploaded file: no text
    File,
    /// A new document that was never filled
    Empty,
}

/// Where a document is in its life.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum State {
    Published,
    Draft,
    Archived,
}

/// One file of `assets/demo/documents`.
pub(super) struct Document {
    /// The file's name without its ending
    pub slug: &'static str,
    /// The text is Markdown (`.md`), not HTML (`.html`)
    pub markdown: bool,
    pub name: String,
    pub organizations: Where,
    pub folder: Option<String>,
    pub form: Form,
    pub state: State,
    pub restricted: bool,
    pub public: bool,
    /// Fixed ids: short name and id
    pub ids: Vec<(String, u64)>,
    pub author: String,
    pub created: String,
    pub updated: String,
    /// Selector and notes
    pub related: Vec<(String, String)>,
    /// Files, each `name size` with an id behind it where it is fixed
    pub attach: Vec<String>,
    pub body: &'static str,
}

impl Document {
    /// Reads a file: a header between two lines `---`, then the text.
    pub(super) fn parse(path: &'static str, text: &'static str) -> Result<Self, String> {
        let file = path.rsplit('/').next().unwrap_or(path);
        let (slug, ending) = file.rsplit_once('.').ok_or_else(|| format!("{path}: no ending"))?;
        let rest = text.strip_prefix("---\n").ok_or_else(|| format!("{path}: does not begin with ---"))?;
        let (header, body) = rest.split_once("\n---\n").ok_or_else(|| format!("{path}: the header does not end"))?;
        let mut document = Document {
            slug,
            markdown: ending == "md",
            name: String::new(),
            organizations: Vec::new(),
            folder: None,
            form: Form::Blocks,
            state: State::Published,
            restricted: false,
            public: false,
            ids: Vec::new(),
            author: "Ruth Osei".to_owned(),
            created: "2022-03-14".to_owned(),
            updated: "2026-05-20".to_owned(),
            related: Vec::new(),
            attach: Vec::new(),
            body,
        };
        for line in header.lines().filter(|line| !line.trim().is_empty()) {
            let (key, value) = line.split_once(':').ok_or_else(|| format!("{path}: {line}: no colon"))?;
            let value = value.trim();
            match key.trim() {
                "name" => value.clone_into(&mut document.name),
                "organizations" => {
                    document.organizations = value.split(',').map(|short| short.trim().to_owned()).collect();
                }
                "folder" => document.folder = Some(value.to_owned()),
                "form" => {
                    document.form = match value {
                        "blocks" => Form::Blocks,
                        "legacy" => Form::Legacy,
                        "file" => Form::File,
                        "empty" => Form::Empty,
                        other => return Err(format!("{path}: form {other}")),
                    }
                }
                "state" => {
                    document.state = match value {
                        "published" => State::Published,
                        "draft" => State::Draft,
                        "archived" => State::Archived,
                        other => return Err(format!("{path}: state {other}")),
                    }
                }
                "restricted" => document.restricted = value == "yes",
                "public" => document.public = value == "yes",
                "author" => value.clone_into(&mut document.author),
                "created" => value.clone_into(&mut document.created),
                "updated" => value.clone_into(&mut document.updated),
                "attach" => document.attach.push(value.to_owned()),
                "id" => {
                    let (short, id) = value.split_once('=').ok_or_else(|| format!("{path}: id {value}"))?;
                    let id = id.trim().parse().map_err(|_| format!("{path}: id {value}"))?;
                    document.ids.push((short.trim().to_owned(), id));
                }
                "related" => {
                    let (selector, notes) = value.split_once(' ').unwrap_or((value, ""));
                    let notes = notes.trim().trim_start_matches('(').trim_end_matches(')');
                    document.related.push((selector.to_owned(), notes.to_owned()));
                }
                other => return Err(format!("{path}: unknown key {other}")),
            }
        }
        if document.name.is_empty() || document.organizations.is_empty() {
            return Err(format!("{path}: name or organizations missing"));
        }
        Ok(document)
    }
}

/// One block of a document's text, still with placeholders.
#[derive(PartialEq, Debug)]
pub(super) enum Block<'a> {
    /// `== Heading`: the number of signs is the level
    Heading(u8, &'a str),
    /// The text between the other blocks, or under `-- text`
    Text(&'a str),
    /// `-- step 5`: minutes; `-- step 5 first` begins to count again
    Step { minutes: Option<u32>, first: bool, text: &'a str },
    /// `-- gallery`: one image a line, `name size`
    Gallery(Vec<&'a str>),
}

/// Splits a document's text at its block lines. Lines inside code fences are never block lines.
pub(super) fn blocks(body: &str) -> Vec<Block<'_>> {
    enum Open {
        Text,
        Step(Option<u32>, bool),
        Gallery,
    }
    fn close<'a>(blocks: &mut Vec<Block<'a>>, open: &Open, text: &'a str) {
        let trimmed = text.trim_matches('\n');
        match open {
            Open::Text if trimmed.trim().is_empty() => {}
            Open::Text => blocks.push(Block::Text(trimmed)),
            Open::Step(minutes, first) => {
                blocks.push(Block::Step { minutes: *minutes, first: *first, text: trimmed });
            }
            Open::Gallery => {
                let images: Vec<&str> = trimmed.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
                blocks.push(Block::Gallery(images));
            }
        }
    }
    let mut blocks = Vec::new();
    let mut open = Open::Text;
    let (mut from, mut at, mut fenced) = (0, 0, false);
    for line in body.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let word = line.trim_end();
        if word.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        let signs = word.bytes().take_while(|&b| b == b'=').count();
        let next = if (2..=6).contains(&signs) && word.as_bytes().get(signs) == Some(&b' ') {
            close(&mut blocks, &open, body.get(from..start).unwrap_or_default());
            blocks.push(Block::Heading(signs as u8, word.get(signs..).unwrap_or_default().trim()));
            Open::Text
        } else if let Some(rest) = word.strip_prefix("-- step") {
            close(&mut blocks, &open, body.get(from..start).unwrap_or_default());
            let mut words = rest.split_whitespace();
            let minutes = words.next().and_then(|word| word.parse().ok());
            Open::Step(minutes, rest.ends_with("first"))
        } else if word == "-- gallery" {
            close(&mut blocks, &open, body.get(from..start).unwrap_or_default());
            Open::Gallery
        } else if word == "-- text" {
            close(&mut blocks, &open, body.get(from..start).unwrap_or_default());
            Open::Text
        } else {
            continue;
        };
        open = next;
        from = at;
    }
    close(&mut blocks, &open, body.get(from..).unwrap_or_default());
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_split_at_its_block_lines_and_not_inside_code() {
        let body = "Intro\n\n== Before\nText\n```\n== no heading\n-- step 9\n```\n-- step 5 first\nPress\n-- gallery\na.jpg 12\n\nb.jpg 3\n-- text\nEnd\n";
        assert_eq!(
            blocks(body),
            [
                Block::Text("Intro"),
                Block::Heading(2, "Before"),
                Block::Text("Text\n```\n== no heading\n-- step 9\n```"),
                Block::Step { minutes: Some(5), first: true, text: "Press" },
                Block::Gallery(vec!["a.jpg 12", "b.jpg 3"]),
                Block::Text("End"),
            ]
        );
    }

    #[test]
    fn a_header_with_an_unknown_key_is_refused() {
        let wrong = Document::parse("x/a.md", "---\nname: A\norganizations: HPD\ncolour: red\n---\nText");
        assert!(wrong.is_err_and(|why| why.contains("colour")));
    }
}
