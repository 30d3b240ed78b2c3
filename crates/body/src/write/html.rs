//! Blocks that Markdown has no words for, as HTML on one line.

use std::fmt::Write as _;

use super::inline::{TAGS, written};
use crate::doc::{Align, Block, Doc, Letters, NO_LINK, Op, Part, Run, Style};
use crate::words::{bytes_text, note_text};

/// Writes HTML without any line break.
pub(super) struct Html<'a> {
    pub(super) doc: &'a Doc,
    pub(super) out: String,
    pub(super) link: u32,
    pub(super) open: Vec<&'static str>,
}

impl Html<'_> {
    /// Writes the operation at `at`.
    pub(super) fn op(&mut self, op: &Op, at: usize) {
        match *op {
            Op::Open(block) => self.start(block),
            Op::Close => {
                self.end_link();
                if let Some(tag) = self.open.pop() {
                    let _ = write!(self.out, "</{tag}>");
                }
            }
            Op::Run(run) => self.run(run, at),
            Op::LinkEnd(link) => {
                if link != self.link
                    && let Some(href) = self.doc.written_href(link)
                {
                    let _ = write!(self.out, "<a href=\"{}\"></a>", html_text(&href));
                } else {
                    self.end_link();
                }
            }
            Op::Break | Op::Gap => self.out.push_str("<br>"),
            Op::Image(image) => self.image(image),
            Op::Check(ticked) => {
                self.out.push_str(if ticked {
                    "<input type=\"checkbox\" checked>"
                } else {
                    "<input type=\"checkbox\">"
                });
            }
            Op::Code(code) => self.code(code),
            Op::Rule => self.out.push_str("<hr>"),
            Op::Note(note) => {
                let text =
                    self.doc.notes.get(note as usize).map_or_else(String::new, |&note| note_text(self.doc, note));
                let _ = write!(self.out, "<p>[{}]</p>", html_text(&text));
            }
        }
    }

    /// Text, with the elements of its looks around it.
    fn run(&mut self, run: u32, at: usize) {
        let Run { piece, style, link } = self.doc.run(run);
        if link != NO_LINK && link != self.link {
            self.end_link();
            if let Some(href) = self.doc.written_href(link) {
                let _ = write!(self.out, "<a href=\"{}\">", html_text(&href));
                self.link = link;
            }
        }
        let text = html_text(written(self.doc, at, piece, link));
        let style = if style.has(Style::STEP) { style.or(Style::STRONG) } else { style };
        let mut tags: Vec<&str> = TAGS.iter().filter(|(look, _)| style.has(*look)).map(|(_, tag)| *tag).collect();
        if style.has(Style::CODE) {
            tags.push("code");
        }
        for tag in &tags {
            let _ = write!(self.out, "<{tag}>");
        }
        self.out.push_str(&text);
        for tag in tags.iter().rev() {
            let _ = write!(self.out, "</{tag}>");
        }
    }

    fn image(&mut self, image: u32) {
        let Some(image) = self.doc.images.get(image as usize) else { return };
        let mut alt = if image.has_alt { image.caption.to_string() } else { String::new() };
        if let Some(size) = image.size {
            let _ = write!(alt, ", {}", bytes_text(size));
        }
        let source = if image.source.starts_with("data:") { "data:" } else { image.source.as_str() };
        let (tag, end) = match image.noun {
            "frame" => ("iframe", "</iframe>"),
            "video" => ("video", "</video>"),
            "audio" => ("audio", "</audio>"),
            "object" => ("embed", ""),
            _ => ("img", ""),
        };
        let _ = write!(self.out, "<{tag} src=\"{}\" alt=\"{}\">{end}", html_text(source), html_text(&alt));
    }

    fn code(&mut self, code: u32) {
        let Some(code) = self.doc.codes.get(code as usize) else { return };
        let class = if code.language.is_empty() {
            String::new()
        } else {
            format!(" class=\"language-{}\"", html_text(&code.language))
        };
        let text = html_text(self.doc.piece(code.text)).replace('\n', "&#10;");
        let _ = write!(self.out, "<pre><code{class}>{text}&#10;</code></pre>");
    }

    fn end_link(&mut self) {
        if self.link != NO_LINK {
            self.out.push_str("</a>");
            self.link = NO_LINK;
        }
    }

    fn tag_of(&self, block: Block) -> &'static str {
        match block {
            Block::Para { margin: true } => "p",
            Block::Para { margin: false } | Block::Fields(_) | Block::Field(_) => "div",
            Block::Heading(level) => {
                ["h1", "h2", "h3", "h4", "h5", "h6"].get(usize::from(level.clamp(1, 6)) - 1).copied().unwrap_or("h6")
            }
            Block::Quote => "blockquote",
            Block::List(list) => {
                let info = self.doc.lists.get(list as usize);
                if info.is_some_and(|list| list.ordered) { "ol" } else { "ul" }
            }
            Block::Item { .. } => "li",
            Block::Table(_) => "table",
            Block::Row { .. } => "tr",
            Block::Cell { look, .. } => {
                if look.head() {
                    "th"
                } else {
                    "td"
                }
            }
            Block::Definitions => "dl",
            Block::Term => "dt",
            Block::Description => "dd",
        }
    }

    fn attributes(&mut self, block: Block) {
        match block {
            Block::List(list) => {
                if let Some(list) = self.doc.lists.get(list as usize).filter(|list| list.ordered) {
                    let kind = match list.letters {
                        Letters::Digits => "1",
                        Letters::Lower => "a",
                        Letters::Upper => "A",
                        Letters::LowerRoman => "i",
                        Letters::UpperRoman => "I",
                        Letters::Greek => "1\" style=\"list-style-type:lower-greek",
                        Letters::Zero => "1\" style=\"list-style-type:decimal-leading-zero",
                    };
                    let _ = write!(self.out, " start=\"{}\" type=\"{kind}\"", list.first);
                }
                if self.doc.lists.get(list as usize).is_some_and(|list| list.bare) {
                    self.out.push_str(" style=\"list-style-type:none\"");
                }
            }
            Block::Item { number, bare, .. } => {
                let _ = write!(self.out, " value=\"{number}\"");
                if bare {
                    self.out.push_str(" style=\"list-style-type:none\"");
                }
            }
            Block::Cell { look, columns, rows, .. } => {
                let _ = match look.align() {
                    Align::Left => Ok(()),
                    Align::Center => self.out.write_str(" align=\"center\""),
                    Align::Right => self.out.write_str(" align=\"right\""),
                };
                if columns > 1 {
                    let _ = write!(self.out, " colspan=\"{columns}\"");
                }
                if rows != 1 {
                    let _ = write!(self.out, " rowspan=\"{rows}\"");
                }
            }
            _ => {}
        }
    }

    fn start(&mut self, block: Block) {
        let tag = self.tag_of(block);
        let _ = write!(self.out, "<{tag}");
        self.attributes(block);
        self.out.push('>');
        if let Block::Row { begins, .. } = block {
            let part = match begins {
                Part::None => "",
                Part::Head => "<thead>",
                Part::Body => "<tbody>",
                Part::Foot => "<tfoot>",
            };
            let start = self.out.len() - "<tr>".len();
            self.out.insert_str(start, part);
        }
        if let Block::Item { task: Some(ticked), .. } = block {
            self.out.push_str(if ticked { "<input type=\"checkbox\" checked>" } else { "<input type=\"checkbox\">" });
        }
        self.open.push(tag);
    }
}

fn html_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{a0}' => out.push_str("&nbsp;"),
            c => out.push(c),
        }
    }
    out
}
