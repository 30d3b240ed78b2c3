//! What a layout is made of: lines of spans with roles, and where the interesting things in them are.

use crate::link::LinkTarget;
use gluepot_core::text::Clean;

/// How a body is laid out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LayoutOptions {
    /// Columns there are. No line is wider; below [`MIN_WIDTH`] it is taken to be that
    pub width: u16,
    /// Text is wrapped here at the latest, so that it stays comfortable to read. Tables and code may use `width`
    pub text_width: u16,
    /// Use nothing above `0x7f` for our own marks and frames
    pub ascii: bool,
    /// Shown at the right of a code block's frame, `{n}` being its number: the screen puts the key there that
    /// copies it (`y{n} copies`). Empty: nothing is shown
    pub copy_hint: String,
    /// How code blocks are set apart
    pub code: CodeStyle,
    /// Struck text is between `~~`: for a terminal or pipe that cannot strike it through
    pub strike_marks: bool,
    /// A line follows headings of the first two levels, as on a screen; else all begin with `#` as in Markdown
    pub heading_rules: bool,
}

impl Default for LayoutOptions {
    fn default() -> Self {
        Self {
            width: 80,
            text_width: 100,
            ascii: false,
            copy_hint: String::new(),
            code: CodeStyle::Framed,
            strike_marks: false,
            heading_rules: false,
        }
    }
}

/// How code blocks are set apart from the text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CodeStyle {
    /// A heading line with number and language, and a bar before each line: for a screen
    Framed,
    /// A line above and below and nothing before the lines, long lines wrapped: for a pipe with a width
    Ruled,
    /// As `Ruled`, long lines left whole whatever the width: for a pipe without a given width
    Whole,
}

/// The narrowest layout there is.
pub const MIN_WIDTH: u16 = 10;

/// What a piece of a line is, for the theme to give it a look.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Role {
    /// Plain text, see also [`Span::emphasis`]
    Text,
    /// A heading of level 1 to 6
    Heading(u8),
    /// Inline code
    Code,
    /// A line of a code block
    CodeBlock,
    /// Our frame around a code block
    CodeFrame,
    /// Our mark where a line of code continues in the next line
    CodeWrap,
    /// The bar before quoted text
    Quote,
    /// Bullets, numbers, boxes of tasks, `##` before headings, `~~` around struck text
    Marker,
    /// Text of a link
    Link,
    /// The target shown after a link
    LinkTarget,
    /// The text for an image
    ImageCaption,
    /// A horizontal rule
    Rule,
    /// Lines between the cells of a table
    TableBorder,
    /// A head cell of a table, and the label of a cell in key/value form
    TableHead,
    /// The name of a field of a record card, or a term of a definition list
    Label,
    /// The value of a field of a record card
    Value,
    /// The number and duration of a step
    Step,
    /// Secondary text
    Dim,
    /// Our warning, such as before the target of a link that claims to lead elsewhere
    Warning,
    /// Our note about the body: flattened, cut
    Note,
}

/// How text is emphasised, on top of its role.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Emphasis {
    /// Bold
    pub strong: bool,
    /// Italic
    pub emphasis: bool,
    /// Struck through
    pub strike: bool,
    /// Underlined
    pub underline: bool,
    /// Highlighted as with a marker
    pub highlight: bool,
}

/// A piece of a line that looks the same throughout.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span<'a> {
    /// Filtered text without line breaks or tabs
    pub text: &'a str,
    /// What it is
    pub role: Role,
    /// How it is emphasised
    pub emphasis: Emphasis,
    /// The link it belongs to, an index of [`super::Layout::links`]
    pub link: Option<u32>,
}

/// One line of the screen. Never wider than [`LayoutOptions::width`], never with trailing blanks.
///
/// All of its text is one piece of memory: a large body has a hundred thousand lines, and most of them several spans.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Line {
    text: Clean,
    looks: Box<[LookAt]>,
}

/// How a line looks up to a place in its text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct LookAt {
    end: u32,
    role: Role,
    emphasis: Emphasis,
    /// [`NO_LINK`] for none
    link: u32,
}

const NO_LINK: u32 = u32::MAX;

impl Line {
    /// A line of parts: where each ends, and how it looks.
    pub(super) fn new(text: Clean, looks: impl ExactSizeIterator<Item = (usize, Role, Emphasis, Option<u32>)>) -> Self {
        let at = |(end, role, emphasis, link): (usize, _, _, Option<u32>)| LookAt {
            end: u32::try_from(end).unwrap_or(u32::MAX),
            role,
            emphasis,
            link: link.unwrap_or(NO_LINK),
        };
        Self { text, looks: looks.map(at).collect() }
    }

    /// Its pieces, from left to right.
    pub fn spans(&self) -> impl Iterator<Item = Span<'_>> {
        let mut start = 0;
        self.looks.iter().map(move |look| {
            let text = self.text.get(start..look.end as usize).unwrap_or_default();
            start = look.end as usize;
            let link = Some(look.link).filter(|&link| link != NO_LINK);
            Span { text, role: look.role, emphasis: look.emphasis, link }
        })
    }

    /// Its whole text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The text of all spans.
    pub fn text(&self) -> String {
        self.text.to_string()
    }
}

/// A link of the body.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// Where it leads
    pub target: LinkTarget,
    /// Its visible text, at most a few hundred characters of it
    pub text: Clean,
    /// Whether its text names another address than its target
    pub misleads: bool,
    /// The line it begins on
    pub line: usize,
}

/// A heading of the body, for the outline.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HeadingAt {
    /// 1 to 6
    pub level: u8,
    /// Its text on one line
    pub text: Clean,
    /// The line it begins on
    pub line: usize,
}

/// A place that links of the same body lead to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AnchorAt {
    /// Its name as links write it behind the `#`
    pub name: Clean,
    /// The line it is on
    pub line: usize,
}

/// A code block.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CodeAt {
    /// Counted from 1
    pub number: u32,
    /// The language label, or empty
    pub language: Clean,
    /// The exact text (filtered, tabs kept), without the last line break
    pub text: Clean,
    /// The line its frame begins on
    pub line: usize,
}

/// An image.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ImageAt {
    /// The image's id in IT Glue, for `GET /document_images/:id`
    pub id: Option<u64>,
    /// Its caption: alternative text or file name
    pub caption: Clean,
    /// Size in bytes, where known
    pub size: Option<u64>,
    /// Its address as the body has it
    pub source: Clean,
    /// The line of its caption
    pub line: usize,
}

/// A field of a record card.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldAt {
    /// Its name
    pub label: Clean,
    /// Its whole value as text
    pub value: Clean,
    /// Whether it is offered for copying
    pub copyable: bool,
    /// The line it begins on
    pub line: usize,
}

/// Something the reader must know about the body as a whole. It is also drawn where it applies.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NoteAt {
    /// In words
    pub text: Clean,
    /// Its line
    pub line: usize,
}
