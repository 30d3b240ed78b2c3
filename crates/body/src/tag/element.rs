//! The names of elements: the one table of them.

use super::name::Tag;

/// What the name of an element says about the text that it is found in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Nature {
    /// Not HTML: a wiki or a note program writes it
    Apart,
    /// Its end shows that a field has blocks
    Block,
    /// Its end shows that a field has formatting
    Formatting,
    /// It is HTML, and no more
    Other,
}

/// A name that means something.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element {
    /// Its place among all names, which are [`NAMES`] many
    pub number: usize,
    /// What it does
    pub tag: Tag,
    /// What it says
    pub nature: Nature,
}

/// How many names there are.
pub(crate) const NAMES: usize = ELEMENTS.len();

/// The elements of HTML, also obsolete ones, those of SVG and MathML that come along in pasted text, and those of wikis
/// and note programs that a reader must see. In order.
#[rustfmt::skip]
static ELEMENTS: [(&[u8], Tag, Nature); 180] = [
    (b"a", Tag::A, Nature::Other),
    (b"abbr", Tag::Other, Nature::Other),
    (b"ac:emoticon", Tag::Img, Nature::Apart),
    (b"ac:task", Tag::Li, Nature::Apart),
    (b"ac:task-id", Tag::TaskNumber, Nature::Apart),
    (b"ac:task-list", Tag::Ul, Nature::Apart),
    (b"ac:task-status", Tag::TaskState, Nature::Apart),
    (b"ac:task-uuid", Tag::TaskNumber, Nature::Apart),
    (b"acronym", Tag::Other, Nature::Other),
    (b"address", Tag::Div, Nature::Block),
    (b"annotation", Tag::Other, Nature::Other),
    (b"applet", Tag::Other, Nature::Other),
    (b"area", Tag::Other, Nature::Other),
    (b"article", Tag::Div, Nature::Block),
    (b"aside", Tag::Div, Nature::Block),
    (b"audio", Tag::Audio, Nature::Other),
    (b"b", Tag::B, Nature::Formatting),
    (b"base", Tag::Other, Nature::Other),
    (b"basefont", Tag::Other, Nature::Other),
    (b"bdi", Tag::Other, Nature::Other),
    (b"bdo", Tag::Other, Nature::Other),
    (b"bgsound", Tag::Other, Nature::Other),
    (b"big", Tag::Other, Nature::Formatting),
    (b"blink", Tag::Other, Nature::Other),
    (b"blockquote", Tag::Quote, Nature::Block),
    (b"body", Tag::Div, Nature::Block),
    (b"br", Tag::Br, Nature::Other),
    (b"button", Tag::Other, Nature::Other),
    (b"canvas", Tag::Other, Nature::Other),
    (b"caption", Tag::Caption, Nature::Other),
    (b"center", Tag::Div, Nature::Block),
    (b"circle", Tag::Other, Nature::Other),
    (b"cite", Tag::I, Nature::Other),
    (b"clippath", Tag::Other, Nature::Other),
    (b"code", Tag::Code, Nature::Formatting),
    (b"col", Tag::Other, Nature::Other),
    (b"colgroup", Tag::Div, Nature::Other),
    (b"data", Tag::Other, Nature::Other),
    (b"datalist", Tag::Other, Nature::Other),
    (b"dd", Tag::Dd, Nature::Block),
    (b"defs", Tag::Other, Nature::Other),
    (b"del", Tag::S, Nature::Formatting),
    (b"desc", Tag::Other, Nature::Other),
    (b"details", Tag::Div, Nature::Block),
    (b"dfn", Tag::I, Nature::Other),
    (b"dialog", Tag::Div, Nature::Other),
    (b"dir", Tag::Ul, Nature::Other),
    (b"div", Tag::Div, Nature::Block),
    (b"dl", Tag::Dl, Nature::Block),
    (b"dt", Tag::Dt, Nature::Block),
    (b"ellipse", Tag::Other, Nature::Other),
    (b"em", Tag::I, Nature::Formatting),
    (b"embed", Tag::Object, Nature::Other),
    (b"en-todo", Tag::Input, Nature::Apart),
    (b"fieldset", Tag::Div, Nature::Other),
    (b"figcaption", Tag::Div, Nature::Other),
    (b"figure", Tag::Div, Nature::Block),
    (b"font", Tag::Span, Nature::Formatting),
    (b"footer", Tag::Div, Nature::Block),
    (b"foreignobject", Tag::Other, Nature::Other),
    (b"form", Tag::Div, Nature::Other),
    (b"frame", Tag::Other, Nature::Other),
    (b"frameset", Tag::Div, Nature::Other),
    (b"g", Tag::Other, Nature::Other),
    (b"h1", Tag::H1, Nature::Block),
    (b"h2", Tag::H2, Nature::Block),
    (b"h3", Tag::H3, Nature::Block),
    (b"h4", Tag::H4, Nature::Block),
    (b"h5", Tag::H5, Nature::Block),
    (b"h6", Tag::H6, Nature::Block),
    (b"head", Tag::Other, Nature::Other),
    (b"header", Tag::Div, Nature::Block),
    (b"hgroup", Tag::Div, Nature::Other),
    (b"hr", Tag::Hr, Nature::Other),
    (b"html", Tag::Div, Nature::Block),
    (b"i", Tag::I, Nature::Formatting),
    (b"iframe", Tag::Iframe, Nature::Other),
    (b"image", Tag::Img, Nature::Other),
    (b"img", Tag::Img, Nature::Other),
    (b"input", Tag::Input, Nature::Other),
    (b"ins", Tag::U, Nature::Formatting),
    (b"kbd", Tag::Kbd, Nature::Formatting),
    (b"label", Tag::Other, Nature::Other),
    (b"legend", Tag::Div, Nature::Other),
    (b"li", Tag::Li, Nature::Block),
    (b"line", Tag::Other, Nature::Other),
    (b"lineargradient", Tag::Other, Nature::Other),
    (b"link", Tag::Other, Nature::Other),
    (b"listing", Tag::Pre, Nature::Other),
    (b"main", Tag::Div, Nature::Block),
    (b"map", Tag::Other, Nature::Other),
    (b"mark", Tag::Mark, Nature::Formatting),
    (b"marquee", Tag::Other, Nature::Other),
    (b"mask", Tag::Other, Nature::Other),
    (b"math", Tag::Other, Nature::Other),
    (b"menu", Tag::Ul, Nature::Other),
    (b"menuitem", Tag::Other, Nature::Other),
    (b"meta", Tag::Other, Nature::Other),
    (b"meter", Tag::Other, Nature::Other),
    (b"mfrac", Tag::Other, Nature::Other),
    (b"mi", Tag::Other, Nature::Other),
    (b"mn", Tag::Other, Nature::Other),
    (b"mo", Tag::Other, Nature::Other),
    (b"mrow", Tag::Other, Nature::Other),
    (b"mspace", Tag::Other, Nature::Other),
    (b"msqrt", Tag::Other, Nature::Other),
    (b"mstyle", Tag::Other, Nature::Other),
    (b"msub", Tag::Other, Nature::Other),
    (b"msup", Tag::Other, Nature::Other),
    (b"mtext", Tag::Other, Nature::Other),
    (b"nav", Tag::Div, Nature::Block),
    (b"nobr", Tag::Other, Nature::Other),
    (b"noembed", Tag::Plain, Nature::Other),
    (b"noframes", Tag::Plain, Nature::Other),
    (b"noscript", Tag::Div, Nature::Other),
    (b"object", Tag::Object, Nature::Other),
    (b"ol", Tag::Ol, Nature::Block),
    (b"optgroup", Tag::Div, Nature::Other),
    (b"option", Tag::Div, Nature::Other),
    (b"output", Tag::Other, Nature::Other),
    (b"p", Tag::P, Nature::Block),
    (b"param", Tag::Other, Nature::Other),
    (b"path", Tag::Other, Nature::Other),
    (b"pattern", Tag::Other, Nature::Other),
    (b"picture", Tag::Other, Nature::Other),
    (b"plaintext", Tag::Other, Nature::Other),
    (b"polygon", Tag::Other, Nature::Other),
    (b"polyline", Tag::Other, Nature::Other),
    (b"pre", Tag::Pre, Nature::Block),
    (b"progress", Tag::Other, Nature::Other),
    (b"q", Tag::Q, Nature::Formatting),
    (b"radialgradient", Tag::Other, Nature::Other),
    (b"rb", Tag::Other, Nature::Other),
    (b"rect", Tag::Other, Nature::Other),
    (b"rp", Tag::Other, Nature::Other),
    (b"rt", Tag::Other, Nature::Other),
    (b"rtc", Tag::Other, Nature::Other),
    (b"ruby", Tag::Other, Nature::Other),
    (b"s", Tag::S, Nature::Formatting),
    (b"samp", Tag::Code, Nature::Formatting),
    (b"script", Tag::Script, Nature::Other),
    (b"search", Tag::Div, Nature::Other),
    (b"section", Tag::Div, Nature::Block),
    (b"select", Tag::Div, Nature::Other),
    (b"semantics", Tag::Other, Nature::Other),
    (b"slot", Tag::Other, Nature::Other),
    (b"small", Tag::Other, Nature::Formatting),
    (b"source", Tag::Other, Nature::Other),
    (b"span", Tag::Span, Nature::Formatting),
    (b"stop", Tag::Other, Nature::Other),
    (b"strike", Tag::S, Nature::Formatting),
    (b"strong", Tag::B, Nature::Formatting),
    (b"style", Tag::Style, Nature::Other),
    (b"sub", Tag::Sub, Nature::Formatting),
    (b"summary", Tag::Summary, Nature::Other),
    (b"sup", Tag::Sup, Nature::Formatting),
    (b"svg", Tag::Other, Nature::Other),
    (b"symbol", Tag::Other, Nature::Other),
    (b"table", Tag::Table, Nature::Block),
    (b"tbody", Tag::Tbody, Nature::Other),
    (b"td", Tag::Td, Nature::Block),
    (b"template", Tag::Other, Nature::Other),
    (b"text", Tag::Other, Nature::Other),
    (b"textarea", Tag::Textarea, Nature::Other),
    (b"tfoot", Tag::Tfoot, Nature::Other),
    (b"th", Tag::Th, Nature::Block),
    (b"thead", Tag::Thead, Nature::Other),
    (b"time", Tag::Other, Nature::Other),
    (b"title", Tag::Title, Nature::Other),
    (b"tr", Tag::Tr, Nature::Block),
    (b"track", Tag::Other, Nature::Other),
    (b"tspan", Tag::Other, Nature::Other),
    (b"tt", Tag::Code, Nature::Formatting),
    (b"u", Tag::U, Nature::Formatting),
    (b"ul", Tag::Ul, Nature::Block),
    (b"use", Tag::Other, Nature::Other),
    (b"var", Tag::I, Nature::Other),
    (b"video", Tag::Video, Nature::Other),
    (b"wbr", Tag::Other, Nature::Other),
    (b"xmp", Tag::Plain, Nature::Other),
];

