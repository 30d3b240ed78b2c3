//! What in angle brackets is markup, and what somebody typed: `<param>`, `<your name>`, `<host:port>`.
//!
//! A body in HTML drops elements that browsers know and shows all others as text. Notes may be either: they are HTML
//! only if they hold markup as editors write it, and even then a tag that nothing ends stays text.

use std::collections::HashSet;

use memchr::{memchr, memchr2, memmem};

use super::decode;

/// How a field that may be either is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Text as it is
    Plain,
    /// Text with formatting and references, whose line ends count
    Lines,
    /// HTML with blocks
    Blocks,
}

/// The elements of HTML, also obsolete ones, and those of SVG and MathML that come along in pasted text. In order.
const ELEMENTS: [&[u8]; 173] = [
    b"a",
    b"abbr",
    b"acronym",
    b"address",
    b"annotation",
    b"applet",
    b"area",
    b"article",
    b"aside",
    b"audio",
    b"b",
    b"base",
    b"basefont",
    b"bdi",
    b"bdo",
    b"bgsound",
    b"big",
    b"blink",
    b"blockquote",
    b"body",
    b"br",
    b"button",
    b"canvas",
    b"caption",
    b"center",
    b"circle",
    b"cite",
    b"clippath",
    b"code",
    b"col",
    b"colgroup",
    b"data",
    b"datalist",
    b"dd",
    b"defs",
    b"del",
    b"desc",
    b"details",
    b"dfn",
    b"dialog",
    b"dir",
    b"div",
    b"dl",
    b"dt",
    b"ellipse",
    b"em",
    b"embed",
    b"fieldset",
    b"figcaption",
    b"figure",
    b"font",
    b"footer",
    b"foreignobject",
    b"form",
    b"frame",
    b"frameset",
    b"g",
    b"h1",
    b"h2",
    b"h3",
    b"h4",
    b"h5",
    b"h6",
    b"head",
    b"header",
    b"hgroup",
    b"hr",
    b"html",
    b"i",
    b"iframe",
    b"image",
    b"img",
    b"input",
    b"ins",
    b"kbd",
    b"label",
    b"legend",
    b"li",
    b"line",
    b"lineargradient",
    b"link",
    b"listing",
    b"main",
    b"map",
    b"mark",
    b"marquee",
    b"mask",
    b"math",
    b"menu",
    b"menuitem",
    b"meta",
    b"meter",
    b"mfrac",
    b"mi",
    b"mn",
    b"mo",
    b"mrow",
    b"mspace",
    b"msqrt",
    b"mstyle",
    b"msub",
    b"msup",
    b"mtext",
    b"nav",
    b"nobr",
    b"noembed",
    b"noframes",
    b"noscript",
    b"object",
    b"ol",
    b"optgroup",
    b"option",
    b"output",
    b"p",
    b"param",
    b"path",
    b"pattern",
    b"picture",
    b"plaintext",
    b"polygon",
    b"polyline",
    b"pre",
    b"progress",
    b"q",
    b"radialgradient",
    b"rb",
    b"rect",
    b"rp",
    b"rt",
    b"rtc",
    b"ruby",
    b"s",
    b"samp",
    b"script",
    b"search",
    b"section",
    b"select",
    b"semantics",
    b"slot",
    b"small",
    b"source",
    b"span",
    b"stop",
    b"strike",
    b"strong",
    b"style",
    b"sub",
    b"summary",
    b"sup",
    b"svg",
    b"symbol",
    b"table",
    b"tbody",
    b"td",
    b"template",
    b"text",
    b"textarea",
    b"tfoot",
    b"th",
    b"thead",
    b"time",
    b"title",
    b"tr",
    b"track",
    b"tspan",
    b"tt",
    b"u",
    b"ul",
    b"use",
    b"var",
    b"video",
    b"wbr",
    b"xmp",
];

/// Elements whose ends show that a field has blocks.
const BLOCKS: [&[u8]; 33] = [
    b"address",
    b"article",
    b"aside",
    b"blockquote",
    b"body",
    b"center",
    b"dd",
    b"details",
    b"div",
    b"dl",
    b"dt",
    b"figure",
    b"footer",
    b"h1",
    b"h2",
    b"h3",
    b"h4",
    b"h5",
    b"h6",
    b"header",
    b"html",
    b"li",
    b"main",
    b"nav",
    b"ol",
    b"p",
    b"pre",
    b"section",
    b"table",
    b"td",
    b"tr",
    b"ul",
    b"th",
];

