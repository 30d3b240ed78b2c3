//! Markdown: turns the events of `pulldown-cmark` into tags.
//!
//! Both sources meet in the [`Builder`], so that the same text gives the same document from either. HTML inside
//! Markdown goes through the HTML tokenizer, one piece at a time: an element left open in one piece reaches no
//! further than that piece's container.

use std::borrow::Cow;

use pulldown_cmark::{Alignment, CodeBlockKind, Event, LinkType, Options, Parser, Tag as Md, TagEnd};

use crate::build::Builder;
use crate::doc::{Doc, Note, gate};
use crate::html::{Token, Tokens, find_end_tag};
use crate::link::LinkBase;
use crate::tag::{Attrs, NONE, Tag};

/// Parses a whole body.
pub(crate) fn parse(markdown: &str, base: &LinkBase) -> Doc {
    let (markdown, cut) = gate(markdown);
    let mut driver = Driver { builder: Builder::for_body(base, markdown.len()), ..Driver::new(base) };
    let (markdown, tamed) = tame(markdown);
    let markdown = &*markdown;
    if tamed {
        driver.builder.too_deep();
    }
    for event in Parser::new_ext(markdown, options()) {
        driver.event(event);
    }
    driver.finish(cut)
}

/// How many containers one line may open; far more than are shown.
const MAX_MARKERS: usize = 1024;

/// Leaves out what is too deep before the parser sees it: a line that opens a million quotes would take it seconds.
fn tame(markdown: &str) -> (Cow<'_, str>, bool) {
    let bytes = markdown.as_bytes();
    let mut out = String::new();
    let mut taken = 0;
    let mut start = 0;
    while start < bytes.len() {
        let mut at = start;
        let mut markers = 0;
        let mut surplus = None;
        while let Some(&byte) = bytes.get(at) {
            let list = matches!(byte, b'-' | b'+' | b'*') && matches!(bytes.get(at + 1), Some(b' ' | b'\t'));
            if byte == b'>' || list {
                markers += 1;
                if markers == MAX_MARKERS {
                    surplus = Some(at);
                }
            } else if !matches!(byte, b' ' | b'\t') {
                break;
            }
            at += 1;
        }
        if let Some(surplus) = surplus {
            out.push_str(markdown.get(taken..surplus).unwrap_or_default());
            taken = at;
        }
        start = memchr::memchr(b'\n', bytes.get(at..).unwrap_or_default()).map_or(bytes.len(), |end| at + end + 1);
    }
    if taken == 0 {
        return (Cow::Borrowed(markdown), false);
    }
    out.push_str(markdown.get(taken..).unwrap_or_default());
    (Cow::Owned(out), true)
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_DEFINITION_LIST
}

struct Driver {
    builder: Builder,
    /// The alignment of the columns of the open table, and the column that comes next
    columns: Vec<Alignment>,
    column: usize,
    head: bool,
    /// HTML of a block that is still coming
    html: Option<String>,
    /// A script or style that inline HTML opened, by its tag's name: nothing is shown until it ends
    raw: Option<(Tag, usize)>,
    /// Images that are open, and the alternative text of the outermost
    images: usize,
    alt: String,
    image: (String, String),
}

impl Driver {
    fn new(base: &LinkBase) -> Self {
        Self {
            builder: Builder::new(base),
            columns: Vec::new(),
            column: 0,
            head: false,
            html: None,
            raw: None,
            images: 0,
            alt: String::new(),
            image: (String::new(), String::new()),
        }
    }

    fn finish(mut self, cut: u32) -> Doc {
        if let Some((_, bytes)) = self.raw {
            self.builder.note(Note::Swallowed(u32::try_from(bytes).unwrap_or(u32::MAX)));
        }
        if cut > 0 {
            self.builder.end_all();
            self.builder.note(Note::Cut(cut));
        }
        self.builder.finish()
    }

