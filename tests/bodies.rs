//! Bodies of every kind, also hostile ones, through parsing, layout and Markdown: nothing hangs, nothing leaks,
//! nothing runs over the edge.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::time::{Duration, Instant};

use gluepot::body::{CodeStyle, Doc, Layout, LayoutOptions, Line};
use gluepot::text::is_hidden;
use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr;

/// How wide a line can be, however a terminal measures it.
fn columns(line: &Line) -> usize {
    let text = line.text();
    let by_parts: usize = text.graphemes(true).map(UnicodeWidthStr::width).sum();
    text.width().max(by_parts)
}

fn check(doc: &Doc, width: u16, ascii: bool) {
    for code in [CodeStyle::Framed, CodeStyle::Ruled] {
        let options = LayoutOptions { width, ascii, code, ..LayoutOptions::default() };
        let layout = Layout::new(doc, &options);
        for line in &layout.lines {
            assert!(columns(line) <= usize::from(width), "{width}: {:?}", line.text());
            let hidden = |c: char| c.is_control() || is_hidden(c);
            assert!(!line.text().contains(hidden), "{:?}", line.text());
            assert!(!line.text().ends_with(' '), "{:?}", line.text());
        }
        let lines = layout.lines.len();
        assert!(layout.links.iter().all(|link| link.line < lines), "{:?}", layout.links);
        assert!(layout.images.iter().all(|image| image.line < lines), "{:?}", layout.images);
        assert!(layout.headings.iter().all(|heading| heading.line < lines));
        assert!(layout.codes.iter().all(|code| code.line < lines));
    }
}

/// Text that is likely to mean something.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "<p>",
            "</p>",
            "<ul>",
            "</ul>",
            "<ol start=9>",
            "</ol>",
            "<li>",
            "</li>",
            "<table>",
            "</table>",
            "<tr>",
            "</tr>",
            "<td>",
            "</td>",
            "<th colspan=2>",
            "<td rowspan=3>",
            "<pre>",
            "</pre>",
            "<code>",
            "</code>",
            "<b>",
            "</b>",
            "<i>",
            "</i>",
            "<sup>",
            "</sup>",
            "<a href=https://example.com/x>",
            "<a href='/7/docs/1'>",
            "</a>",
            "<br>",
            "<hr>",
            "<h2>",
            "</h2>",
            "<blockquote>",
            "</blockquote>",
            "<img src=/1/docs/2/images/3 alt=rack>",
            "<dl>",
            "<dt>",
            "<dd>",
            "</dl>",
            "<div>",
            "</div>",
            "<input type=checkbox checked>",
            "<!--",
            "-->",
            "<script>",
            "</script>",
            "&nbsp;",
            "&#x301;",
            "&#27;",
            "&#x202e;",
            "&amp;",
            "<caption>",
            "<thead>",
            "<p style='mso-list:l0 level2 lfo1'>",
            "<span style='mso-list:Ignore'>",
            "</span>",
            "<div style='white-space: pre'>",
            "# ",
            "\n- ",
            "\n1. ",
            "\n\n",
            "\n",
            "> ",
            "```\n",
            "**",
            "*",
            "_",
            "`",
            "[x](y)",
            "![a](b)",
            "|",
            "\n|-|-|\n",
            "- [ ] ",
            "[^1]",
            "[^1]: ",
            "\n: ",
            "~~",
            "    ",
            "\t",
            "\\",
            "word",
            "words of text",
            "診療所の予約",
            "👩\u{200d}💻",
            "e\u{301}",
            "\u{200b}",
            "\u{1b}[31m",
            "\u{7}",
            "\u{301}",
            "🇩🇪",
            "\u{1161}",
            "supercalifragilisticexpialidocious",
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
        "[ -~]{0,8}",
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn any_html_keeps_the_width_and_hides_nothing(html in soup(), width in 10_u16..60, ascii: bool) {
        check(&Doc::from_html(&html), width, ascii);
    }

    #[test]
    fn any_markdown_keeps_the_width_and_hides_nothing(markdown in soup(), width in 10_u16..60, ascii: bool) {
        check(&Doc::from_markdown(&markdown), width, ascii);
    }

    #[test]
    fn any_text_keeps_the_width_and_hides_nothing(bytes in prop::collection::vec(any::<u8>(), 0..200), width in 10_u16..40) {
        let text = String::from_utf8_lossy(&bytes);
        check(&Doc::from_text(&text), width, false);
        check(&Doc::from_html(&text), width, false);
    }

    #[test]
    fn html_without_our_marks_is_all_ascii_when_asked(html in "[ -~\n]{0,200}", width in 10_u16..60) {
        let options = LayoutOptions { width, ascii: true, ..LayoutOptions::default() };
        let layout = Layout::new(&Doc::from_markdown(&html), &options);
        for line in &layout.lines {
            // What references stand for is the body's, not ours.
            prop_assert!(html.contains('&') || line.text().is_ascii(), "{:?}", line.text());
        }
    }

    #[test]
    fn any_body_reads_the_same_after_it_was_written_as_markdown(html in soup(), width in 20_u16..80) {
        let doc = Doc::from_html(&html);
        let written = doc.to_markdown();
        let again = Doc::from_markdown(&written);
        let options = LayoutOptions { width, ..LayoutOptions::default() };
        let text = |doc: &Doc| Layout::new(doc, &options).lines.iter().map(Line::text).collect::<Vec<_>>();
        prop_assert_eq!(text(&doc), text(&again), "{}", written);
    }

    #[test]
    fn laying_out_step_by_step_gives_the_same_lines(html in soup(), width in 10_u16..60) {
        let doc = Doc::from_html(&html);
        let options = LayoutOptions { width, ..LayoutOptions::default() };
        let whole = Layout::new(&doc, &options);
        let mut parts = Layout::begin(&doc, &options);
        while !parts.is_complete() {
            let next = parts.lines.len() + 1;
            parts.extend_to(&doc, next);
        }
        prop_assert_eq!(whole.lines, parts.lines);
    }
}

