//! How things are drawn.

use super::super::{CodeStyle, Doc, Layout, LayoutOptions, Role};
use super::{html, lines_of, markdown, options, plain};

#[test]
fn numbers_of_a_list_stand_right_and_text_under_text() {
    assert_eq!(
        markdown("9. nine\n10. ten and a good many words more than fit\n"),
        [" 9. nine", "10. ten and a good many words more than", "    fit"]
    );
    assert_eq!(html("<ol type=a start=3><li>c<li>d</ol>"), ["c. c", "d. d"]);
}

#[test]
fn nested_lists_change_their_bullets() {
    assert_eq!(
        markdown("- one\n  - two\n    - three\n- [x] done\n- [ ] open\n-\n"),
        ["• one", "  ◦ two", "    ▪ three", "☑ done", "☐ open", "•"]
    );
}

#[test]
fn loose_lists_stand_apart_and_keep_their_paragraphs() {
    assert_eq!(markdown("- one\n\n  more\n\n- two\n"), ["• one", "", "  more", "", "• two"]);
}

#[test]
fn quotes_keep_their_bar_over_empty_lines_inside_only() {
    assert_eq!(markdown("> one\n>\n> > two\n\nafter"), ["│ one", "│", "│ │ two", "", "after"]);
}

#[test]
fn code_has_a_frame_with_number_language_and_key() {
    let hinted = LayoutOptions { copy_hint: "y {n} to copy".into(), ..options(40) };
    let doc = Doc::from_markdown("```powershell\nRestart-Service ImgView -Force\n```\n");
    assert_eq!(
        lines_of(&doc, &hinted),
        ["1 ───────────── powershell · y 1 to copy", "│ Restart-Service ImgView -Force"]
    );
    let layout = Layout::new(&doc, &hinted);
    assert_eq!(layout.codes[0].text.as_str(), "Restart-Service ImgView -Force");
    assert_eq!(layout.codes[0].language.as_str(), "powershell");
}

#[test]
fn long_code_goes_on_behind_a_mark_and_is_copied_whole() {
    let doc = Doc::from_markdown("```\nabcdefghijklmnopqrstuvwxyz\n\n\ttab\n```\n");
    let layout = Layout::new(&doc, &LayoutOptions { code: CodeStyle::Framed, ..options(20) });
    let lines: Vec<_> = layout.lines.iter().map(super::super::Line::text).collect();
    assert_eq!(lines, ["1 ──────────────────", "│ abcdefghijklmnopqr", "│ ↪ stuvwxyz", "│", "│     tab"]);
    assert_eq!(layout.codes[0].text.as_str(), "abcdefghijklmnopqrstuvwxyz\n\n\ttab");
}

#[test]
fn code_for_a_pipe_is_left_as_it_is() {
    let long = "x".repeat(60);
    let doc = Doc::from_markdown(&format!("```\n{long}\n```\n"));
    let whole = LayoutOptions { code: CodeStyle::Whole, ..options(40) };
    assert_eq!(lines_of(&doc, &whole), ["────", &long, "────"]);
    assert_eq!(lines_of(&doc, &plain(40)).len(), 4);
}

#[test]
fn tables_shrink_then_wrap_then_become_pairs() {
    let table = "| Name | Notes |\n|---|---|\n| HPD-IMG01 | The imaging server of the clinic |\n| HPD-FW01 | x |\n";
    let doc = Doc::from_markdown(table);
    assert_eq!(
        lines_of(&doc, &options(60)),
        [
            "Name      │ Notes",
            "══════════╪═════════════════════════════════",
            "HPD-IMG01 │ The imaging server of the clinic",
            "HPD-FW01  │ x"
        ]
    );
    assert_eq!(
        lines_of(&doc, &options(32)),
        [
            "Name      │ Notes",
            "══════════╪═════════════════════",
            "HPD-IMG01 │ The imaging server",
            "          │ of the clinic",
            "──────────┼─────────────────────",
            "HPD-FW01  │ x"
        ]
    );
    assert_eq!(
        lines_of(&doc, &options(18)),
        ["Name: HPD-IMG01", "Notes: The imaging", "  server of the", "  clinic", "", "Name: HPD-FW01", "Notes: x"]
    );
}

