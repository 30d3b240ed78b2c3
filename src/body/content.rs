//! Documents as the API has them: blocks, one string of HTML, or notes that may be either HTML or plain text.

use super::builder::Builder;
use super::doc::{Doc, Note, Style, gate};
use super::html;
use super::html::tags::{Attrs, Tag};
use super::link::LinkBase;
use crate::model::{Content, GalleryImage, RawBody, Section};

/// The content of a document.
pub(super) fn document(content: &Content, base: &LinkBase) -> Doc {
    let mut builder = Builder::new(base);
    document_into(&mut builder, content);
    builder.finish()
}

/// The content of a document behind what was written before.
pub(super) fn document_into(builder: &mut Builder, content: &Content) {
    match content {
        Content::Empty => {}
        Content::Html(body) => text(builder, body, &mut { super::doc::MAX_BYTES }),
        Content::Sections(sections) => blocks(builder, sections),
    }
}

fn blocks(builder: &mut Builder, sections: &[Section]) {
    let mut step = 0_u32;
    let mut room = super::doc::MAX_BYTES;
    for section in sections {
        builder.end_all();
        match section {
            Section::Text(body) => text(builder, body, &mut room),
            Section::Heading { level, text } => builder.heading(*level, text),
            Section::Step { text: body, duration, resets, images } => {
                step = if *resets { 1 } else { step.saturating_add(1) };
                step_head(builder, step, *duration);
                text(builder, body, &mut room);
                gallery(builder, images);
            }
            Section::Gallery(images) => gallery(builder, images),
            Section::Unknown(name) => builder.unknown(name),
        }
    }
}

/// The blocks of one document share the room one body has.
fn text(builder: &mut Builder, body: &RawBody, room: &mut usize) {
    let (source, cut) = gate(body.source());
    let kept = source.get(..source.floor_char_boundary(*room)).unwrap_or_default();
    let cut = cut.saturating_add(u32::try_from(source.len() - kept.len()).unwrap_or(u32::MAX));
    *room -= kept.len();
    html::feed(builder, kept);
    builder.end_all();
    if cut > 0 {
        builder.note(Note::Cut(cut));
    }
}

fn step_head(builder: &mut Builder, step: u32, minutes: Option<u32>) {
    builder.start(Tag::P, &Attrs::default());
    builder.look(Style::STEP, true);
    builder.text(&format!("Step {step}"));
    builder.look(Style::STEP, false);
    if let Some(minutes) = minutes.filter(|&m| m > 0) {
        builder.look(Style::DIM, true);
        builder.text(&format!(" · {}", duration(minutes)));
        builder.look(Style::DIM, false);
    }
    builder.end(Tag::P);
}

fn duration(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

fn gallery(builder: &mut Builder, images: &[GalleryImage]) {
    builder.end_all();
    // Captions below each other, apart from what stands around them.
    builder.start(Tag::Br, &Attrs::default());
    for (at, image) in images.iter().enumerate() {
        builder.start(Tag::Div, &Attrs::default());
        let name = if image.name.trim().is_empty() { "without a name" } else { image.name.trim() };
        let alt = match images.len() {
            1 => name.to_owned(),
            count => format!("{name} ({} of {count})", at + 1),
        };
        builder.figure("image", "", &alt, image.size, Some(image.id));
        builder.end(Tag::Div);
    }
    builder.start(Tag::Br, &Attrs::default());
    builder.end_all();
}

/// Notes: HTML when they hold a tag or character reference that HTML knows, plain text otherwise.
pub(super) fn notes(notes: &RawBody, base: &LinkBase) -> Doc {
    let (source, _) = gate(notes.source());
    if html::looks_like_html(source) { html::parse(notes.source(), base) } else { plain(notes.source()) }
}

/// Plain text.
pub(super) fn plain(text: &str) -> Doc {
    let (text, cut) = gate(text);
    let mut builder = Builder::new(&LinkBase::default());
    builder.plain(text);
    if cut > 0 {
        builder.note(Note::Cut(cut));
    }
    builder.finish()
}

/// Notes inside a card.
pub(super) fn notes_into(builder: &mut Builder, notes: &RawBody) {
    let (source, cut) = gate(notes.source());
    builder.end_all();
    if html::looks_like_html(source) {
        html::feed(builder, source);
        builder.end_all();
    } else {
        builder.plain(source);
    }
    if cut > 0 {
        builder.note(Note::Cut(cut));
    }
}
