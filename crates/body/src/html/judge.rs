//! Whether a field that may be either is plain text or HTML.
//!
//! A body in HTML drops elements that browsers know and shows all others as text. Notes may be either: they are HTML
//! only if they hold markup as editors write it, and even then a tag that nothing ends stays text.

use memchr::{memchr2, memmem};

use super::entities::decode;
use super::form::Form;
use super::written::{Ends, html_element, written};
use crate::tag::Nature;

/// How a field that may be plain text is to be read.
pub fn form_of(text: &str) -> Form {
    let bytes = text.as_bytes();
    let ends = Ends::of(text);
    let begins = text.len() - text.trim_start().len();
    let (mut formatted, mut referenced, mut placeholders) = (false, false, false);
    let mut from = 0;
    while let Some(found) = memchr2(b'<', b'&', bytes.get(from..).unwrap_or_default()) {
        let at = from + found;
        from = at + 1;
        let rest = bytes.get(at..).unwrap_or_default();
        if rest.starts_with(b"&") {
            let end = rest.iter().take(34).position(|&b| b == b';');
            referenced |=
                end.and_then(|end| text.get(at..=at + end)).is_some_and(|source| decode(source, false) != source);
            continue;
        }
        if rest.starts_with(b"<!--") && memmem::find(rest, b"-->").is_some() {
            formatted = true;
            continue;
        }
        let Some(tag) = written(rest) else { continue };
        let known = html_element(tag.name).filter(|_| tag.is_well_formed());
        let Some(known) = known else {
            placeholders = true;
            continue;
        };
        if tag.is_end {
            continue;
        }
        let is_ended = ends.reach(known, at);
        let is = |name: &[u8]| tag.name.eq_ignore_ascii_case(name);
        if known.nature == Nature::Block && (is_ended || at == begins && (is(b"p") || is(b"div"))) {
            return Form::Blocks;
        }
        let is_formatting = is_ended && (known.nature == Nature::Formatting || is(b"a") && tag.has_attributes());
        if is_formatting || is(b"br") || is(b"hr") && tag.inside.is_empty() || is(b"img") && tag.has_attributes() {
            formatted = true;
        } else {
            placeholders |= !is_ended;
        }
    }
    if formatted || (referenced && !placeholders) { Form::Lines } else { Form::Plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_html_only_when_they_hold_markup_as_editors_write_it() {
        for plain in [
            "cmd <param> <object> <var>",
            "Enter <code> then <pin>#",
            "if a < b && c > d",
            "<user name> / <pass>",
            "Press <b> or <i> or <p>",
            "<code to enter>",
            "<server><title>x</title></server>",
            "<object id=\"1\"><param name=\"a\"/></object>",
            "<add key=\"a\" value=\"b &amp; c\"/>",
            "AT&T <host:port>",
            "",
        ] {
            assert_eq!(form_of(plain), Form::Plain, "{plain}");
        }
        for lines in
            ["a<br>b", "cmd <param><br>next", "<b>bold</b> text", "Tom &amp; Jerry", "<a href=x>y</a>", "x<br/>"]
        {
            assert_eq!(form_of(lines), Form::Lines, "{lines}");
        }
        for blocks in ["<p>x</p>", "<div class=\"a\">x</div>", "text <ul><li>x</ul>", "<p>one<p>two", "<H2>x</H2>"] {
            assert_eq!(form_of(blocks), Form::Blocks, "{blocks}");
        }
    }
}
