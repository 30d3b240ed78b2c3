//! The values of flexible assets on a card. The shape of a value says little, so the field's kind decides: IT Glue sends
//! tags as records, as ids or as one number, and flags as flags, numbers or text.

use super::{Card, clean, kind_of_label, plain};
use gluepot_body::Inline;
use gluepot_core::model::{Extras, FlexibleAssetField, Kind, RecordKey, TagValue, TraitValue};
use gluepot_core::text::Clean;

/// The kind of record that a Tag field holds by its `tag-type`: `Configurations`, `FlexibleAssetType: 1234`.
fn tag_kind(tag_type: &str) -> Kind {
    kind_of_label(tag_type.split(':').next().unwrap_or_default())
}

/// A flag in whatever form it came; `None` when it is none.
fn flag(text: &str) -> Option<bool> {
    match &*text.trim().to_ascii_lowercase() {
        "true" | "t" | "yes" | "y" | "1" | "on" | "checked" => Some(true),
        "false" | "f" | "no" | "n" | "0" | "off" | "unchecked" => Some(false),
        _ => None,
    }
}

/// Ids written as numbers or text, separated by commas; `None` if anything else is among them.
fn ids(text: &str) -> Option<Vec<u64>> {
    let text = text.trim().trim_start_matches('[').trim_end_matches(']');
    text.split(',').map(|id| id.trim().trim_matches('"').parse().ok()).collect()
}

