//! What editors, wikis and people leave in bodies and notes.

use super::super::{CodeStyle, Doc, Layout, LayoutOptions, LinkBase};
use super::{html, lines_of, markdown, options};
use gluepot_core::model::RawBody;

fn notes(source: &str) -> Vec<String> {
    lines_of(&Doc::from_notes(&RawBody::new(source), &LinkBase::default()), &options(60))
}

// Lists

#[test]
fn a_second_list_of_word_has_its_own_markers() {
    let word = "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>1.<span>&nbsp; \
                </span></span>Stop the service</p>\n<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span \
                style='mso-list:Ignore'>2.<span>&nbsp; </span></span>Copy the files</p>\n<p class=MsoListParagraph \
                style='mso-list:l1 level1 lfo2'><span style='font-family:Symbol;mso-list:Ignore'>&middot;<span>&nbsp; \
                </span></span>keep the old folder</p>";
    assert_eq!(html(word), ["1. Stop the service", "2. Copy the files", "", "• keep the old folder"]);
}

#[test]
fn markers_of_word_are_kept_as_it_wrote_them() {
    let item = |list: &str, level: u8, marker: &str, text: &str| {
        format!(
            "<p class=MsoListParagraph style='mso-list:{list} level{level} lfo1'><span style='mso-list:Ignore'>{marker}\
             <span>&nbsp;</span></span>{text}</p>"
        )
    };
    let body = item("l0", 1, "A.", "one")
        + &item("l0", 2, "i.", "inner")
        + &item("l0", 2, "ii.", "inner two")
        + &item("l0", 1, "B.", "two");
    assert_eq!(html(&body), ["A. one", "    i. inner", "   ii. inner two", "B. two"]);
    let body = item("l0", 1, "1.1.", "one") + &item("l0", 1, "1.2.", "two") + &item("l3", 1, "a)", "three");
    assert_eq!(html(&body), ["1.1. one", "1.2. two", "", "a) three"]);
    let body = item("l0", 1, "☒", "done") + &item("l0", 1, "☐", "open");
    assert_eq!(html(&body), ["☑ done", "☐ open"]);
    assert_eq!(html("<p style='mso-list:none'>no item</p>"), ["no item"]);
}

#[test]
fn lists_are_numbered_as_their_style_says() {
    assert_eq!(
        html(
            "<ol><li>Sign in<ol style=\"list-style-type: lower-alpha;\"><li>as admin</li><li>with the token</li></ol></li>\
             <li>Do step 1b again</li></ol>"
        ),
        ["1. Sign in", "   a. as admin", "   b. with the token", "2. Do step 1b again"]
    );
    for (style, first) in [
        ("upper-alpha", "A. x"),
        ("upper-latin", "A. x"),
        ("lower-roman", "i. x"),
        ("UPPER-ROMAN", "I. x"),
        ("decimal-leading-zero", "01. x"),
        ("lower-greek", "α. x"),
        ("disc", "• x"),
        ("square", "• x"),
        ("none", "x"),
    ] {
        assert_eq!(html(&format!("<ol style='list-style-type:{style}'><li>x</ol>")), [first], "{style}");
        assert_eq!(html(&format!("<ol style='list-style: inside {style}'><li>x</ol>")), [first], "{style}");
        // Google Docs says it at each item.
        if style != "none" {
            assert_eq!(html(&format!("<ol><li style='list-style-type:{style}'>x</ol>")), [first], "{style}");
        }
    }
    assert_eq!(html("<ul style='list-style-type:decimal'><li>x<li>y</ul>"), ["1. x", "2. y"]);
    assert_eq!(
        html("<ul><li>one</li><li style='list-style-type:none'><ul><li>inner</li></ul></li></ul>"),
        ["• one", "  ◦ inner"]
    );
}