/// Five megabytes of each thing that has brought a parser down somewhere.
fn hostile() -> Vec<(&'static str, bool, String)> {
    const SIZE: usize = 5_000_000;
    let fill = |piece: &str| piece.repeat(SIZE / piece.len());
    let html = true;
    let markdown = false;
    vec![
        ("nested div", html, "<div>".repeat(32_000) + "deep"),
        ("nested div, all of it", html, fill("<div>")),
        ("nested lists", html, fill("<ul><li>")),
        ("nested quotes", html, fill("<blockquote>x")),
        ("nested tables", html, fill("<table><tr><td>")),
        ("nested b", html, fill("<b><i>x")),
        ("many spans", html, fill("<i>x</i>")),
        ("row of cells", html, format!("<table><tr>{}", "<td>x</td>".repeat(100_000))),
        ("rows of a cell", html, format!("<table>{}", "<tr><td>x</td><td>y</td></tr>".repeat(170_000))),
        ("spans of cells", html, format!("<table>{}", fill("<tr><td colspan=1000 rowspan=1000>x"))),
        ("one word", html, fill("x")),
        ("one wide word", html, fill("診")),
        ("entities", html, fill("&amp;")),
        ("long entities", html, fill("&CounterClockwiseContourIntegra")),
        ("marks", html, fill("\u{301}")),
        ("unclosed attribute", html, format!("<a href=\"{}", fill("x "))),
        ("attributes", html, format!("<a {}>x", (0..500_000).map(|i| format!("a{i}=1")).collect::<Vec<_>>().join(" "))),
        ("open tags", html, fill("<a ")),
        ("less than", html, fill("<")),
        ("open comments", html, fill("<!--")),
        ("dashes", html, format!("<!--{}", fill("-"))),
        ("open scripts", html, fill("<script>")),
        ("end tags", html, fill("</p></b></td></li>")),
        ("misnested", html, fill("<b><p></b><li></p><td>")),
        ("breaks", html, fill("<br>")),
        ("items and dd", html, fill("<li>x<dd>y")),
        ("links", html, fill("<a href=http://x>y</a>")),
        ("images", html, fill("<img src=x>")),
        ("pre line", html, format!("<pre>{}", fill("x"))),
        ("pre tabs", html, format!("<pre>{}", fill("\t"))),
        ("quotes", markdown, ">".repeat(200_000)),
        ("quotes, all of it", markdown, fill(">")),
        ("quote lines", markdown, fill("> > > x\n")),
        ("brackets", markdown, "[".repeat(200_000)),
        ("brackets, all of it", markdown, fill("[")),
        ("links in links", markdown, fill("[a](b")),
        ("images in images", markdown, fill("![a](")),
        ("stars", markdown, fill("*")),
        ("stars and words", markdown, fill("*a **a ")),
        ("underscores", markdown, fill("_a ")),
        ("backticks", markdown, (1..3000).map(|n| "`".repeat(n) + " ").collect()),
        ("deep lists", markdown, (0..2000).map(|n| " ".repeat(n * 2) + "- x\n").collect()),
        ("flat list", markdown, fill("- a\n")),
        ("table", markdown, format!("|a|b|\n|-|-|\n{}", fill("|x|y|\n"))),
        (
            "wide table",
            markdown,
            format!("|{}\n|{}\n|{}\n", "a|".repeat(50_000), "-|".repeat(50_000), "x|".repeat(50_000)),
        ),
        ("entities in markdown", markdown, fill("&amp;")),
        ("references", markdown, fill("[a]: b\n")),
        ("footnotes", markdown, fill("[^a]: b\n")),
        ("html in markdown", markdown, fill("<b>x</b> ")),
        ("html blocks", markdown, fill("<div>\n\nx\n\n")),
        ("autolinks", markdown, fill("<http://x> ")),
        ("strikes", markdown, fill("~~a ")),
        ("backslashes", markdown, fill("\\")),
        ("code fence", markdown, format!("```\n{}", fill("x\n"))),
        ("one paragraph", markdown, fill("word ")),
        ("definitions", markdown, fill("a\n: b\n\n")),
    ]
}

