//! Text in a leaf as Markdown.

use std::fmt::Write as _;

use crate::doc::{Doc, NO_LINK, Op, Piece, Run, Style};
use crate::words::bytes_text;

/// The text of the run at `at` as it is written. Blanks at the end of a link whose target is shown are left out: the
/// blank before the target replaces them, and behind the target they would be seen.
pub(super) fn written(doc: &Doc, at: usize, piece: Piece, link: u32) -> &str {
    let text = doc.piece(piece);
    if link == NO_LINK || !text.ends_with(' ') {
        return text;
    }
    let blank = |op: &&Op| match op {
        Op::Run(run) => {
            let run = doc.run(*run);
            run.link == link && doc.piece(run.piece).bytes().all(|byte| byte == b' ')
        }
        _ => false,
    };
    let next = doc.ops.iter().skip(at + 1).take(64).find(|op| !blank(op));
    let ends = matches!(next, Some(Op::LinkEnd(same)) if *same == link);
    if ends && doc.link(link).is_some_and(|link| link.shows_target) { text.trim_end_matches(' ') } else { text }
}

/// Where inline text is.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Place {
    Text,
    /// In a heading: no line breaks
    OneLine,
    /// In a table's cell: no line breaks, no bars
    Cell,
}

pub(super) struct Inline<'a> {
    pub(super) doc: &'a Doc,
    pub(super) place: Place,
    pub(super) out: String,
    pub(super) link: u32,
    /// The last thing written was a delimiter of emphasis
    pub(super) delimiter: bool,
}

impl Inline<'_> {
    /// Writes the operation at `at`; `more` of the leaf follows or not.
    pub(super) fn op(&mut self, op: &Op, at: usize, more: bool) {
        match *op {
            Op::Run(run) => {
                let Run { piece, style, link } = self.doc.run(run);
                if link != NO_LINK && link != self.link {
                    self.end_link();
                    if self.doc.written_href(link).is_some() {
                        self.link = link;
                        self.out.push('[');
                        self.delimiter = false;
                    }
                }
                self.run(written(self.doc, at, piece, link), style, more);
            }
            Op::LinkEnd(link) => {
                if link != self.link
                    && let Some(href) = self.doc.written_href(link)
                {
                    let _ = write!(self.out, "[](<{}>)", angle(&href));
                } else {
                    self.end_link();
                }
                self.delimiter = false;
            }
            Op::Break => {
                let again = self.out.ends_with("\\\n") || self.out.ends_with("<br>");
                if self.place == Place::Text && !again && more && !self.out.is_empty() {
                    self.out.push_str("\\\n");
                } else {
                    self.out.push_str("<br>");
                }
                self.delimiter = false;
            }
            Op::Image(image) => {
                let Some(image) = self.doc.images.get(image as usize) else { return };
                let mut alt = if image.has_alt { image.caption.to_string() } else { String::new() };
                if let Some(size) = image.size {
                    let _ = write!(alt, ", {}", bytes_text(size));
                }
                let source = if image.source.starts_with("data:") { "data:" } else { image.source.as_str() };
                let _ = write!(self.out, "![{}](<{}>)", self.escaped(&alt), angle(source));
                self.delimiter = false;
            }
            Op::Check(ticked) => {
                self.out.push_str(if ticked {
                    "<input type=\"checkbox\" checked>"
                } else {
                    "<input type=\"checkbox\">"
                });
                self.delimiter = false;
            }
            _ => {}
        }
    }

    pub(super) fn end_link(&mut self) {
        if self.link == NO_LINK {
            return;
        }
        if let Some(href) = self.doc.written_href(self.link) {
            // A backslash at the end of the text would be one.
            if let Some(kept) = self.out.strip_suffix("\\\n").map(str::len) {
                self.out.truncate(kept);
                self.out.push_str("<br>");
            }
            let _ = write!(self.out, "](<{}>)", angle(&href));
        }
        self.link = NO_LINK;
    }

    fn escaped(&self, text: &str) -> String {
        escape(text, self.out.is_empty() || self.out.ends_with('\n'))
    }

    fn run(&mut self, text: &str, style: Style, more: bool) {
        if text.is_empty() {
            return;
        }
        let looks = style.without(Style::DIM).without(Style::WARNING);
        let looks = if looks.has(Style::STEP) { looks.without(Style::STEP).or(Style::STRONG) } else { looks };
        let body = match (looks.has(Style::CODE), plain_blanks(text)) {
            (true, true) => code_span(text, self.place),
            (true, false) => format!("<code>{}</code>", escape(text, false)),
            (false, _) => self.escaped(text),
        };
        let body = if more && body.ends_with('!') {
            format!("{}\\!", body.strip_suffix('!').unwrap_or_default())
        } else {
            body
        };
        let delimiter = match looks {
            Style::STRONG => "**",
            Style::EMPHASIS => "*",
            Style::STRIKE => "~~",
            _ => "",
        };
        let edges = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        if looks.without(Style::CODE) == Style::default() {
            self.out.push_str(&body);
            self.delimiter = false;
        } else if !delimiter.is_empty()
            && !self.delimiter
            && edges(text.chars().next())
            && edges(text.chars().next_back())
        {
            let _ = write!(self.out, "{delimiter}{body}{delimiter}");
            self.delimiter = true;
        } else {
            let tags: Vec<&str> = TAGS.iter().filter(|(look, _)| looks.has(*look)).map(|(_, tag)| *tag).collect();
            for tag in &tags {
                let _ = write!(self.out, "<{tag}>");
            }
            self.out.push_str(&body);
            for tag in tags.iter().rev() {
                let _ = write!(self.out, "</{tag}>");
            }
            self.delimiter = false;
        }
    }
}

