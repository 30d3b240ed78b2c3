//! Documents of blocks, notes and record cards.

use super::super::{Doc, DocBuilder, Field, Inline, Layout, LinkBase, Role};
use super::{lines_of, options};
use gluepot_core::model::{Content, GalleryImage, Kind, RawBody, RecordKey, Section, SourceId};

fn image(id: u64, name: &str) -> GalleryImage {
    GalleryImage { id, name: name.into(), size: Some(34_000) }
}

#[test]
fn blocks_stand_in_order_with_numbered_steps() {
    let step =
        |text: &str, duration, resets| Section::Step { text: RawBody::new(text), duration, resets, images: Vec::new() };
    let content = Content::Sections(vec![
        Section::Heading { level: 2, text: "Before".into() },
        Section::Text(RawBody::new("<p>Tell them<ul><li>unclosed")),
        step("<p>Close it</p>", Some(5), false),
        step("<p>Wait</p>", Some(90), false),
        step("<p>Again</p>", None, true),
        Section::Gallery(vec![image(1, "rack.png"), image(2, "door.png")]),
        Section::Unknown("Document::Poll".into()),
    ]);
    let mut card = DocBuilder::new(&LinkBase::default());
    card.content(&content);
    assert_eq!(
        lines_of(&card.finish(), &options(60)),
        [
            "## Before",
            "",
            "Tell them",
            "",
            "• unclosed",
            "",
            "Step 1 · 5 min",
            "",
            "Close it",
            "",
            "Step 2 · 1 h 30 min",
            "",
            "Wait",
            "",
            "Step 1",
            "",
            "Again",
            "",
            "▣ image: rack.png (1 of 2), 34 KB",
            "▣ image: door.png (2 of 2), 34 KB",
            "",
            "[A block of a kind gluepot does not know: Document::Poll]",
        ]
    );
}

#[test]
fn notes_are_read_as_what_they_are() {
    let notes = |text: &str| lines_of(&Doc::from_notes(&RawBody::new(text), &LinkBase::default()), &options(40));
    assert_eq!(notes("<p>Dual&nbsp;PSU.</p>"), ["Dual PSU."]);
    assert_eq!(
        notes("port 1 < port 2\n  uplink: ge-0/0/1\n\nR&D"),
        ["port 1 < port 2", "  uplink: ge-0/0/1", "", "R&D"]
    );
    assert_eq!(notes("1 &lt; 2"), ["1 < 2"]);
}

#[test]
fn fields_are_aligned_and_can_be_copied() {
    let field = |label: &str, value: Vec<Inline>| Field { label: label.into(), value, copyable: true };
    let mut card = DocBuilder::new(&LinkBase::default());
    card.heading(1, "HPD-IMG01").fields(&[
        field("Host name", vec![Inline::Code("hpd-img01".into())]),
        field("Empty", vec![]),
        field(
            "Location",
            vec![Inline::Record {
                key: RecordKey::new(SourceId::NONE, Kind::Location, 3),
                organization: None,
                name: "Quayside clinic".into(),
            }],
        ),
        field("Notes", vec![Inline::Text(gluepot_core::text::Clean::block("two\nlines"))]),
    ]);
    let doc = card.finish();
    let layout = Layout::new(&doc, &options(50));
    assert_eq!(
        layout.lines.iter().map(super::super::Line::text).collect::<Vec<_>>(),
        [
            "# HPD-IMG01",
            "Host name  hpd-img01",
            "Location   Quayside clinic ⟨location⟩",
            "Notes      two",
            "           lines"
        ]
    );
    let fields: Vec<_> = layout.fields.iter().map(|f| (f.label.as_str(), f.value.as_str(), f.line)).collect();
    assert_eq!(fields, [("Host name", "hpd-img01", 1), ("Location", "Quayside clinic", 2), ("Notes", "two\nlines", 3)]);
    assert_eq!(layout.lines[2].spans().next().expect("a span").role, Role::Label);
}