/// The same names as numbers: comparing those takes one step, and this is requested each tag of a body.
static KEYS: [u128; NAMES] = {
    let mut keys = [0; NAMES];
    let mut at = 0;
    while at < NAMES {
        let name = ELEMENTS[at].0;
        let mut bytes = [0; LONGEST];
        let (start, _) = bytes.split_at_mut(name.len());
        start.copy_from_slice(name);
        keys[at] = u128::from_be_bytes(bytes);
        at += 1;
    }
    keys
};

/// The longest name.
const LONGEST: usize = 16;

/// The element of that name, in any case.
pub(crate) fn element(name: &[u8]) -> Option<Element> {
    // A zero at the end would not be told from what the key is filled up with.
    name.last().filter(|&&last| last != 0)?;
    let mut bytes = [0; LONGEST];
    bytes.get_mut(..name.len())?.copy_from_slice(name);
    bytes.make_ascii_lowercase();
    let number = KEYS.binary_search(&u128::from_be_bytes(bytes)).ok()?;
    let &(_, tag, nature) = ELEMENTS.get(number)?;
    Some(Element { number, tag, nature })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_order_and_found_in_any_case() {
        assert!(KEYS.is_sorted());
        for (number, (name, tag, _)) in ELEMENTS.iter().enumerate() {
            let found = element(&name.to_ascii_uppercase()).map(|element| (element.number, element.tag));
            assert_eq!(found, Some((number, *tag)));
        }
    }

    #[test]
    fn what_only_begins_like_a_name_is_none() {
        for name in [&b""[..], b"h7", b"tablex", b"tabl", b"p\0", b"ac:task-status-of-a-wiki"] {
            assert!(element(name).is_none(), "{name:?}");
        }
    }
}