#[test]
fn cells_stand_as_their_column_says() {
    assert_eq!(
        markdown("| left | right | mid |\n|:--|--:|:-:|\n| a | b | c |\n"),
        ["left │ right │ mid", "═════╪═══════╪════", "a    │     b │  c"]
    );
}

#[test]
fn a_block_after_code_is_drawn_as_itself() {
    assert_eq!(
        lines_of(&Doc::from_markdown("```\nx\n```\n\n| a | b |\n|---|---|\n| c | d |\n"), &plain(40)),
        ["────", "x", "────", "", "a  │ b", "═══╪═══", "c  │ d"]
    );
}

#[test]
fn words_are_split_only_when_wider_than_the_line() {
    let doc = Doc::from_html("<p>a supercalifragilistic word</p>");
    assert_eq!(lines_of(&doc, &options(12)), ["a", "supercalifra", "gilistic", "word"]);
    assert_eq!(lines_of(&doc, &options(20)), ["a", "supercalifragilistic", "word"]);
    // Formatting inside a word is not a place to break it.
    let doc = Doc::from_html("<p>one two<b>three</b>four</p>");
    assert_eq!(lines_of(&doc, &options(14)), ["one", "twothreefour"]);
}

#[test]
fn wide_writing_breaks_between_characters_but_not_before_a_full_stop() {
    let doc = Doc::from_html("<p>診療所の予約は電話で。</p>");
    assert_eq!(lines_of(&doc, &options(10)), ["診療所の予", "約は電話", "で。"]);
    let doc = Doc::from_html("<p>👩‍💻👩‍💻👩‍💻</p>");
    assert!(lines_of(&doc, &options(10)).len() >= 2);
}

#[test]
fn narrow_panes_keep_everything() {
    let doc = Doc::from_markdown(&(0..30).map(|n| format!("{}- x{n}", "  ".repeat(n))).collect::<Vec<_>>().join("\n"));
    let lines = lines_of(&doc, &options(10));
    for n in 0..30 {
        assert!(lines.iter().any(|line| line.ends_with(&format!("x{n}"))), "x{n} in {lines:?}");
    }
}

#[test]
fn images_have_captions_with_what_is_known() {
    assert_eq!(html("<p><img src='/7/docs/1/images/9' alt='rack, front'></p>"), ["▣ image: rack, front"]);
    assert_eq!(html("<p><img src='https://x.example/a/rack.png?1'></p>"), ["▣ image: rack.png"]);
    let layout = Layout::new(&Doc::from_html("<img src='/7/docs/1/images/9'>"), &options(40));
    assert_eq!(layout.images[0].id, Some(9));
}

#[test]
fn ascii_has_no_mark_of_ours_above_the_range() {
    let source = "# T\n\n- a\n- [x] b\n\n> q\n\n```\nlong long long long long long line\n```\n\n---\n\n| a | b |\n|---|---|\n| c | d |\n\n[l](https://x.example) ![i](j.png)";
    let lines = lines_of(&Doc::from_markdown(source), &LayoutOptions { ascii: true, ..options(20) });
    assert!(lines.iter().all(|line| line.is_ascii()), "{lines:#?}");
}

#[test]
fn headings_and_fields_know_their_lines() {
    let layout = Layout::new(&Doc::from_markdown("# One\n\ntext\n\n## Two *words*\n"), &options(40));
    let found: Vec<_> = layout.headings.iter().map(|h| (h.level, h.text.as_str(), h.line)).collect();
    assert_eq!(found, [(1, "One", 0), (2, "Two words", 4)]);
    assert_eq!(layout.lines[4].spans().next().expect("a span").role, Role::Heading(2));
}

#[test]
fn text_is_wrapped_at_a_comfortable_width_and_tables_are_not() {
    let doc = Doc::from_markdown(&format!(
        "{}\n\n| a | b |\n|---|---|\n| {} | d |\n",
        "word ".repeat(40),
        "word ".repeat(30)
    ));
    let layout = lines_of(&doc, &options(180));
    let widest = layout.iter().map(|line| line.chars().count()).max();
    assert!(layout[0].len() <= 100);
    assert!(widest > Some(100), "{widest:?}");
}