#[test]
fn lists_count_down_and_skip_as_they_say() {
    assert_eq!(
        html("<ol reversed><li>oldest of three</li><li>middle</li><li>newest</li></ol>"),
        ["3. oldest of three", "2. middle", "1. newest"]
    );
    assert_eq!(html("<ol reversed start=10><li>x<li>y</ol>"), ["10. x", " 9. y"]);
    assert_eq!(html("<ol reversed><li>x<ol><li>in</ol><li value=7>y<li>z</ol>"), ["3. x", "   1. in", "7. y", "6. z"]);
}

#[test]
fn tasks_of_every_editor_are_told_apart() {
    for (name, body) in [
        (
            "TinyMCE",
            "<ul class=\"tox-checklist\"><li class=\"tox-checklist--checked\">backup</li><li>restore</li></ul>",
        ),
        ("Quill 2", "<ol><li data-list=\"checked\">backup</li><li data-list=\"unchecked\">restore</li></ol>"),
        ("Quill 1", "<ul data-checked=\"true\"><li>backup</li></ul><ul data-checked=\"false\"><li>restore</li></ul>"),
        (
            "Confluence",
            "<ul class='inline-task-list'><li class='checked' data-inline-task-id=1>backup<li data-inline-task-id=2>restore</ul>",
        ),
        (
            "Confluence storage",
            "<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>complete</ac:task-status><ac:task-body>backup\
             </ac:task-body></ac:task><ac:task><ac:task-id>2</ac:task-id><ac:task-status>incomplete</ac:task-status>\
             <ac:task-body>restore</ac:task-body></ac:task></ac:task-list>",
        ),
        (
            "CKEditor",
            "<ul class=todo-list><li><label><input type=checkbox checked disabled><span>backup</span></label><li><label><input type=checkbox disabled><span>restore</span></label></ul>",
        ),
        (
            "TipTap",
            "<ul data-type=taskList><li data-checked=true><label><input type=checkbox checked></label><div>backup</div><li data-checked=false><label><input type=checkbox></label><div>restore</div></ul>",
        ),
        (
            "GitHub",
            "<ul class=contains-task-list><li class=task-list-item><input type=checkbox checked> backup<li class=task-list-item><input type=checkbox> restore</ul>",
        ),
        ("Word", "<ul><li>☒ backup<li>☐ restore</ul>"),
        ("roles", "<ul><li role=checkbox aria-checked=true>backup<li role=checkbox aria-checked=false>restore</ul>"),
    ] {
        let lines: Vec<_> = html(body).into_iter().filter(|line| !line.is_empty()).collect();
        assert_eq!(lines, ["☑ backup", "☐ restore"], "{name}");
    }
    assert_eq!(html("<ol><li data-list=bullet>x<li data-list=ordered>y</ol>"), ["• x", "", "1. y"]);
    assert_eq!(html("<ul class=contains-task-list><li>plain</ul>"), ["• plain"]);
}

// Struck text

#[test]
fn struck_text_stands_between_marks_where_nothing_is_struck() {
    let marked = LayoutOptions { strike_marks: true, ..options(60) };
    for (body, line) in [
        (
            "<p>Do <del>not</del> reboot. Gateway <s>10.9.0.1</s> 10.9.0.2</p>",
            "Do ~~not~~ reboot. Gateway ~~10.9.0.1~~ 10.9.0.2",
        ),
        ("<p><strike>old</strike>, new</p>", "~~old~~, new"),
        ("<p>a <span style='text-decoration: Line-Through'>b</span> <b>c</b></p>", "a ~~b~~ c"),
        ("<p><s>one <b>two</b> <code>three</code></s> four</p>", "~~one two three~~ four"),
        ("<p style='text-decoration-line:line-through'>all of it</p><p>not this</p>", "~~all of it~~"),
        ("<ul><li style='text-decoration:line-through'>gone</ul>", "• ~~gone~~"),
        ("<p><em style='text-decoration:line-through'>gone</em> here</p>", "~~gone~~ here"),
        ("<table><tr style='text-decoration:line-through'><td>x<td>y</table>", "~~x~~ │ ~~y~~"),
        ("<p><s>a<br>b</s></p>", "~~a~~"),
        ("<p><s>&nbsp;</s>x</p>", " x"),
    ] {
        let lines = lines_of(&Doc::from_html(body), &marked);
        assert_eq!(lines[0], line, "{body}");
        let plain = lines_of(&Doc::from_html(body), &options(60));
        assert!(!plain.concat().contains("~~"), "{plain:?}");
    }
    assert_eq!(lines_of(&Doc::from_markdown("Do ~~not~~ reboot"), &marked), ["Do ~~not~~ reboot"]);
    let layout = Layout::new(&Doc::from_html("<s>x</s>"), &options(60));
    assert!(layout.lines[0].spans().next().expect("a span").emphasis.strike);
}

