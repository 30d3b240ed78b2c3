//! The content of documents: blocks, a legacy string, or nothing; and the same from the sections endpoint.
//!
//! Blocks have `snake_case` keys in the middle of a kebab-case answer, and what they show is in `resource`; the sections
//! endpoint has kebab-case keys and no `resource`. Both are read by the same two structs.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use gluepot_core::model::{Content, GalleryImage, RawBody, Section};
use gluepot_core::text::Clean;

use super::scalar::{Id, Number, Text};

#[derive(Deserialize, Default)]
#[serde(default)]
struct Block<'a> {
    sort: Number,
    #[serde(borrow, alias = "resource-type")]
    resource_type: Text<'a>,
    resource: Option<&'a RawValue>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Resource<'a> {
    #[serde(borrow)]
    content: Text<'a>,
    level: Number,
    duration: Number,
    #[serde(alias = "reset-count")]
    reset_count: Number,
    #[serde(alias = "document-images", alias = "images")]
    document_images: Option<&'a RawValue>,
}

/// An image as `{"id", "type", "attributes"}` or with everything on one level.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Image<'a> {
    id: Id,
    #[serde(borrow)]
    name: Text<'a>,
    size: Number,
    attributes: Option<&'a RawValue>,
}

/// Reads the `content` attribute. Nothing in it makes a document unreadable: a block of unknown form is shown as one.
pub(super) fn content(json: &str) -> Content {
    match json.trim_start().as_bytes().first() {
        Some(b'"') => match serde_json::from_str::<Cow<'_, str>>(json) {
            Ok(html) if html.trim().is_empty() => Content::Empty,
            Ok(html) => Content::Html(RawBody::new(&html)),
            Err(_) => Content::Sections(vec![unreadable()]),
        },
        Some(b'[') => match serde_json::from_str::<Vec<&RawValue>>(json) {
            Ok(blocks) => sections(blocks.into_iter().map(RawValue::get)),
            Err(_) => Content::Sections(vec![unreadable()]),
        },
        Some(b'{') => sections(std::iter::once(json)),
        _ => Content::Empty,
    }
}

/// Reads blocks or the attributes of sections, and puts them in reading order.
pub(super) fn sections<'a>(blocks: impl Iterator<Item = &'a str>) -> Content {
    let mut sorted: Vec<(i64, Section)> = blocks.enumerate().map(|(at, json)| section(at, json)).collect();
    if sorted.is_empty() {
        return Content::Empty;
    }
    // Stable: blocks of the same rank stay as they came.
    sorted.sort_by_key(|(rank, _)| *rank);
    Content::Sections(sorted.into_iter().map(|(_, section)| section).collect())
}

fn unreadable() -> Section {
    Section::Unknown(Clean::line("unreadable block"))
}

fn section(at: usize, json: &str) -> (i64, Section) {
    let Ok(block) = serde_json::from_str::<Block<'_>>(json) else {
        return (at as i64, unreadable());
    };
    let rank = block.sort.0.unwrap_or(at as i64);
    // A block without a resource is a section of the sections endpoint: it is its own resource.
    let Ok(inner) = serde_json::from_str::<Resource<'_>>(block.resource.map_or(json, RawValue::get)) else {
        return (rank, unreadable());
    };
    let kind = block.resource_type.raw();
    let kind = kind.rsplit("::").next().unwrap_or(kind);
    let section = match kind {
        "Text" => Section::Text(inner.content.body()),
        "Heading" => {
            let level = inner.level.0.unwrap_or(1).clamp(1, 6) as u8;
            Section::Heading { level, text: inner.content.line() }
        }
        "Step" => Section::Step {
            text: inner.content.body(),
            duration: inner.duration.count(),
            resets: inner.reset_count.0.is_some_and(|count| count > 0),
            images: images(inner.document_images),
        },
        "Gallery" => Section::Gallery(images(inner.document_images)),
        _ if !inner.content.raw().trim().is_empty() => Section::Text(inner.content.body()),
        _ => Section::Unknown(block.resource_type.line()),
    };
    (rank, section)
}

fn images(json: Option<&RawValue>) -> Vec<GalleryImage> {
    let list: Vec<&RawValue> = json.and_then(|json| serde_json::from_str(json.get()).ok()).unwrap_or_default();
    list.into_iter().filter_map(|json| image(json.get())).collect()
}

fn image(json: &str) -> Option<GalleryImage> {
    let outer: Image<'_> = serde_json::from_str(json).ok()?;
    let inner: Image<'_> = outer.attributes.and_then(|json| serde_json::from_str(json.get()).ok()).unwrap_or_default();
    let name = if inner.name.raw().is_empty() { &outer.name } else { &inner.name };
    Some(GalleryImage {
        id: outer.id.0.or(inner.id.0)?,
        name: name.line(),
        size: inner.size.count().or(outer.size.count()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_read_in_each_of_its_forms() {
        assert_eq!(content("null"), Content::Empty);
        assert_eq!(content(""), Content::Empty);
        assert_eq!(content("[]"), Content::Empty);
        assert_eq!(content(r#""""#), Content::Empty);
        assert_eq!(content(r#""<p>legacy \u00e9</p>""#), Content::Html(RawBody::new("<p>legacy é</p>")));
    }

    #[test]
    fn blocks_are_put_in_reading_order_and_keep_their_extras() {
        let json = r#"[
            {"sort": "2", "resource_type": "Document::Text", "resource": {"content": "<p>two</p>"}},
            {"sort": 1, "resource_type": "Document::Heading", "resource": {"content": "One", "level": 9}},
            {"sort": 3, "resource_type": "Document::Step", "resource": {"content": "three", "duration": "5", "reset_count": 1,
              "document_images": [{"id": "8", "type": "document-images", "attributes": {"name": "rack", "size": 12}}]}},
            {"sort": 4, "resource_type": "Document::Gallery", "resource": {"images": [{"id": 9, "name": "b"}, {"name": "no id"}]}},
            {"sort": 5, "resource_type": "Document::Poll", "resource": {}},
            17]"#;
        let Content::Sections(sections) = content(json) else { panic!("blocks") };
        assert_eq!(sections.len(), 6);
        assert_eq!(sections[0], Section::Heading { level: 6, text: Clean::line("One") });
        assert_eq!(sections[1], Section::Text(RawBody::new("<p>two</p>")));
        let Section::Step { duration: Some(5), resets: true, images, .. } = &sections[2] else {
            panic!("{:?}", sections[2])
        };
        assert_eq!(images[0], GalleryImage { id: 8, name: Clean::line("rack"), size: Some(12) });
        assert!(matches!(&sections[3], Section::Gallery(images) if images.len() == 1));
        assert_eq!(sections[4], Section::Unknown(Clean::line("Document::Poll")));
        assert_eq!(sections[5], unreadable());
    }

    #[test]
    fn sections_of_the_endpoint_are_read_like_blocks() {
        let json = r#"{"document-id": 7, "resource-id": 31, "resource-type": "Document::Heading", "content": "Before", "level": 2, "sort": 1}"#;
        let Content::Sections(sections) = sections(std::iter::once(json)) else { panic!("one section") };
        assert_eq!(sections, [Section::Heading { level: 2, text: Clean::line("Before") }]);
    }
}