/// The elements of looks, code excepted.
pub(super) const TAGS: [(Style, &str); 7] = [
    (Style::STRONG, "strong"),
    (Style::EMPHASIS, "em"),
    (Style::STRIKE, "del"),
    (Style::UNDERLINE, "u"),
    (Style::HIGHLIGHT, "mark"),
    (Style::SUB, "sub"),
    (Style::SUP, "sup"),
];

/// An address between angle brackets.
fn angle(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    for c in address.chars() {
        if matches!(c, '<' | '>' | '\\' | '&' | '|') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn code_span(text: &str, place: Place) -> String {
    let mut text = text.replace('\u{a0}', " ");
    if place == Place::Cell {
        text = text.replace('|', "\\|");
    }
    let fence = "`".repeat(runs(&text));
    let edge = |c: char| c == '`' || c == ' ';
    let padded = text.chars().any(|c| c != ' ') && (text.starts_with(edge) || text.ends_with(edge));
    let pad = if padded { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Whether the hard blanks of inline code come back by themselves: several blanks are hard, a single one is not.
fn plain_blanks(text: &str) -> bool {
    let blank = |c: char| c == ' ' || c == '\u{a0}';
    text.split(|c| !blank(c)).all(|blanks| match blanks.chars().count() {
        0 => true,
        1 => blanks == " ",
        _ => !blanks.contains(' '),
    })
}

/// The shortest run of backticks that the text does not hold.
fn runs(text: &str) -> usize {
    let mut lengths: Vec<usize> = text.split(|c| c != '`').map(str::len).filter(|&len| len > 0).collect();
    lengths.sort_unstable();
    lengths.dedup();
    let mut free = 1;
    for length in lengths {
        if length != free {
            break;
        }
        free += 1;
    }
    free
}

/// The longest run of a character.
pub(super) fn longest(text: &str, mark: char) -> usize {
    text.split(|c| c != mark).map(str::len).max().unwrap_or(0)
}

/// Text in which nothing is markup.
pub(super) fn escape(text: &str, line_start: bool) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut start = line_start;
    let mut digits = line_start;
    for c in text.chars() {
        match c {
            '\u{a0}' => {
                out.push_str("&nbsp;");
                start = false;
                digits = false;
                continue;
            }
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '~' | '|' | '&' | '#' => out.push('\\'),
            '+' | '-' | '=' | ':' | '^' if start => out.push('\\'),
            '.' | ')' if digits && !start => out.push('\\'),
            _ => {}
        }
        digits = digits && c.is_ascii_digit();
        start = false;
        out.push(c);
    }
    out
}