/// Time this thread has worked, whatever else the machine does.
fn worked() -> Duration {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    let of_thread = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = of_thread.and_then(|s| s.split_whitespace().next().and_then(|n| n.parse().ok()));
    nanos.map_or_else(|| START.get_or_init(Instant::now).elapsed(), Duration::from_nanos)
}

/// The limit counts in release; a debug build only has to end.
#[test]
fn any_five_megabytes_show_their_first_screen_in_time() {
    let limit = if cfg!(debug_assertions) { Duration::from_secs(120) } else { Duration::from_millis(500) };
    let only = std::env::var("HOSTILE").unwrap_or_default();
    let mut slow = Vec::new();
    for (name, html, source) in hostile() {
        if !name.contains(&only) || (cfg!(debug_assertions) && source.len() > 1_000_000 && only.is_empty()) {
            continue;
        }
        let start = worked();
        let doc = if html { Doc::from_html(&source) } else { Doc::from_markdown(&source) };
        let parsed = worked().saturating_sub(start);
        let mut layout = Layout::begin(&doc, &LayoutOptions { width: 80, ..LayoutOptions::default() });
        layout.extend_to(&doc, 100);
        let shown = worked().saturating_sub(start);
        if std::env::var_os("HOSTILE").is_some() {
            let start = worked();
            layout.extend_to(&doc, usize::MAX);
            #[expect(clippy::print_stdout, reason = "the table is what this run was asked for")]
            {
                println!(
                    "{name}: parsed {parsed:?}, first screen {shown:?}, rest {:?}, {} lines",
                    worked().saturating_sub(start),
                    layout.lines.len()
                );
            }
        }
        if shown > limit {
            slow.push(format!("{name}: parsed {parsed:?}, first screen {shown:?}"));
        }
    }
    assert!(slow.is_empty(), "{slow:#?}");
}

#[test]
fn what_is_deeper_than_the_limit_stands_side_by_side_and_says_so() {
    let doc = Doc::from_html(&("<blockquote>".repeat(600) + "deep"));
    let layout = Layout::new(&doc, &LayoutOptions::default());
    assert!(layout.notes.iter().any(|note| note.text.contains("Nested too deeply")), "{:?}", layout.notes);
    assert!(layout.lines.iter().any(|line| line.text().contains("deep")));
}

#[test]
fn what_is_larger_than_the_limit_is_cut_and_says_so() {
    let doc = Doc::from_html(&"<p>word</p>".repeat(800_000));
    let mut layout = Layout::begin(&doc, &LayoutOptions::default());
    layout.extend_to(&doc, usize::MAX);
    let note = layout.notes.last().unwrap();
    assert!(note.text.contains("Too large"), "{note:?}");
    assert_eq!(note.line + 1, layout.lines.len());
}
