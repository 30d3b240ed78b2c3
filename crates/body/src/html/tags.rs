//! The elements and attributes that mean something to a reader.

use std::borrow::Cow;

macro_rules! tags {
    ($($variant:ident $($name:literal)*),+ $(,)?) => {
        /// An element. Those that change nothing for a reader have no variant of their own.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u8)]
        pub(crate) enum Tag { $($variant),+ }

        impl Tag {
            /// How many there are.
            pub const COUNT: usize = [$(Self::$variant),+].len();

            /// The element of that name, in lower case.
            pub fn named(name: &[u8]) -> Self {
                match name {
                    $($($name => Self::$variant,)*)+
                    _ => Self::Other,
                }
            }
        }
    };
}

tags! {
    Other,
    // Blocks that stand on their own without a look.
    Div b"div" b"address" b"article" b"aside" b"body" b"center" b"dialog" b"fieldset" b"figure" b"footer" b"form"
        b"header" b"hgroup" b"html" b"main" b"nav" b"section" b"search" b"figcaption" b"legend" b"option"
        b"optgroup" b"select" b"noscript" b"frameset" b"details" b"colgroup" b"o:p-block" b"listing-block",
    P b"p",
    H1 b"h1", H2 b"h2", H3 b"h3", H4 b"h4", H5 b"h5", H6 b"h6",
    Quote b"blockquote",
    Ul b"ul" b"menu" b"dir" b"ac:task-list",
    Ol b"ol",
    Li b"li" b"ac:task",
    Dl b"dl",
    Dt b"dt",
    Dd b"dd",
    Pre b"pre" b"listing",
    Table b"table",
    Caption b"caption",
    Thead b"thead",
    Tbody b"tbody",
    Tfoot b"tfoot",
    Tr b"tr",
    Td b"td",
    Th b"th",
    Summary b"summary",
    Hr b"hr",
    Br b"br",
    // Inline.
    A b"a",
    B b"b" b"strong",
    I b"i" b"em" b"cite" b"var" b"dfn",
    S b"s" b"strike" b"del",
    U b"u" b"ins",
    Mark b"mark",
    Sub b"sub",
    Sup b"sup",
    Code b"code" b"tt" b"samp",
    Kbd b"kbd",
    Span b"span" b"font",
    Q b"q",
    Img b"img" b"image" b"ac:emoticon",
    Input b"input" b"en-todo",
    // What wikis say of a task: its state, and numbers that are not for readers.
    TaskState b"ac:task-status",
    TaskNumber b"ac:task-id" b"ac:task-uuid",
    // What we can only name.
    Iframe b"iframe",
    Video b"video",
    Audio b"audio",
    Object b"object" b"embed",
    // What is not for readers: its text is markup of another kind.
    Script b"script",
    Style b"style",
    Title b"title",
    Textarea b"textarea",
    Plain b"xmp" b"noembed" b"noframes",
}

impl Tag {
    /// The level of a heading.
    pub fn heading(self) -> Option<u8> {
        Some(match self {
            Self::H1 => 1,
            Self::H2 => 2,
            Self::H3 => 3,
            Self::H4 => 4,
            Self::H5 => 5,
            Self::H6 => 6,
            _ => return None,
        })
    }

    /// The element of a heading.
    pub fn of_heading(level: u8) -> Self {
        match level {
            0 | 1 => Self::H1,
            2 => Self::H2,
            3 => Self::H3,
            4 => Self::H4,
            5 => Self::H5,
            _ => Self::H6,
        }
    }

    /// How the tokenizer reads what is inside.
    pub fn content(self) -> Inside {
        match self {
            Self::Script | Self::Style | Self::Iframe | Self::Plain => Inside::Raw,
            Self::Title | Self::Textarea => Inside::Text,
            _ => Inside::Markup,
        }
    }
}

/// How the tokenizer reads the inside of an element.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Inside {
    /// Tags, character references, text
    Markup,
    /// Character references and text
    Text,
    /// Text as it is
    Raw,
}

