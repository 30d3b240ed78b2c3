//! Formatting and links.

use super::builder::Builder;
use super::style::{language_of, style_looks, style_value};
use crate::doc::{Href, LinkInfo, NO_LINK, Op, Piece, Style};
use crate::tag::{Attrs, Tag};

/// How much of a link's text is kept.
const LINK_TEXT: usize = 400;

impl Builder {
    pub(super) fn start_inline(&mut self, tag: Tag, attrs: &Attrs<'_>) {
        self.deepen();
        if let Some(pre) = &mut self.pre {
            if tag == Tag::Code && pre.language.is_empty() {
                pre.language = language_of(attrs);
            }
            return;
        }
        let style = attrs.style.as_deref().unwrap_or_default();
        let mut looks = looks_of(tag);
        if matches!(tag, Tag::Span | Tag::B) {
            if !style.is_empty() {
                self.wingdings |= self.word_item.is_some() && style.contains("ingdings");
                if tag == Tag::Span
                    && style.contains("mso-list")
                    && style_value(style, "mso-list").is_some_and(|v| v.eq_ignore_ascii_case("ignore"))
                    && self.word_item.is_some()
                {
                    self.quiet = true;
                    self.word_marker.clear();
                    self.inline.spans.push(u16::MAX);
                    return;
                }
                looks = style_looks(looks, style);
            }
            if self.quiet {
                looks = Style::default();
            }
            let stack = if tag == Tag::Span { &mut self.inline.spans } else { &mut self.inline.bolds };
            stack.push(looks.0);
        } else if let Some(open) = fixed(tag).and_then(|at| self.inline.open.get_mut(at)) {
            *open += 1;
        }
        self.turn(looks, true);
    }

    pub(super) fn end_inline(&mut self, tag: Tag) {
        self.deepen();
        if self.pre.is_some() {
            return;
        }
        let looks = match tag {
            Tag::Span | Tag::B => {
                let stack = if tag == Tag::Span { &mut self.inline.spans } else { &mut self.inline.bolds };
                let Some(looks) = stack.pop() else { return };
                if looks == u16::MAX {
                    self.quiet = false;
                    return;
                }
                Style(looks)
            }
            _ => {
                let Some(open) = fixed(tag).and_then(|at| self.inline.open.get_mut(at)).filter(|open| **open > 0)
                else {
                    return;
                };
                let depth = *open;
                *open -= 1;
                if let Some(last) = self.inline.struck.last().copied()
                    && fixed(tag) == Some(last.0)
                    && depth <= last.1
                {
                    self.inline.struck.pop();
                    self.turn(Style::STRIKE, false);
                }
                looks_of(tag)
            }
        };
        self.turn(looks, false);
    }

    pub(super) fn turn(&mut self, looks: Style, on: bool) {
        self.deepen();
        for (bit, count) in self.inline.on.iter_mut().enumerate() {
            if looks.0 >> bit & 1 == 1 {
                *count = if on { count.saturating_add(1) } else { count.saturating_sub(1) };
            }
        }
        self.set_style();
    }

    pub(super) fn set_style(&mut self) {
        let mut bits = 0;
        for (bit, count) in self.inline.on.iter().enumerate() {
            bits |= u16::from(*count > 0) << bit;
        }
        self.style = Style(bits);
    }

    pub(super) fn start_link(&mut self, attrs: &Attrs<'_>) {
        self.end_link(false);
        self.link = NO_LINK;
        if self.pre.is_some() {
            return;
        }
        if let Some(href) = attrs.href.as_deref() {
            let at = |len: usize| u32::try_from(len).unwrap_or(u32::MAX);
            let start = at(self.doc.hrefs.len());
            self.doc.hrefs.push_str(href);
            self.open_link(Href::Written(Piece { start, end: at(self.doc.hrefs.len()) }));
        }
    }

    pub(super) fn open_link(&mut self, href: Href) {
        self.link = u32::try_from(self.doc.links.len()).unwrap_or(NO_LINK);
        self.doc.links.push(LinkInfo { href, text: Piece::default() });
        self.link_start = self.doc.text.len();
        self.link_ink = false;
    }

    /// Ends the open link for good, because its end tag says so or because something else does.
    pub(super) fn end_link(&mut self, explicit: bool) {
        if self.link == NO_LINK {
            return;
        }
        let empty = self.doc.text.len() == self.link_start && !self.link_ink;
        let anchor = match self.doc.links.get(self.link as usize).map(|info| &info.href) {
            Some(Href::Written(piece)) => self.doc.hrefs.get(piece.start as usize..).is_none_or(|h| h.starts_with('#')),
            _ => true,
        };
        if explicit && empty && !anchor {
            // Nothing to see, but a place to go: the target is shown.
            self.ensure_leaf();
            self.due_space();
            self.ink = true;
            self.fresh = false;
            self.link_ink = true;
        }
        if self.link_ink {
            self.link_ends();
        }
    }

    /// Marks the place where the target is shown.
    pub(super) fn link_ends(&mut self) {
        let Some(info) = self.doc.links.get_mut(self.link as usize) else { return };
        let end = self.doc.text.floor_char_boundary(self.doc.text.len().min(self.link_start + LINK_TEXT));
        let at = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        info.text = Piece { start: at(self.link_start), end: at(end) };
        self.doc.ops.push(Op::LinkEnd(self.link));
        self.link_ink = false;
    }
}

pub(super) fn fixed(tag: Tag) -> Option<usize> {
    Some(match tag {
        Tag::I => 0,
        Tag::S => 1,
        Tag::U => 2,
        Tag::Mark => 3,
        Tag::Sub => 4,
        Tag::Sup => 5,
        Tag::Code => 6,
        Tag::Kbd => 7,
        _ => return None,
    })
}

fn looks_of(tag: Tag) -> Style {
    match tag {
        Tag::B => Style::STRONG,
        Tag::I => Style::EMPHASIS,
        Tag::S => Style::STRIKE,
        Tag::U => Style::UNDERLINE,
        Tag::Mark => Style::HIGHLIGHT,
        Tag::Sub => Style::SUB,
        Tag::Sup => Style::SUP,
        Tag::Code | Tag::Kbd => Style::CODE,
        _ => Style::default(),
    }
}
