//! The same text as HTML and as Markdown.

use super::super::Doc;
use super::{lines_of, options};

#[test]
fn html_and_markdown_of_one_text_give_the_same_lines() {
    for (html, markdown) in [
        ("<p>a <em>b</em> <strong>c</strong> <del>d</del> <code>e  f</code></p>", "a *b* **c** ~~d~~ `e  f`"),
        ("<p>one<br>two<br/>three</p>", "one  \ntwo\\\nthree"),
        ("<ul><li>a</li><li>b<ol><li>c</li><li>d</li></ol></li></ul>", "- a\n- b\n  1. c\n  2. d"),
        ("<ul><li><p>a</p></li><li><p>b</p></li></ul>", "- a\n\n- b"),
        ("<ol start='3'><li>c</li></ol>", "3. c"),
        ("<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>", "> a\n>\n> > b"),
        ("<pre><code class='language-sh'>a\n  b\n</code></pre>", "```sh\na\n  b\n```"),
        (
            "<table><thead><tr><th>A</th><th align='right'>B</th></tr></thead><tbody><tr><td>1</td><td \
             align='right'>2</td></tr></tbody></table>",
            "| A | B |\n|---|--:|\n| 1 | 2 |",
        ),
        (
            "<ul><li><input type='checkbox' checked disabled> a</li><li><input type='checkbox'> b</li></ul>",
            "- [x] a\n- [ ] b",
        ),
        ("<p>&lt;b&gt; &amp; &copy; &#8364;</p>", "\\<b> &amp; &copy; &#8364;"),
        ("<p><a href='https://x.example/?a=1&amp;b=2'>x</a></p>", "[x](https://x.example/?a=1&b=2)"),
        ("<p><img src='a/rack.png' alt='rack'> text</p>", "![rack](a/rack.png) text"),
        ("<dl><dt>Term</dt><dd>Text</dd></dl>", "Term\n: Text"),
        ("<h1>A</h1><hr><h3>B</h3>", "# A\n***\n### B"),
    ] {
        for width in [60, 14] {
            assert_eq!(
                lines_of(&Doc::from_html(html), &options(width)),
                lines_of(&Doc::from_markdown(markdown), &options(width)),
                "{html}"
            );
        }
    }
}

#[test]
fn markdown_is_written_as_a_person_would() {
    for (html, markdown) in [
        (
            "<h2>Title</h2><p>Some <b>bold</b> and <i>italic</i> text.</p>",
            "## Title\n\nSome **bold** and *italic* text.\n",
        ),
        ("<ul><li>one</li><li>two<ul><li>inner</li></ul></li></ul>", "- one\n- two\n  - inner\n"),
        ("<pre><code class=language-sh>ls -l</code></pre>", "```sh\nls -l\n```\n"),
        ("<p>see <a href='https://x.example/a'>the *guide*</a></p>", "see [the \\*guide\\*](<https://x.example/a>)\n"),
        ("<table><tr><th>A<th>B<tr><td>a|b<td>c</table>", "| A | B |\n| --- | --- |\n| a\\|b | c |\n"),
        ("<div>one</div><div>two</div>", "one\\\ntwo\n"),
        ("<p># no heading</p><p>1. no list</p><p>- nor this</p>", "\\# no heading\n\n1\\. no list\n\n\\- nor this\n"),
        ("<p>H<sub>2</sub>O</p>", "H<sub>2</sub>O\n"),
    ] {
        assert_eq!(Doc::from_html(html).to_markdown(), markdown, "{html}");
    }
}
