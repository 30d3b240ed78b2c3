//! Documents as the API has them: blocks, one string of HTML, or notes that may be either HTML or plain text.

use std::borrow::Cow;

use crate::build::{Builder, line_ends};
use crate::doc::{Doc, MAX_BYTES, Note, Style, gate};
use crate::html::{self, Form, form_of};
use crate::link::LinkBase;
use crate::tag::{Attrs, Tag};
use gluepot_core::model::{Content, GalleryImage, RawBody, Section};

/// The content of a document behind what was written before.
pub(crate) fn content_into(builder: &mut Builder, content: &Content) {
    match content {
        Content::Empty => {}
        Content::Html(body) => text(builder, body, &mut { MAX_BYTES }),
        Content::Sections(sections) => blocks(builder, sections),
    }
}

fn blocks(builder: &mut Builder, sections: &[Section]) {
    let mut step = 0_u32;
    let mut room = MAX_BYTES;
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
    // Captions below each other, apart from their surroundings.
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

/// Notes: HTML when they hold markup as editors write it, plain text otherwise.
pub(crate) fn notes(notes: &RawBody, base: &LinkBase) -> Doc {
    let mut builder = Builder::new(base);
    notes_into(&mut builder, notes);
    builder.finish()
}

/// Plain text.
pub(crate) fn plain(text: &str) -> Doc {
    let (text, cut) = gate(text);
    let mut builder = Builder::new(&LinkBase::default());
    builder.plain(text);
    if cut > 0 {
        builder.note(Note::Cut(cut));
    }
    builder.finish()
}

/// Notes inside a card.
pub(crate) fn notes_into(builder: &mut Builder, notes: &RawBody) {
    let (source, cut) = gate(notes.source());
    builder.end_all();
    match form_of(source) {
        Form::Plain => builder.plain(source),
        Form::Lines => builder.with_lines(|builder| html::feed_notes(builder, &breaks_once(source), Form::Lines)),
        Form::Blocks => html::feed_notes(builder, source, Form::Blocks),
    }
    builder.end_all();
    if cut > 0 {
        builder.note(Note::Cut(cut));
    }
}

/// Takes line ends beside a `<br>` away: together they are one.
fn breaks_once(source: &str) -> Cow<'_, str> {
    let source = line_ends(source);
    if !source.contains('\n') {
        return source;
    }
    let mut out = String::with_capacity(source.len());
    let mut rest = &*source;
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        let (before, tag) = rest.split_at(at);
        let end = tag.bytes().take(16).position(|b| b == b'>').filter(|_| {
            let name = tag.as_bytes().get(1..3).unwrap_or_default();
            name.eq_ignore_ascii_case(b"br") && tag.as_bytes().get(3).is_some_and(|b| matches!(b, b'>' | b'/' | b' '))
        });
        match end {
            Some(end) => {
                // One line end, before or behind it.
                let behind = tag.get(end + 1..).unwrap_or_default();
                let trimmed = behind.strip_prefix('\n');
                let before = if trimmed.is_none() { before.strip_suffix('\n').unwrap_or(before) } else { before };
                out.push_str(before);
                out.push_str("<br>");
                rest = trimmed.unwrap_or(behind);
            }
            None => {
                out.push_str(before);
                out.push('<');
                rest = tag.get(1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}
