//! The 652 examples of the CommonMark specification: each must look the same as the HTML it stands for.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use gluepot_body::{Doc, Layout, LayoutOptions};
use serde::Deserialize;

#[derive(Deserialize)]
struct Example {
    number: u32,
    section: String,
    markdown: String,
    html: String,
}

fn examples() -> Vec<Example> {
    serde_json::from_str(include_str!("data/commonmark/examples.json")).unwrap()
}

fn lines(doc: &Doc, width: u16) -> Vec<String> {
    let options = LayoutOptions { width, ..LayoutOptions::default() };
    Layout::new(doc, &options).lines.iter().map(gluepot_body::Line::text).collect()
}

#[test]
fn every_example_shows_the_lines_of_its_html() {
    let examples = examples();
    assert_eq!(examples.len(), 652);
    let mut different = Vec::new();
    for example in &examples {
        let markdown = Doc::from_markdown(&example.markdown);
        let html = Doc::from_html(&example.html);
        for width in [80, 24] {
            let (from_markdown, from_html) = (lines(&markdown, width), lines(&html, width));
            if from_markdown != from_html {
                different.push(format!(
                    "{} ({}) at {width}:\n{:?}\n{:?}\nmarkdown {from_markdown:#?}\nhtml {from_html:#?}",
                    example.number, example.section, example.markdown, example.html
                ));
            }
        }
    }
    assert!(different.is_empty(), "{} differ:\n{}", different.len(), different.join("\n\n"));
}

#[test]
fn every_example_reads_the_same_after_it_was_written_as_markdown() {
    let mut different = Vec::new();
    for example in &examples() {
        let doc = Doc::from_markdown(&example.markdown);
        let written = doc.to_markdown();
        let again = Doc::from_markdown(&written);
        for width in [80, 24] {
            let (before, after) = (lines(&doc, width), lines(&again, width));
            if before != after {
                different.push(format!(
                    "{} ({}) at {width}:\n{:?}\n{written:?}\nbefore {before:#?}\nafter {after:#?}",
                    example.number, example.section, example.markdown
                ));
            }
        }
    }
    assert!(different.is_empty(), "{} differ:\n{}", different.len(), different.join("\n\n"));
}