/// Elements whose ends show that a field has formatting.
const FORMATTING: [&[u8]; 21] = [
    b"b", b"big", b"code", b"del", b"em", b"font", b"i", b"ins", b"kbd", b"mark", b"q", b"s", b"samp", b"small",
    b"span", b"strike", b"strong", b"sub", b"sup", b"tt", b"u",
];

/// Attributes without a value.
const FLAGS: [&[u8]; 20] = [
    b"allowfullscreen",
    b"async",
    b"autofocus",
    b"checked",
    b"compact",
    b"contenteditable",
    b"controls",
    b"defer",
    b"disabled",
    b"hidden",
    b"ismap",
    b"loop",
    b"multiple",
    b"muted",
    b"nowrap",
    b"noshade",
    b"open",
    b"readonly",
    b"reversed",
    b"selected",
];

/// How far the end of a tag may be from its beginning to be found while its kind is judged.
const WINDOW: usize = 4096;

fn lower(name: &[u8]) -> Option<([u8; 16], usize)> {
    let mut lower = [0; 16];
    let place = lower.get_mut(..name.len())?;
    place.copy_from_slice(name);
    place.make_ascii_lowercase();
    Some((lower, name.len()))
}

fn element(name: &[u8]) -> Option<usize> {
    let (name, len) = lower(name)?;
    ELEMENTS.binary_search(&name.get(..len)?).ok()
}

fn is_one_of(list: &[&[u8]], element: usize) -> bool {
    ELEMENTS.get(element).is_some_and(|name| list.contains(name))
}

/// A tag as it is written.
struct Written<'a> {
    name: &'a [u8],
    is_end: bool,
    /// What is between the name and the `>`
    inside: &'a [u8],
}

/// The tag at the start of `bytes`, if its end is near and nothing else begins before it.
fn written(bytes: &[u8]) -> Option<Written<'_>> {
    let window = bytes.get(1..bytes.len().min(WINDOW))?;
    let (is_end, rest) = match window.strip_prefix(b"/") {
        Some(rest) => (true, rest),
        None => (false, window),
    };
    if !rest.first().is_some_and(u8::is_ascii_alphabetic) {
        return None;
    }
    let len = rest.iter().position(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>' | b'<'))?;
    let after = rest.get(len..)?;
    let end = end_of(after)?;
    Some(Written { name: rest.get(..len)?, is_end, inside: after.get(..end)? })
}

/// The place of the `>` that ends a tag; values in quotes may hold one.
fn end_of(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let byte = *bytes.get(at)?;
        match byte {
            b'>' => return Some(at),
            b'<' => return None,
            b'"' | b'\'' if at > 0 && bytes.get(at - 1) == Some(&b'=') => {
                at += 1 + memchr(byte, bytes.get(at + 1..)?)?;
            }
            _ => {}
        }
        at += 1;
    }
}

impl Written<'_> {
    /// Whether all attributes are such as HTML has; `<code to enter>` has others.
    fn is_well_formed(&self) -> bool {
        let mut rest = self.inside.trim_ascii();
        rest = rest.strip_suffix(b"/").unwrap_or(rest).trim_ascii();
        while !rest.is_empty() {
            let len = rest.iter().position(|b| b.is_ascii_whitespace() || *b == b'=').unwrap_or(rest.len());
            let Some((name, after)) = rest.split_at_checked(len) else { return false };
            rest = after.trim_ascii_start();
            let Some(value) = rest.strip_prefix(b"=") else {
                if !FLAGS.iter().any(|flag| flag.eq_ignore_ascii_case(name)) {
                    return false;
                }
                continue;
            };
            let value = value.trim_ascii_start();
            rest = match value.first() {
                Some(quote @ (b'"' | b'\'')) => {
                    let Some(end) = value.get(1..).and_then(|value| memchr(*quote, value)) else { return false };
                    value.get(end + 2..).unwrap_or_default()
                }
                _ => {
                    let end = value.iter().position(u8::is_ascii_whitespace).unwrap_or(value.len());
                    value.get(end..).unwrap_or_default()
                }
            }
            .trim_ascii_start();
        }
        true
    }

    fn has_attributes(&self) -> bool {
        self.inside.contains(&b'=')
    }
}

