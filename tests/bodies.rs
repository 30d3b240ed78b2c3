//! Bodies of every kind, also hostile ones, through parsing, layout and Markdown: nothing hangs, nothing leaks,
//! nothing runs over the edge.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::time::Duration;

use gluepot_body::{CodeStyle, Doc, Layout, LayoutOptions, Line};
use gluepot_core::secret::ZeroOnFree;
use gluepot_core::text::is_hidden;
use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr;

/// What the program also uses: growing costs more with it.
#[global_allocator]
static HEAP: ZeroOnFree = ZeroOnFree;

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
            "<ol reversed>",
            "<ol style='list-style-type:none'>",
            "<ul class=todo-list>",
            "<li value=7>",
            "<li style='list-style-type:none'>",
            "<li data-list=bullet>",
            "☐ ",
            "<s>",
            "</s>",
            "<table>",
            "</table>",
            "<tr>",
            "</tr>",
            "<td>",
            "</td>",
            "<th colspan=2>",
            "<td rowspan=3>",
            "<td rowspan=0>",
            "<td colspan=3 rowspan=2>",
            "<th rowspan=2>",
            "<tbody>",
            "<tfoot>",
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

/// A table: parts of rows of cells that span columns and rows, each cell with its own word.
fn spanned_table() -> impl Strategy<Value = (String, usize)> {
    let span = prop::sample::select(vec!["", "", "", " colspan=2", " colspan=3", " colspan=9", " colspan=1000"]);
    let down = prop::sample::select(vec!["", "", "", " rowspan=2", " rowspan=3", " rowspan=0", " rowspan=65534"]);
    let cell = (prop::bool::weighted(0.2), span, down);
    let row = (prop::sample::select(vec!["", "", "<thead>", "<tbody>", "<tfoot>"]), prop::collection::vec(cell, 0..6));
    prop::collection::vec(row, 1..7).prop_map(|rows| {
        let mut html = "<table>".to_owned();
        let mut words = 0;
        for (part, cells) in rows {
            html.push_str(part);
            html.push_str("<tr>");
            for (head, span, down) in cells {
                let tag = if head { "th" } else { "td" };
                html = format!("{html}<{tag}{span}{down}>w{words}x</{tag}>");
                words += 1;
            }
            html.push_str("</tr>");
        }
        (html + "</table>", words)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn no_cell_of_any_table_is_lost_at_any_width((html, words) in spanned_table(), width in 10_u16..120, ascii: bool) {
        let doc = Doc::from_html(&html);
        check(&doc, width, ascii);
        let options = LayoutOptions { width, ascii, ..LayoutOptions::default() };
        let text = Layout::new(&doc, &options).lines.iter().map(|line| line.text() + "\n").collect::<String>();
        for word in (0..words).map(|at| format!("w{at}x")) {
            prop_assert!(text.contains(&word), "{word} of {html} is not in\n{text}");
        }
        let again = Doc::from_markdown(&doc.to_markdown());
        let lines = |doc: &Doc| Layout::new(doc, &options).lines.iter().map(Line::text).collect::<Vec<_>>();
        prop_assert_eq!(lines(&doc), lines(&again), "{}", doc.to_markdown());
    }
}

/// A body in the language it is written in.
#[derive(Clone, Copy, PartialEq)]
enum In {
    Html,
    Markdown,
}

/// About this many bytes of each input that has broken a parser.
fn hostile(size: usize) -> Vec<(&'static str, In, String)> {
    let fill = |piece: &str| piece.repeat(size / piece.len());
    let half = |piece: &str| piece.repeat(size / piece.len() / 2);
    // As many different things as there is room for.
    let each = |bytes: usize, piece: &dyn Fn(usize) -> String| (0..size / bytes).map(piece).collect::<String>();
    let html = [
        ("nested div", fill("<div>")),
        ("nested div that end", half("<div>") + &half("</div>")),
        ("nested lists", fill("<ul><li>")),
        ("nested lists without items", fill("<ul>")),
        ("nested ordered lists", fill("<ol start=9><li>x")),
        ("nested quotes", fill("<blockquote>x")),
        ("nested quotes that end", half("<blockquote>x") + &half("</blockquote>")),
        ("nested tables", fill("<table><tr><td>")),
        ("nested tables without cells", fill("<table>")),
        ("nested definitions", fill("<dl><dd>x")),
        ("nested headings", fill("<h1><h2>x")),
        ("nested b", fill("<b><i>x")),
        ("nested font", fill("<font color=red>x")),
        ("nested span", fill("<span style='font-weight:bold'>x")),
        ("nested a", fill("<a href=#x>x")),
        ("nested pre", fill("<pre>x")),
        ("nested code", fill("<pre><code>x\n")),
        ("nested summary", fill("<details><summary>x")),
        ("many spans", fill("<i>x</i>")),
        ("row of cells", format!("<table><tr>{}", fill("<td>x</td>"))),
        ("rows of cells", format!("<table>{}", fill("<tr><td>x</td><td>y</td></tr>"))),
        ("rows without cells", format!("<table>{}", fill("<tr>"))),
        ("spans of cells", format!("<table>{}", fill("<tr><td colspan=1000 rowspan=1000>x"))),
        (
            "cells that reach down",
            format!("<table><tr>{}", each(22, &|at| format!("<td rowspan={}>x<tr><td>y", at % 60_000))),
        ),
        ("cells beside many that reach down", {
            let above = (0..1000).map(|at| format!("<td rowspan={}>x", 60_000 - at)).collect::<Vec<_>>().concat();
            format!("<table><tr>{above}{}", fill("<tr><td>y"))
        }),
        ("feet before bodies", fill("<table><tfoot><tr><td>x<tbody><tr><td>")),
        ("many rows of heads", format!("<table><thead>{}<tbody><tr><td>x", fill("<tr><th colspan=2>x<th>y"))),
        ("words in a cell", format!("<table><tr><td>{}", fill("word "))),
        ("tables", fill("<table><tr><td>x</table>")),
        ("one word", fill("x")),
        ("one wide word", fill("診")),
        ("emoji", fill("👩\u{200d}💻")),
        ("flags", fill("🇩🇪")),
        ("marks", fill("\u{301}")),
        ("letters with marks", fill("e\u{301}\u{302}")),
        ("jamo", fill("\u{1112}\u{1161}\u{11ab}")),
        ("vowel signs", fill("ক\u{9be}")),
        ("overrides", fill("\u{202e}x\u{200b}")),
        ("controls", fill("\u{1b}[2J")),
        ("blanks", fill(" ")),
        ("hard blanks", fill("\u{a0}")),
        ("hard blanks by name", fill("&nbsp;")),
        ("empty lines", fill("\n")),
        ("entities", fill("&amp;")),
        ("entities by number", fill("&#x1f469;")),
        ("long entities", fill("&CounterClockwiseContourIntegra")),
        ("ampersands", fill("&")),
        ("unclosed attribute", format!("<a href=\"{}", fill("x "))),
        ("one attribute", format!("<a href='https://x.example/{}'>x</a>", fill("y"))),
        ("attributes", format!("<a {}>x", each(9, &|at| format!("a{at}=1 ")))),
        ("attribute again", format!("<a {}>x", fill("href=x "))),
        ("one style", format!("<span style='{}'>x", fill("a:b;"))),
        ("open tags", fill("<a ")),
        ("less than", fill("<")),
        ("comments", fill("<!-- x -->")),
        ("open comments", fill("<!--")),
        ("dashes", format!("<!--{}", fill("-"))),
        ("questions", fill("<?")),
        ("sections", fill("<![CDATA[x")),
        ("scripts", fill("<script>x</script>")),
        ("open scripts", fill("<script>")),
        ("nearly ended script", format!("<script>{}", fill("</scrip"))),
        ("end tags", fill("</p></b></td></li>")),
        ("misnested", fill("<b><p></b><li></p><td>")),
        ("empty paragraphs", fill("<p></p>")),
        ("paragraphs", fill("<p>x")),
        ("blank paragraphs", fill("<p>&nbsp;</p>")),
        ("breaks", fill("<br>")),
        ("rules", fill("<hr>")),
        ("items", fill("<li>x")),
        ("items and dd", fill("<li>x<dd>y")),
        ("items of Word", fill("<p style='mso-list:l0 level9 lfo1'>x")),
        ("headings", fill("<h2>x</h2>")),
        ("empty headings", fill("<h2></h2>")),
        ("links", fill("<a href=http://x>y</a>")),
        ("links of its own", each(40, &|at| format!("<a href=https://x{at}.example/>https://y.example</a> "))),
        ("links without text", fill("<a href=http://x></a>")),
        ("images", fill("<img src=x>")),
        ("checks", fill("<input type=checkbox>")),
        ("pre line", format!("<pre>{}", fill("x"))),
        ("pre lines", format!("<pre>{}", fill("x\n"))),
        ("pre tabs", format!("<pre>{}", fill("\t"))),
        ("pre blanks", format!("<div style='white-space: pre'>{}", fill(" x\t"))),
        ("code", fill("<code> x </code>")),
        ("JSON", fill("{\"a\":[{\"b\":\"<c>\"},")),
    ];
    let markdown = [
        ("quotes", fill(">")),
        ("quotes apart", fill("> ")),
        ("quote lines", fill("> > > x\n")),
        ("deeper quotes", (0..size.isqrt()).map(|at| ">".repeat(at * 2) + " x\n\n").collect()),
        ("brackets", fill("[")),
        ("brackets that end", half("[") + &half("]")),
        ("brackets and parentheses", fill("[](")),
        ("links in links", fill("[a](b")),
        ("images in images", fill("![a](")),
        ("links in markdown", fill("[a](b) ")),
        ("stars", fill("*")),
        ("stars and words", fill("*a **a ")),
        ("stars and words that end", half("*a ") + &half(" a*")),
        ("underscores", fill("_a ")),
        ("stars and underscores", fill("*_a")),
        ("strikes", fill("~~a ")),
        ("backticks", fill("`")),
        ("backticks apart", fill("`a``")),
        ("longer backticks", (1..(size * 2).isqrt()).map(|at| "`".repeat(at) + " ").collect()),
        ("deep lists", (0..size.isqrt()).map(|at| " ".repeat(at * 2) + "- x\n").collect()),
        ("items in items", fill("- ")),
        ("numbers in numbers", fill("1. ")),
        ("flat list", fill("- a\n")),
        ("numbered list", each(9, &|at| format!("{at}. a\n"))),
        ("loose list", fill("- a\n\n")),
        ("tasks", fill("- [ ] a\n")),
        ("table", format!("|a|b|\n|-|-|\n{}", fill("|x|y|\n"))),
        ("table of empty cells", format!("|a|b|\n|-|-|\n{}", fill("|||\n"))),
        ("wide table", {
            let columns = size / 6;
            format!("|{}\n|{}\n|{}\n", "a|".repeat(columns), "-|".repeat(columns), "x|".repeat(columns))
        }),
        ("wide head of a long table", {
            let columns = size / 8;
            let rows = size / 8;
            format!("|{}\n|{}\n{}", "a|".repeat(columns), "-|".repeat(columns), "|x\n".repeat(rows))
        }),
        ("tables in markdown", fill("|a|\n|-|\n|x|\n\n")),
        ("bars", fill("|")),
        ("entities in markdown", fill("&amp;")),
        ("the same reference", fill("[a]: b\n")),
        ("references", each(20, &|at| format!("[a{at}]: b\n\n[a{at}]\n\n"))),
        ("references to none", fill("[a][b] ")),
        ("footnotes", fill("[^a]: b\n")),
        ("footnotes of its own", each(24, &|at| format!("[^a{at}]: b\n\nx[^a{at}]\n\n"))),
        ("html in markdown", fill("<b>x</b> ")),
        ("html blocks", fill("<div>\n\nx\n\n")),
        ("open html in markdown", fill("<a ")),
        ("open comments in markdown", fill("<!-- a ")),
        ("questions in markdown", fill("a <? ")),
        ("declarations in markdown", fill("a <!A ")),
        ("sections in markdown", fill("a <![CDATA[ ")),
        ("autolinks", fill("<http://x> ")),
        ("backslashes", fill("\\")),
        ("code fence", format!("```\n{}", fill("x\n"))),
        ("code fences", fill("```\n")),
        ("indented code", fill("    x\n")),
        ("one paragraph", fill("word ")),
        ("one word in markdown", fill("x")),
        ("paragraphs in markdown", fill("a\n\n")),
        ("hard breaks", fill("a\\\n")),
        ("headings in markdown", fill("# a\n")),
        ("underlined headings", fill("a\n=\n")),
        ("rules in markdown", fill("***\n")),
        ("definitions", fill("a\n: b\n\n")),
        ("JSON in markdown", fill("{\"a\":[{\"b\":\"<c>\"},\n")),
        ("arrays in markdown", fill("[[1,2],")),
    ];
    let html = html.into_iter().map(|(name, source)| (name, In::Html, source));
    html.chain(markdown.into_iter().map(|(name, source)| (name, In::Markdown, source))).collect()
}

/// Time this thread has worked, whatever else the machine does.
fn worked() -> Duration {
    #[cfg(target_os = "linux")]
    {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        Duration::try_from(time).unwrap_or_default()
    }
    #[cfg(not(target_os = "linux"))]
    {
        static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
        START.get_or_init(std::time::Instant::now).elapsed()
    }
}

/// Reads a body and lays out its first screen: the time of the first, and of both.
fn first_screen(kind: In, source: &str) -> (Doc, Layout, Duration, Duration) {
    let start = worked();
    let doc = if kind == In::Html { Doc::from_html(source) } else { Doc::from_markdown(source) };
    let parsed = worked().saturating_sub(start);
    let mut layout = Layout::begin(&doc, &LayoutOptions { width: 80, ..LayoutOptions::default() });
    layout.extend_to(&doc, 100);
    (doc, layout, parsed, worked().saturating_sub(start))
}

/// Memory that the process has, or had at most since it was last asked, in MiB, where the system says so.
fn memory(which: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(which));
    let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    kib.unwrap_or(0) / 1024
}

/// Names of kinds to test; all of them without. `HOSTILE=` alone also prints all.
fn asked_for(name: &str) -> bool {
    std::env::var("HOSTILE").is_ok_and(|only| name.contains(&only)) || std::env::var_os("HOSTILE").is_none()
}

#[test]
#[cfg_attr(debug_assertions, ignore = "the limit is meant for the release build")]
fn any_five_megabytes_show_their_first_screen_in_time() {
    let mut slow = Vec::new();
    for (name, kind, source) in hostile(5_000_000) {
        if !asked_for(name) {
            continue;
        }
        let before = memory("VmRSS");
        let (doc, mut layout, parsed, shown) = first_screen(kind, &source);
        let memory = memory("VmHWM").saturating_sub(before);
        if std::env::var_os("HOSTILE").is_some() {
            let start = worked();
            layout.extend_to(&doc, usize::MAX);
            #[expect(clippy::print_stdout, reason = "the table is what this run was asked for")]
            {
                println!(
                    "{name}: first screen {} ms, parsed {} ms, rest {} ms, {} lines, {memory} MiB at most",
                    shown.as_millis(),
                    parsed.as_millis(),
                    worked().saturating_sub(start).as_millis(),
                    layout.lines.len()
                );
            }
        }
        if shown > Duration::from_millis(500) {
            slow.push(format!("{name}: parsed {parsed:?}, first screen {shown:?}"));
        }
    }
    assert!(slow.is_empty(), "{slow:#?}");
}

/// What takes time in proportion takes twice as long for twice as much; what grows with the square takes four times
/// as long. A machine that does other things adds to one run or the other, so a kind gets several tries.
#[test]
fn twice_as_much_of_anything_takes_twice_as_long() {
    const SIZE: usize = 100_000;
    const MOST: f64 = 3.0;
    let twice = hostile(SIZE * 2);
    let mut slow = Vec::new();
    for ((name, kind, once), (.., twice)) in hostile(SIZE).into_iter().zip(twice) {
        if !asked_for(name) {
            continue;
        }
        let (mut least_once, mut least_twice) = (Duration::MAX, Duration::MAX);
        let grows = |once: Duration, twice: Duration| twice.as_secs_f64() / once.as_secs_f64().max(0.001);
        for _ in 0..8 {
            least_once = least_once.min(first_screen(kind, &once).3);
            least_twice = least_twice.min(first_screen(kind, &twice).3);
            if grows(least_once, least_twice) <= MOST {
                break;
            }
        }
        if grows(least_once, least_twice) > MOST {
            slow.push(format!("{name}: {least_once:?}, twice as much {least_twice:?}"));
        }
    }
    assert!(slow.is_empty(), "{slow:#?}");
}

#[test]
fn what_is_deeper_than_the_limit_stands_side_by_side_and_says_so() {
    let html = |open: &str| (In::Html, open.repeat(600) + "deep");
    for (name, (kind, source), says) in [
        ("quotes", html("<blockquote>"), "Nested too deeply"),
        ("lists", html("<ul><li>"), "Nested too deeply"),
        ("ordered lists", html("<ol><li>x"), "Nested too deeply"),
        ("lists without items", html("<ul>"), "Nested too deeply"),
        ("definitions", html("<dl><dd>"), "Nested too deeply"),
        ("tables", html("<table><tr><td>"), "Tables nested too deeply"),
        ("quotes in tables", html("<table><tr><td><blockquote>"), "Tables nested too deeply"),
        ("quotes of Markdown", (In::Markdown, ">".repeat(600) + " deep"), "Nested too deeply"),
        ("more of them than are read", (In::Markdown, "> ".repeat(3000) + "deep"), "Nested too deeply"),
        ("lists of Markdown on a line", (In::Markdown, "- ".repeat(600) + "deep"), "Nested too deeply"),
        (
            "lists of Markdown",
            (
                In::Markdown,
                (0..600).map(|at| " ".repeat(at * 2) + "- x\n").collect::<String>() + &" ".repeat(1200) + "- deep",
            ),
            "Nested too deeply",
        ),
    ] {
        let (doc, mut layout, ..) = first_screen(kind, &source);
        layout.extend_to(&doc, usize::MAX);
        let notes: Vec<_> = layout.notes.iter().filter(|note| note.text.starts_with(says)).collect();
        assert_eq!(notes.len(), 1, "{name}: {:?}", layout.notes);
        assert!(layout.lines.iter().any(|line| line.text().contains("deep")), "{name}: what is deepest is not shown");
    }
    // A div is a line and nothing else: there is nothing to flatten.
    let (doc, mut layout, ..) = first_screen(In::Html, &("<div>".repeat(100_000) + "deep"));
    layout.extend_to(&doc, usize::MAX);
    assert!(layout.notes.is_empty() && layout.lines.len() == 1 && layout.lines[0].text() == "deep");
    // One level less than the limit is no reason to say anything.
    let (doc, mut layout, ..) = first_screen(In::Html, &("<blockquote>".repeat(512) + "deep"));
    layout.extend_to(&doc, usize::MAX);
    assert!(layout.notes.is_empty(), "{:?}", layout.notes);
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