    fn event(&mut self, event: Event<'_>) {
        if self.images > 0 {
            self.inside_image(event);
            return;
        }
        if let Some((_, bytes)) = &mut self.raw
            && let Event::Text(text) | Event::Code(text) = &event
        {
            *bytes += text.len();
            return;
        }
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::InlineMath(text) | Event::DisplayMath(text) => self.builder.text(&text),
            Event::Code(code) => {
                self.builder.start(Tag::Code, &NONE);
                self.builder.text(&code);
                self.builder.end(Tag::Code);
            }
            Event::Html(html) => match &mut self.html {
                Some(block) => block.push_str(&html),
                None => self.feed(&html),
            },
            Event::InlineHtml(html) => self.feed(&html),
            Event::FootnoteReference(label) => self.builder.footnote_reference(&label),
            Event::SoftBreak => self.builder.text("\n"),
            Event::HardBreak => self.builder.start(Tag::Br, &NONE),
            Event::Rule => self.builder.start(Tag::Hr, &NONE),
            Event::TaskListMarker(ticked) => self.builder.check(ticked),
        }
    }

    /// Of what is inside an image only the text counts.
    fn inside_image(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Md::Image { .. }) => self.images += 1,
            Event::End(TagEnd::Image) => {
                self.images -= 1;
                if self.images == 0 {
                    let attrs = Attrs {
                        src: Some(Cow::Borrowed(&self.image.0)),
                        title: Some(Cow::Borrowed(&self.image.1)),
                        alt: Some(Cow::Borrowed(&self.alt)),
                        ..Attrs::default()
                    };
                    self.builder.start(Tag::Img, &attrs);
                }
            }
            Event::Text(text) | Event::Code(text) => self.alt.push_str(&text),
            Event::SoftBreak | Event::HardBreak => self.alt.push(' '),
            _ => {}
        }
    }

    fn feed(&mut self, html: &str) {
        let mut html = html;
        if let Some((tag, bytes)) = self.raw {
            let name: &[u8] = match tag {
                Tag::Style => b"style",
                Tag::Title => b"title",
                Tag::Iframe => b"iframe",
                _ => b"script",
            };
            match find_end_tag(html.as_bytes(), name) {
                Some(end) => html = html.get(end..).unwrap_or_default(),
                None => {
                    self.raw = Some((tag, bytes + html.len()));
                    return;
                }
            }
            self.raw = None;
        }
        let mut tokens = Tokens::new(html);
        while let Some(token) = tokens.next_token() {
            match token {
                Token::Text(text) => self.builder.text(&text),
                Token::Start(tag, attrs) => self.builder.start(tag, &attrs),
                Token::End(tag) => self.builder.end(tag),
                Token::Swallowed(bytes) => {
                    self.builder.note(Note::Swallowed(u32::try_from(bytes).unwrap_or(u32::MAX)));
                    return;
                }
            }
        }
        if self.html.is_none()
            && let Some(tag @ (Tag::Script | Tag::Style | Tag::Title | Tag::Iframe)) = tokens.open_raw()
        {
            self.raw = Some((tag, 0));
        }
    }

    fn start(&mut self, tag: Md<'_>) {
        let none = &NONE;
        let builder = &mut self.builder;
        match tag {
            Md::Paragraph => builder.start(Tag::P, none),
            Md::Heading { level, .. } => builder.start(Tag::of_heading(level as u8), none),
            Md::BlockQuote(_) => builder.start(Tag::Quote, none),
            Md::CodeBlock(kind) => {
                let class = match &kind {
                    CodeBlockKind::Fenced(info) => {
                        info.split_whitespace().next().map(|word| format!("language-{word}"))
                    }
                    CodeBlockKind::Indented => None,
                };
                builder.start(Tag::Pre, none);
                builder.start(Tag::Code, &Attrs { class: class.map(Cow::Owned), ..Attrs::default() });
            }
            Md::HtmlBlock => self.html = Some(String::new()),
            Md::List(None) => builder.start(Tag::Ul, none),
            Md::List(Some(first)) => {
                builder.start(Tag::Ol, &Attrs { start: Some(Cow::Owned(first.to_string())), ..Attrs::default() });
            }
            Md::Item => builder.start(Tag::Li, none),
            Md::FootnoteDefinition(label) => builder.footnote(&label),
            Md::DefinitionList => builder.start(Tag::Dl, none),
            Md::DefinitionListTitle => builder.start(Tag::Dt, none),
            Md::DefinitionListDefinition => builder.start(Tag::Dd, none),
            Md::Table(columns) => {
                self.columns = columns;
                builder.start(Tag::Table, none);
            }
            Md::TableHead | Md::TableRow | Md::TableCell => self.start_in_table(&tag),
            Md::Emphasis => builder.start(Tag::I, none),
            Md::Strong => builder.start(Tag::B, none),
            Md::Strikethrough => builder.start(Tag::S, none),
            Md::Superscript => builder.start(Tag::Sup, none),
            Md::Subscript => builder.start(Tag::Sub, none),
            Md::Link { link_type, dest_url, .. } => {
                let href = match link_type {
                    LinkType::Email => Cow::Owned(format!("mailto:{dest_url}")),
                    _ => Cow::Borrowed(&*dest_url),
                };
                builder.start(Tag::A, &Attrs { href: Some(href), ..Attrs::default() });
            }
            Md::Image { dest_url, title, .. } => {
                self.images = 1;
                self.alt.clear();
                self.image = (dest_url.to_string(), title.to_string());
            }
            Md::MetadataBlock(_) => {}
        }
    }

    /// A row or cell, which comes as its column stands.
    fn start_in_table(&mut self, tag: &Md<'_>) {
        let (none, builder) = (&NONE, &mut self.builder);
        match tag {
            Md::TableHead => {
                self.column = 0;
                self.head = true;
                builder.start(Tag::Thead, none);
                builder.start(Tag::Tr, none);
            }
            Md::TableRow => {
                self.column = 0;
                self.head = false;
                builder.start(Tag::Tr, none);
            }
            _ => {
                let tag = if self.head { Tag::Th } else { Tag::Td };
                let align = match self.columns.get(self.column) {
                    Some(Alignment::Center) => Some("center"),
                    Some(Alignment::Right) => Some("right"),
                    _ => None,
                };
                self.column += 1;
                if align.is_none() {
                    builder.start(tag, none);
                    return;
                }
                builder.start(tag, &Attrs { align: align.map(Cow::Borrowed), ..Attrs::default() });
            }
        }
    }

    fn end(&mut self, tag: TagEnd) {
        let builder = &mut self.builder;
        match tag {
            TagEnd::Paragraph => builder.end(Tag::P),
            TagEnd::Heading(level) => builder.end(Tag::of_heading(level as u8)),
            TagEnd::BlockQuote(_) => builder.end(Tag::Quote),
            TagEnd::CodeBlock => {
                builder.end(Tag::Code);
                builder.end(Tag::Pre);
            }
            TagEnd::HtmlBlock => {
                if let Some(html) = self.html.take() {
                    self.html = Some(String::new());
                    self.feed(&html);
                    self.html = None;
                }
            }
            TagEnd::List(ordered) => builder.end(if ordered { Tag::Ol } else { Tag::Ul }),
            TagEnd::Item => builder.end(Tag::Li),
            TagEnd::FootnoteDefinition => builder.footnote(""),
            TagEnd::DefinitionList => builder.end(Tag::Dl),
            TagEnd::DefinitionListTitle => builder.end(Tag::Dt),
            TagEnd::DefinitionListDefinition => builder.end(Tag::Dd),
            TagEnd::Table => builder.end(Tag::Table),
            TagEnd::TableHead => {
                builder.end(Tag::Tr);
                builder.end(Tag::Thead);
                self.head = false;
            }
            TagEnd::TableRow => builder.end(Tag::Tr),
            TagEnd::TableCell => builder.end(if self.head { Tag::Th } else { Tag::Td }),
            TagEnd::Emphasis => builder.end(Tag::I),
            TagEnd::Strong => builder.end(Tag::B),
            TagEnd::Strikethrough => builder.end(Tag::S),
            TagEnd::Superscript => builder.end(Tag::Sup),
            TagEnd::Subscript => builder.end(Tag::Sub),
            TagEnd::Link => builder.end(Tag::A),
            TagEnd::Image | TagEnd::MetadataBlock(_) => {}
        }
    }
}