// What is not seen

#[test]
fn what_nobody_sees_is_dropped_from_prose_and_code() {
    assert_eq!(
        html("<p>Restart the spool&shy;er.</p><p>&#8203;</p><p>Then call.</p>"),
        ["Restart the spooler.", "", "Then call."]
    );
    assert_eq!(html("<p>\u{feff}a\u{200b}b \u{200b} c\u{2060}d &zwnj;e</p>"), ["ab cd e"]);
    assert_eq!(html("<p>\u{feff}<img src=a.png></p>"), ["▣ image: a.png"]);
    assert_eq!(html("<p>👩\u{200d}💻 ✔\u{fe0f}</p>"), ["👩💻 ✔"]);
    assert_eq!(markdown("a\u{200b}b `c\u{200b}d`"), ["ab cd"]);
    assert_eq!(notes("a\u{200b}b\n\u{200b}\nc"), ["ab", "", "c"]);
    // What turns the direction or drives a terminal is still told.
    assert_eq!(html("<p>a\u{202e}b\u{200f}c&#27;</p>"), ["a‹202E›b‹200F›c␛"]);
}

#[test]
fn code_is_copied_without_marks_for_what_shows_nothing() {
    for (body, shown, copied) in [
        ("<pre>Get-Item&#8203; C:\\x</pre>", "Get-Item C:\\x", "Get-Item C:\\x"),
        ("<pre>rm \u{202e}x\u{202c}</pre>", "rm ‹202E›x‹202C›", "rm x"),
        ("<pre>a&#27;[31mb\tc</pre>", "a␛[31mb c", "a[31mb\tc"),
        ("<pre>echo ‹200B›</pre>", "echo ‹200B›", "echo ‹200B›"),
    ] {
        let plain = LayoutOptions { code: CodeStyle::Ruled, ..options(40) };
        let layout = Layout::new(&Doc::from_html(body), &plain);
        assert_eq!((layout.lines[1].text().as_str(), layout.codes[0].text.as_str()), (shown, copied), "{body}");
    }
}

// Images

#[test]
fn emoji_that_are_images_are_emoji() {
    for (image, shown) in [
        ("<img class=\"emoji\" alt=\"👍\" src=\"https://x.example/1f44d.png\">", "👍"),
        ("<img alt=\"👨\u{200d}💻\" src=x.png>", "👨💻"),
        ("<img class=emoji alt=':tada:' src='/images/icons/emoji/unicode/1f389.png'>", "🎉"),
        ("<img data-stringify-type=emoji alt=':melon:' src='https://a.example/emoji/1f348.png'>", "🍈"),
        ("<img class='emoticon emoticon-tick' alt='(tick)' src='/images/icons/emoticons/check.svg'>", "✅"),
        ("<img class=emoticon data-emoji-fallback='🎯' alt=':dart:' src=a.png>", "🎯"),
        ("<ac:emoticon ac:name='thumbs-up' />", "👍"),
        ("<img class=emoji alt=':shipit:' src='shipit.png'>", ":shipit:"),
        ("<img alt='1\u{fe0f}\u{20e3}' src='x.png'>", "1"),
    ] {
        assert_eq!(html(&format!("<p>Done {image} thanks</p>")), [format!("Done {shown} thanks")], "{image}");
    }
    assert_eq!(html("<p><img alt='5' src=a.png></p>"), ["▣ image: 5"]);
}

