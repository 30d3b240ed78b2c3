//! HTML as people and their editors leave it.

use super::super::{Doc, Layout};
use super::{html, options};

#[test]
fn tags_that_end_by_themselves_do() {
    assert_eq!(html("<p>one<p>two"), ["one", "", "two"]);
    assert_eq!(html("<ul><li>one<li>two</ul>"), ["• one", "• two"]);
    assert_eq!(html("<dl><dt>Term<dd>Text<dt>Next<dd>More</dl>"), ["Term", "    Text", "Next", "    More"]);
    assert_eq!(html("<table><tr><td>a<td>b<tr><td>c<td>d</table>"), ["a  │ b", "c  │ d"]);
    assert_eq!(html("<p>text<ul><li>item</ul>"), ["text", "", "• item"]);
}

#[test]
fn stray_and_misnested_ends_change_nothing() {
    assert_eq!(html("</div></td>a<b>b<i>c</b>d</i>e</p></ul>"), ["abcde"]);
    let layout = Layout::new(&Doc::from_html("<b>b<i>bi</b>i</i>x"), &options(40));
    let looks: Vec<_> =
        layout.lines[0].spans().map(|span| (span.text, span.emphasis.strong, span.emphasis.emphasis)).collect();
    assert_eq!(looks, [("b", true, false), ("bi", true, true), ("i", false, true), ("x", false, false)]);
}

#[test]
fn divs_are_lines_and_paragraphs_stand_apart() {
    assert_eq!(html("<div>one</div><div>two</div><div><br></div><div>three</div>"), ["one", "two", "", "three"]);
    assert_eq!(html("<p>one</p><p>&nbsp;</p><p></p><p>two</p>"), ["one", "", "two"]);
}

#[test]
fn white_space_collapses_and_hard_blanks_do_not() {
    assert_eq!(html("<p>  a \n\t b <b> c </b> d&nbsp;&nbsp;e </p>"), ["a b c d  e"]);
    assert_eq!(html("<div style='white-space: pre'>a\n  b   c</div>"), ["a", "  b   c"]);
}

#[test]
fn lists_of_word_become_lists() {
    let word = "<p class=MsoListParagraphCxSpFirst style='mso-list:l0 level1 lfo1'><![if !supportLists]><span \
                style='mso-list:Ignore'>·<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp; </span></span>\
                <![endif]>First<o:p></o:p></p>\
                <p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>1.\
                <span>&nbsp;</span></span>Inner</p>\
                <p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·\
                </span>Last</p><p class=MsoNormal>After</p>";
    assert_eq!(html(word), ["• First", "  1. Inner", "• Last", "", "After"]);
}

#[test]
fn the_bold_that_google_wraps_around_everything_is_not_bold() {
    let layout = Layout::new(
        &Doc::from_html(
            "<b style=\"font-weight:normal;\"><p>plain <span style=\"font-weight:700\">bold</span></p></b>",
        ),
        &options(40),
    );
    let strong: Vec<_> = layout.lines[0].spans().map(|span| span.emphasis.strong).collect();
    assert_eq!(strong, [false, true]);
}

#[test]
fn what_is_not_for_readers_is_dropped() {
    let source = "<head><title>t</title><style>p{}</style></head><!-- no --><script>alert('<p>')</script><p>text</p>";
    assert_eq!(html(source), ["text"]);
    assert_eq!(
        html("<p>before</p><script>never ends<p>lost</p>"),
        ["before", "", "[A script or style sheet without an end", "hides the following 21 bytes]"]
    );
}

#[test]
fn a_note_of_ours_has_room_in_a_table() {
    let text = html("<table><tr><td>x<td><script>never ends");
    assert!(text.iter().any(|line| line.contains("stylesheet") || line.contains("style sheet")), "{text:?}");
}

#[test]
fn a_tag_that_never_ends_is_text() {
    assert_eq!(html("<p>text</p><a href=\"x"), ["text", "", "<a href=\"x"]);
    assert_eq!(html("a < b <3 & c"), ["a < b <3 & c"]);
}

#[test]
fn text_where_only_items_or_cells_belong_is_not_lost() {
    assert_eq!(html("<ul>loose<li>item</li><ul><li>inner</li></ul></ul>"), ["• loose", "• item", "  ◦ inner"]);
    assert_eq!(html("<table>before<tr><td>cell</td>between</tr></table>"), ["before", "", "cell │ between"]);
}

#[test]
fn details_show_their_summary_and_content() {
    assert_eq!(html("<details><summary>More</summary><p>inside</p></details>"), ["▾ More", "", "inside"]);
}

#[test]
fn frames_and_videos_are_named() {
    assert_eq!(html("<iframe src=https://v.example/1></iframe>"), ["▣ frame: https://v.example/1"]);
    assert_eq!(html("<video title='Reboot' src=x.mp4></video>"), ["▣ video: Reboot"]);
}

#[test]
fn controls_made_by_references_are_shown_as_marks() {
    assert_eq!(html("<p>a&#27;[31mb&#x202e;c&#x9b;</p>"), ["a␛[31mb‹202E›c›"]);
    assert_eq!(html("<p>a<b>&#x1b;</b>]52;c;x&#7;</p>"), ["a␛]52;c;x␇"]);
}

#[test]
fn no_cell_of_a_span_is_lost() {
    assert_eq!(
        html("<table><tr><td rowspan=2>tall</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>"),
        ["tall │ b", "     │ c  │ d"]
    );
    assert_eq!(
        html("<table><tr><td colspan=2>wide</td></tr><tr><td>aaaa</td><td>b</td></tr></table>"),
        ["wide", "aaaa │ b"]
    );
}