/// The end tags of a piece of HTML.
#[derive(Default)]
pub(super) struct Ends {
    /// The last one of each element, as the place after its `</`
    last: Vec<usize>,
    /// The names of those with a hyphen or colon, which no element of HTML has
    others: HashSet<Box<[u8]>>,
}

impl Ends {
    pub fn of(html: &str) -> Self {
        let bytes = html.as_bytes();
        let mut ends = Self { last: vec![0; ELEMENTS.len()], others: HashSet::new() };
        let mut from = 0;
        while let Some(found) = bytes.get(from..).and_then(|rest| memmem::find(rest, b"</")) {
            from += found + 2;
            let rest = bytes.get(from..bytes.len().min(from + 64)).unwrap_or_default();
            let len =
                rest.iter().position(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'<')).unwrap_or(rest.len());
            let name = rest.get(..len).unwrap_or_default();
            if let Some(last) = element(name).and_then(|element| ends.last.get_mut(element)) {
                *last = from;
            } else if name.contains(&b'-') || name.contains(&b':') {
                ends.others.insert(name.to_ascii_lowercase().into());
            }
        }
        ends
    }
}

/// Whether what begins with a `<` at `at` is text although it has the form of a tag. `notes` tells the form of a field
/// that may be plain text.
pub(super) fn is_text(html: &str, at: usize, ends: &mut Option<Ends>, notes: Option<Form>) -> bool {
    let bytes = html.as_bytes().get(at..).unwrap_or_default();
    let Some(tag) = written(bytes) else {
        // A tag of HTML may be longer than that, and a browser looks for its end anywhere.
        let name = bytes.get(1..).unwrap_or_default();
        let name = name.strip_prefix(b"/").unwrap_or(name);
        let len = name.iter().take(64).position(|b| !b.is_ascii_alphanumeric()).unwrap_or(0);
        return notes.is_some() || element(name.get(..len).unwrap_or_default()).is_none() && !is_named_apart(name);
    };
    let Some(known) = element(tag.name) else {
        if !is_named_apart(tag.name) {
            return true;
        }
        let is_markup = tag.has_attributes() || tag.inside.ends_with(b"/");
        let ends = ends.get_or_insert_with(|| Ends::of(html));
        return !is_markup && !ends.others.contains(&*tag.name.to_ascii_lowercase());
    };
    let Some(form) = notes else { return false };
    if tag.is_end {
        return false;
    }
    if !tag.is_well_formed() {
        return true;
    }
    let is = |name: &[u8]| tag.name.eq_ignore_ascii_case(name);
    if tag.has_attributes() || is(b"br") || is(b"hr") || is(b"wbr") {
        return false;
    }
    let ends = ends.get_or_insert_with(|| Ends::of(html));
    let is_ended = ends.last.get(known).is_some_and(|&last| last > at);
    // Editors forget the ends of these.
    let forgiven = form == Form::Blocks
        && (is_one_of(&BLOCKS, known) || [&b"b"[..], b"strong", b"i", b"em", b"u", b"s"].iter().any(|name| is(name)));
    !is_ended && !forgiven
}

/// Whether a name has a hyphen or colon, as those of other markup do: `o:p`, `ac:task`, `x-card`.
fn is_named_apart(name: &[u8]) -> bool {
    let len = name.iter().take(64).position(|b| b.is_ascii_whitespace() || *b == b'>').unwrap_or(name.len().min(64));
    name.get(..len).is_some_and(|name| name.contains(&b'-') || name.contains(&b':'))
}

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
        let known = element(tag.name).filter(|_| tag.is_well_formed());
        let Some(known) = known else {
            placeholders = true;
            continue;
        };
        if tag.is_end {
            continue;
        }
        let is_ended = ends.last.get(known).is_some_and(|&last| last > at);
        let is = |name: &[u8]| tag.name.eq_ignore_ascii_case(name);
        if is_one_of(&BLOCKS, known) && (is_ended || at == begins && (is(b"p") || is(b"div"))) {
            return Form::Blocks;
        }
        let is_formatting = is_ended && (is_one_of(&FORMATTING, known) || is(b"a") && tag.has_attributes());
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
    fn the_elements_are_in_order() {
        assert!(ELEMENTS.is_sorted());
    }

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