#[test]
fn images_stand_apart_from_what_touches_them() {
    assert_eq!(
        html("<p><img src=\"a.png\" alt=\"front\"><img src=\"b.png\" alt=\"back\"></p>"),
        ["▣ image: front ▣ image: back"]
    );
    assert_eq!(
        html("<p>See<img src=a.png alt=front>here, <b>and</b><img src=b.png alt=back>.</p>"),
        ["See ▣ image: front here, and ▣ image:", "back."]
    );
    assert_eq!(markdown("![front](a.png)![back](b.png)"), ["▣ image: front ▣ image: back"]);
}

// Notes

#[test]
fn what_people_type_in_angle_brackets_stays() {
    for plain in [
        "cmd <param> <object> <var>",
        "Enter <code> then <pin>#",
        "<user name> / <pass>",
        "ssh <user>@<host-name>:<port>",
        "<add key=\"a\" value=\"b &amp; c\"/>",
    ] {
        assert_eq!(notes(plain), [plain]);
    }
    assert_eq!(notes("cmd <param> <object><br>then <var>"), ["cmd <param> <object>", "then <var>"]);
    assert_eq!(notes("one<br>\ntwo<br/>three\nfour <b>bold</b>"), ["one", "two", "three", "four bold"]);
    assert_eq!(
        notes("<p>Run cmd <host> or &lt;host&gt;</p><p>Enter <code> then</p>"),
        ["Run cmd <host> or <host>", "", "Enter <code> then"]
    );
    assert_eq!(notes("<p>one</p><ul><li>two</li></ul>"), ["one", "", "• two"]);
    // A document also loses nothing that is not an element.
    assert_eq!(
        html("<p>Run <host> as <admin@example.com> <o:p></o:p><x-note>here</x-note></p>"),
        ["Run <host> as <admin@example.com> here"]
    );
}

#[test]
fn every_end_of_a_line_is_one() {
    assert_eq!(notes("User: a\rHost: b"), ["User: a", "Host: b"]);
    assert_eq!(notes("a\r\nb\nc\u{2028}d\r\r\ne"), ["a", "b", "c", "d", "", "e"]);
    assert_eq!(notes("a\rb<br>c"), ["a", "b", "c"]);
    assert_eq!(html("<div style='white-space:pre-line'>a\rb\r\nc</div>"), ["a", "b", "c"]);
}

// The screen

#[test]
fn on_a_screen_headings_go_on_in_a_line_and_have_no_mark() {
    let screen = LayoutOptions { heading_rules: true, ..options(20) };
    assert_eq!(
        lines_of(&Doc::from_markdown("# One\n\n## Two\n\n### Three"), &screen),
        ["One ════════════════", "", "Two ────────────────", "", "Three"]
    );
    let ascii = LayoutOptions { ascii: true, ..screen };
    assert_eq!(lines_of(&Doc::from_markdown("## Two"), &ascii), ["Two ----------------"]);
}

#[test]
fn no_mark_for_a_long_line_can_be_a_part_of_a_path() {
    let doc = Doc::from_html("<pre>\\\\fileserver\\share\\it\\tools\\setup.exe</pre>");
    for code in [CodeStyle::Framed, CodeStyle::Ruled] {
        let lines = lines_of(&doc, &LayoutOptions { ascii: true, code, ..options(24) });
        assert!(lines.iter().any(|line| line.starts_with("> ")), "{lines:?}");
        assert!(!lines.concat().contains("\\ "), "{lines:?}");
    }
}

#[test]
fn paragraphs_of_word_that_only_begin_deep_are_written_as_they_are_read() {
    for body in ["<p style='mso-list:l0 level2 lfo1'>0", "<p style='mso-list:l0 level2 lfo1'><caption>0"] {
        let doc = Doc::from_html(body);
        let again = Doc::from_markdown(&doc.to_markdown());
        assert_eq!(lines_of(&doc, &options(40)), lines_of(&again, &options(40)), "{body}: {}", doc.to_markdown());
    }
}
