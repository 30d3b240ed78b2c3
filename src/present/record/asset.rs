//! Flexible assets. The shape of a value says little, so the field's kind decides: IT Glue sends tags as records, as ids
//! or as one number, and flags as flags, numbers or text.

use gluepot_core::model::{
    Extras, FlexibleAsset, FlexibleAssetField, FlexibleAssetType, Kind, ListKey, RawBody, Record, RecordKey, SourceId,
    TagValue, TraitValue, UploadValue,
};
use gluepot_core::text::Clean;

use crate::present::sheet::{Runs, Value};
use crate::present::writer::{Writer, clean, plain};
use gluepot_core::library::Library;

/// The kind of record that a Tag field holds by its `tag-type`: `Configurations`, `FlexibleAssetType: 1234`.
fn tag_kind(tag_type: &str) -> Kind {
    Kind::of_label(tag_type.split(':').next().unwrap_or_default())
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

fn asset_type(store: &Library, source: SourceId, id: u64) -> Option<&FlexibleAssetType> {
    match store.list(ListKey::FlexibleAssetTypes(source)).get(id)?.as_ref() {
        Record::FlexibleAssetType(kind) => Some(kind),
        _ => None,
    }
}

/// Yes or no, for flags that are shown either way.
fn yes(value: bool) -> Value {
    Value::Text(clean(if value { "yes" } else { "no" }))
}

impl Writer<'_> {
    pub(super) fn flexible_asset(&mut self, r: &FlexibleAsset, extras: Option<&Extras>) {
        let kind = r.flexible_asset_type_id.and_then(|id| asset_type(self.context.store, self.source, id.0));
        let mut shown: Vec<&str> = Vec::new();
        let mut title: Clean = clean(&r.flexible_asset_type_name);
        for field in kind.map(|kind| kind.fields.as_slice()).unwrap_or_default() {
            if field.kind.eq_ignore_ascii_case("header") {
                self.end(&title);
                title = field.name.clone();
                continue;
            }
            shown.push(&field.name_key);
            match r.traits.iter().find(|(key, _)| key == &field.name_key).map(|(_, value)| value) {
                Some(value) => self.trait_value(&title, &field.name, field, value, extras),
                None => self.push(&field.name, Value::Empty),
            }
        }
        // Fields the type does not name (any more) are still shown, under their keys.
        for (key, value) in r.traits.iter().filter(|(key, _)| !shown.contains(&key.as_str())) {
            self.trait_value(&title, key, &FlexibleAssetField::default(), value, extras);
        }
        self.end(&title);
    }

    /// Adds one value. A field that the type does not name (any more) has no kind.
    fn trait_value(
        &mut self,
        group: &Clean,
        name: &Clean,
        field: &FlexibleAssetField,
        value: &TraitValue,
        extras: Option<&Extras>,
    ) {
        let value = match (&*field.kind.to_ascii_lowercase(), value) {
            ("textbox", TraitValue::Text(text)) if !text.is_empty() => return self.body_in_group(group, name, text),
            ("textbox", TraitValue::Text(_)) => Value::Empty,
            ("date", TraitValue::Text(text)) => return self.day(name, text.source().trim(), runs(name)),
            ("percent", TraitValue::Number(number)) => Value::text(format!("{number} %")),
            ("percent", TraitValue::Text(text)) if text.source().trim().parse::<f64>().is_ok() => {
                Value::text(format!("{} %", text.source().trim()))
            }
            ("checkbox", value) => match checked(value) {
                Some(checked) => yes(checked),
                None => self.any_value(value, extras),
            },
            ("tag", value) => self.tag_value(field, value),
            ("password", value) => self.password_value(value, extras),
            (_, value) => self.any_value(value, extras),
        };
        self.push(name, value);
    }

    /// A value by its shape alone.
    fn any_value(&self, value: &TraitValue, extras: Option<&Extras>) -> Value {
        match value {
            TraitValue::Text(body) => self.text_value(body),
            TraitValue::Number(number) => Value::text(number),
            TraitValue::Flag(flag) => yes(*flag),
            TraitValue::Tags(tags) => self.tags(Kind::Unknown, tags),
            TraitValue::Password(id) => self.password_link(*id, extras),
            TraitValue::Uploads(files) => Value::Many(files.iter().map(|file| self.upload(file)).collect()),
            // The words of a data format say nothing to a reader, and what they hold is not known to be harmless.
            TraitValue::Other(_) => Value::Withheld("in a form unknown to gluepot; see the web app"),
        }
    }

    fn text_value(&self, body: &RawBody) -> Value {
        let text = plain(body.source());
        if text.starts_with("http://") || text.starts_with("https://") {
            return self.web_value(&text);
        }
        if text.trim().is_empty() { Value::Empty } else { Value::Text(text) }
    }

    fn upload(&self, file: &UploadValue) -> Value {
        let name = if file.name.trim().is_empty() { clean("a file without a name") } else { file.name.clone() };
        match self.address(&file.url) {
            Some(address) => Value::Beside(Box::new(Value::Text(name)), Box::new(address)),
            None => Value::Text(name),
        }
    }

    fn tag_value(&self, field: &FlexibleAssetField, value: &TraitValue) -> Value {
        let kind = tag_kind(&field.tag_type);
        let by_id = |ids: Vec<u64>| {
            let tag = |id| TagValue {
                key: self.key(kind, id),
                name: Clean::default(),
                organization_name: Clean::default(),
                hostname: Clean::default(),
                resource_url: Clean::default(),
            };
            ids.into_iter().map(tag).collect::<Vec<_>>()
        };
        let text = match value {
            TraitValue::Tags(tags) => return self.tags(kind, tags),
            TraitValue::Password(id) => return self.tags(kind, &by_id(vec![*id])),
            TraitValue::Number(text) | TraitValue::Other(text) => text.to_string(),
            TraitValue::Text(text) => text.source().to_owned(),
            TraitValue::Flag(_) | TraitValue::Uploads(_) => return self.any_value(value, None),
        };
        match ids(&text) {
            Some(ids) => self.tags(kind, &by_id(ids)),
            None => self.any_value(value, None),
        }
    }

    /// Records as jumps. Where only the id is known the name comes from what is loaded, else the id is shown.
    fn tags(&self, kind: Kind, tags: &[TagValue]) -> Value {
        let tag = |tag: &TagValue| {
            let kind = if tag.key.kind == Kind::Unknown { kind } else { tag.key.kind };
            let key = RecordKey { kind, ..tag.key };
            let known = || self.context.store.record(key).map(|record| record.name().clone());
            let shown = if tag.name.trim().is_empty() {
                known().unwrap_or_else(|| clean(tag.key.id.to_string()))
            } else {
                tag.name.clone()
            };
            let value = match kind {
                Kind::Unknown => Value::Text(shown),
                _ => Value::Record { key, organization: self.organization, name: shown },
            };
            if tag.hostname.is_empty() {
                return value;
            }
            let dim = clean(format!(" · {}", tag.hostname));
            Value::With { value: Box::new(value), text: Clean::default(), dim }
        };
        if tags.is_empty() { Value::Empty } else { Value::Many(tags.iter().map(tag).collect()) }
    }

    /// A Password field holds the id of an embedded password, as a number or as text. Other text could be a value
    /// that a user put there: it is not shown.
    fn password_value(&self, value: &TraitValue, extras: Option<&Extras>) -> Value {
        let id = match value {
            TraitValue::Password(id) => Some(*id),
            TraitValue::Number(number) => number.trim().parse().ok(),
            TraitValue::Text(text) => text.source().trim().parse().ok(),
            TraitValue::Tags(tags) => tags.first().map(|tag| tag.key.id),
            TraitValue::Flag(_) | TraitValue::Uploads(_) | TraitValue::Other(_) => None,
        };
        id.map_or(Value::Withheld("not shown: it is not the id of a password"), |id| self.password_link(id, extras))
    }

    fn password_link(&self, id: u64, extras: Option<&Extras>) -> Value {
        let known = extras.and_then(|extras| extras.passwords.iter().find(|password| password.id == id));
        let label = known.map_or_else(|| format!("password {id}"), |password| password.name.to_string());
        self.record(self.key(Kind::Password, id), self.organization, &label)
    }
}

/// The tick of a checkbox, in whatever form it came.
fn checked(value: &TraitValue) -> Option<bool> {
    match value {
        TraitValue::Flag(flag) => Some(*flag),
        TraitValue::Number(number) => flag(number),
        TraitValue::Text(text) => flag(text.source()),
        _ => None,
    }
}

/// The person who made the type named the field: only the name says whether something ends on the day.
fn runs(name: &str) -> Runs {
    let name = name.to_lowercase();
    let ends = ["expir", "warranty", "renew", "ends", "valid until"].iter().any(|word| name.contains(word));
    if ends || name == "due" || name == "date" { Runs::Out } else { Runs::Past }
}
