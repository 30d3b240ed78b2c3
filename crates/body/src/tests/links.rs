//! Links on the screen.

use super::super::{Doc, Layout, LinkBase, LinkTarget, Role};
use super::{html, markdown, options};
use gluepot_core::model::{Kind, OrganizationId, RecordKey, SourceId};

#[test]
fn a_target_stands_behind_its_text_unless_the_text_says_it() {
    assert_eq!(markdown("See [the guide](https://x.example/g)."), ["See the guide ⟨https://x.example/g⟩."]);
    assert_eq!(markdown("<https://x.example> and <a@b.example>"), ["https://x.example and a@b.example"]);
    assert_eq!(html("<a href='javascript:alert(1)'>go</a>"), ["go ⟨javascript:alert(1)⟩"]);
}

#[test]
fn a_text_that_lies_about_its_target_is_marked() {
    let layout = Layout::new(&Doc::from_html("<a href='https://evil.example'>https://bank.example</a>"), &options(60));
    assert_eq!(layout.lines[0].text(), "https://bank.example ⚠ ⟨https://evil.example/⟩");
    assert!(layout.links[0].misleads);
    assert!(layout.lines[0].spans().any(|span| span.role == Role::Warning));
}

#[test]
fn paths_of_the_web_app_jump_to_records() {
    let base =
        LinkBase::new(SourceId::NONE, Some(OrganizationId::new(SourceId::NONE, 7)), ["https://northbeam.itglue.com"]);
    let doc = Doc::from_html_with("<p>Log on to <a href='/7/configurations/12'>HPD-IMG01</a> first</p>", &base);
    let layout = Layout::new(&doc, &options(60));
    assert_eq!(layout.lines[0].text(), "Log on to HPD-IMG01 ⟨configuration⟩ first");
    let key = RecordKey::new(SourceId::NONE, Kind::Configuration, 12);
    assert_eq!(layout.links[0].target, LinkTarget::Record(key, Some(OrganizationId::new(SourceId::NONE, 7))));
    assert_eq!(layout.links[0].text.as_str(), "HPD-IMG01");
}

#[test]
fn long_targets_wrap_and_lose_nothing() {
    let url = format!("https://x.example/{}", "a".repeat(60));
    let lines = markdown(&format!("[x]({url})"));
    assert!(lines.len() > 1);
    assert!(lines.concat().contains(&url), "{lines:?}");
}

#[test]
fn a_link_over_two_paragraphs_shows_its_target_in_both() {
    assert_eq!(
        html("<a href='https://x.example/'><p>one</p><p>two</p></a>"),
        ["one ⟨https://x.example/⟩", "", "two ⟨https://x.example/⟩"]
    );
}

#[test]
fn a_link_without_text_shows_where_it_leads() {
    assert_eq!(html("<p>a <a href='https://x.example/'></a></p>"), ["a ⟨https://x.example/⟩"]);
}