/// The attributes that mean something, decoded. The first of several of one name counts, as in browsers.
#[derive(Default, Debug, PartialEq)]
pub(crate) struct Attrs<'a> {
    pub id: Option<Cow<'a, str>>,
    pub name: Option<Cow<'a, str>>,
    pub href: Option<Cow<'a, str>>,
    pub src: Option<Cow<'a, str>>,
    pub alt: Option<Cow<'a, str>>,
    pub title: Option<Cow<'a, str>>,
    pub class: Option<Cow<'a, str>>,
    pub style: Option<Cow<'a, str>>,
    pub start: Option<Cow<'a, str>>,
    pub value: Option<Cow<'a, str>>,
    pub kind: Option<Cow<'a, str>>,
    pub colspan: Option<Cow<'a, str>>,
    pub rowspan: Option<Cow<'a, str>>,
    pub align: Option<Cow<'a, str>>,
    pub lang: Option<Cow<'a, str>>,
    pub checked: Option<Cow<'a, str>>,
    pub reversed: Option<Cow<'a, str>>,
    /// `data-checked`, `aria-checked`
    pub ticked: Option<Cow<'a, str>>,
    /// `data-list` of Quill
    pub data_list: Option<Cow<'a, str>>,
    /// `data-type`, `data-tag`
    pub data_type: Option<Cow<'a, str>>,
    /// `data-emoji` and the like: the emoji that an image stands for
    pub emoji: Option<Cow<'a, str>>,
    /// `ac:name`: an emoticon of Confluence
    pub emoticon: Option<Cow<'a, str>>,
}

/// No attributes.
pub(crate) static NONE: Attrs<'static> = Attrs {
    id: None,
    name: None,
    href: None,
    src: None,
    alt: None,
    title: None,
    class: None,
    style: None,
    start: None,
    value: None,
    kind: None,
    colspan: None,
    rowspan: None,
    align: None,
    lang: None,
    checked: None,
    reversed: None,
    ticked: None,
    data_list: None,
    data_type: None,
    emoji: None,
    emoticon: None,
};

impl<'a> Attrs<'a> {
    /// Where the attribute of that name (any case) goes, unless it means nothing.
    pub fn slot(&mut self, name: &[u8]) -> Option<&mut Option<Cow<'a, str>>> {
        let mut lower = [0; 20];
        let lower = lower.get_mut(..name.len())?;
        lower.copy_from_slice(name);
        lower.make_ascii_lowercase();
        Some(match &*lower {
            b"id" => &mut self.id,
            b"name" => &mut self.name,
            b"href" => &mut self.href,
            b"src" | b"data" => &mut self.src,
            b"alt" => &mut self.alt,
            b"title" => &mut self.title,
            b"class" => &mut self.class,
            b"style" => &mut self.style,
            b"start" => &mut self.start,
            b"value" => &mut self.value,
            b"type" => &mut self.kind,
            b"colspan" => &mut self.colspan,
            b"rowspan" => &mut self.rowspan,
            b"align" => &mut self.align,
            b"lang" => &mut self.lang,
            b"checked" => &mut self.checked,
            b"reversed" => &mut self.reversed,
            b"data-checked" | b"aria-checked" => &mut self.ticked,
            b"data-list" => &mut self.data_list,
            b"data-type" | b"data-tag" => &mut self.data_type,
            b"data-emoji" | b"data-emoji-fallback" | b"ac:emoji-fallback" => &mut self.emoji,
            b"ac:name" => &mut self.emoticon,
            _ => return None,
        })
    }

    /// An attribute as a number.
    pub fn number(value: Option<&Cow<'a, str>>) -> Option<i32> {
        let digits = value?.trim();
        let end = digits
            .char_indices()
            .find(|(at, c)| !(c.is_ascii_digit() || (*at == 0 && *c == '-')))
            .map_or(digits.len(), |(at, _)| at);
        digits.get(..end)?.parse().ok()
    }
}