impl Card<'_> {
    /// Adds one value. A field that the type does not name (any more) has no kind.
    pub(super) fn trait_value(
        &mut self,
        name: &Clean,
        field: &FlexibleAssetField,
        value: &TraitValue,
        extras: Option<&Extras>,
    ) {
        match &*field.kind.to_ascii_lowercase() {
            "tag" => self.tag_value(name, field, value),
            "password" => self.password_value(name, value, extras),
            "checkbox" => {
                let shown = match value {
                    TraitValue::Flag(flag) => Some(*flag),
                    TraitValue::Number(number) => flag(number),
                    TraitValue::Text(text) => flag(text.source()),
                    _ => None,
                };
                match shown {
                    Some(shown) => self.text(name, if shown { "yes" } else { "no" }),
                    None => self.any_value(name, value, extras),
                }
            }
            "percent" => match value {
                TraitValue::Number(number) => self.text(name, &format!("{number} %")),
                TraitValue::Text(text) if text.source().trim().parse::<f64>().is_ok() => {
                    self.text(name, &format!("{} %", text.source().trim()));
                }
                _ => self.any_value(name, value, extras),
            },
            "date" => match value {
                TraitValue::Text(text) => self.date(name, text.source().trim()),
                _ => self.any_value(name, value, extras),
            },
            "textbox" => match value {
                TraitValue::Text(text) if text.is_empty() => self.push(name, Vec::new(), false),
                TraitValue::Text(text) => {
                    self.end_before_body(name);
                    self.out.notes(text);
                }
                _ => self.any_value(name, value, extras),
            },
            _ => self.any_value(name, value, extras),
        }
    }

    /// A value by its shape alone.
    fn any_value(&mut self, name: &Clean, value: &TraitValue, extras: Option<&Extras>) {
        match value {
            TraitValue::Text(body) => {
                let text = plain(body.source());
                if text.starts_with("http://") || text.starts_with("https://") {
                    self.web(name, &text);
                } else if text.trim().is_empty() {
                    self.push(name, Vec::new(), false);
                } else {
                    self.push(name, vec![Inline::Text(text)], true);
                }
            }
            TraitValue::Number(number) => self.text(name, number),
            TraitValue::Flag(flag) => self.text(name, if *flag { "yes" } else { "no" }),
            TraitValue::Tags(tags) => self.tags(name, Kind::Unknown, tags),
            TraitValue::Password(id) => self.password_link(name, *id, extras),
            TraitValue::Uploads(files) => {
                let mut line = Vec::new();
                for file in files {
                    if !line.is_empty() {
                        line.push(Inline::Break);
                    }
                    line.push(Inline::Text(if file.name.trim().is_empty() {
                        clean("a file without a name")
                    } else {
                        file.name.clone()
                    }));
                    if let gluepot_body::LinkTarget::Web(address) = self.context.base.resolve(&file.url) {
                        line.extend([Inline::Dim(clean(" · ")), Inline::Web(address)]);
                    }
                }
                self.push(name, line, true);
            }
            // The words of a data format say nothing to a reader, and what they hold is not known to be harmless.
            TraitValue::Other(_) => {
                self.push(name, vec![Inline::Dim(clean("in a form unknown to gluepot; see the web app"))], false);
            }
        }
    }

    fn tag_value(&mut self, name: &Clean, field: &FlexibleAssetField, value: &TraitValue) {
        let kind = tag_kind(&field.tag_type);
        let source = self.context.base.source;
        let by_id = |ids: Vec<u64>| {
            let tag = |id| TagValue {
                key: RecordKey::new(source, kind, id),
                name: Clean::default(),
                organization_name: Clean::default(),
                hostname: Clean::default(),
                resource_url: Clean::default(),
            };
            ids.into_iter().map(tag).collect::<Vec<_>>()
        };
        let text = match value {
            TraitValue::Tags(tags) => return self.tags(name, kind, tags),
            TraitValue::Password(id) => return self.tags(name, kind, &by_id(vec![*id])),
            TraitValue::Number(text) | TraitValue::Other(text) => text.to_string(),
            TraitValue::Text(text) => text.source().to_owned(),
            TraitValue::Flag(_) | TraitValue::Uploads(_) => return self.any_value(name, value, None),
        };
        match ids(&text) {
            Some(ids) => self.tags(name, kind, &by_id(ids)),
            None => self.any_value(name, value, None),
        }
    }

    /// Records as jumps. Where only the id is known the name comes from what is loaded, else the id is shown.
    fn tags(&mut self, name: &Clean, kind: Kind, tags: &[TagValue]) {
        let mut line = Vec::new();
        for tag in tags {
            if !line.is_empty() {
                line.push(Inline::Break);
            }
            let kind = if tag.key.kind == Kind::Unknown { kind } else { tag.key.kind };
            let key = RecordKey { kind, ..tag.key };
            let known = || self.context.store.record(key).map(|record| record.name().clone());
            let shown = if tag.name.trim().is_empty() {
                known().unwrap_or_else(|| clean(tag.key.id.to_string()))
            } else {
                tag.name.clone()
            };
            line.push(match kind {
                Kind::Unknown => Inline::Text(shown),
                _ => Inline::Record { key, organization: self.organization, name: shown },
            });
            if !tag.hostname.is_empty() {
                line.push(Inline::Dim(clean(format!(" · {}", tag.hostname))));
            }
        }
        self.push(name, line, true);
    }

    /// A Password field holds the id of an embedded password, as a number or as text. What is no id could be a value
    /// that a user put there: it is not shown.
    fn password_value(&mut self, name: &Clean, value: &TraitValue, extras: Option<&Extras>) {
        let id = match value {
            TraitValue::Password(id) => Some(*id),
            TraitValue::Number(number) => number.trim().parse().ok(),
            TraitValue::Text(text) => text.source().trim().parse().ok(),
            TraitValue::Tags(tags) => tags.first().map(|tag| tag.key.id),
            TraitValue::Flag(_) | TraitValue::Uploads(_) | TraitValue::Other(_) => None,
        };
        match id {
            Some(id) => self.password_link(name, id, extras),
            None => self.push(name, vec![Inline::Dim(clean("not shown: it is not the id of a password"))], false),
        }
    }

    fn password_link(&mut self, name: &Clean, id: u64, extras: Option<&Extras>) {
        let key = RecordKey::new(self.context.base.source, Kind::Password, id);
        let known = extras.and_then(|extras| extras.passwords.iter().find(|password| password.id == id));
        let label = known.map_or_else(|| format!("password {id}"), |password| password.name.to_string());
        self.jump(name, key, self.organization, &label);
    }
}
