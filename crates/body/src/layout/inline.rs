//! The content of a leaf: text, links, images, boxes to tick.

use super::engine::Layout;
use super::strip::Look;
use super::types::{Emphasis, ImageAt, Link, Role};
use crate::doc::{Block, Doc, Judged, NO_LINK, Style};
use crate::words::{image_text, target_text};

impl Layout {
    /// Puts a mark where struck text begins or ends, for those who cannot see it struck.
    pub(super) fn strike(&mut self, struck: bool) {
        if self.engine.options.strike_marks
            && std::mem::replace(&mut self.engine.struck, struck) != struck
            && self.engine.in_leaf
        {
            self.engine.flow.push("~~", Look::plain(Role::Marker));
        }
    }

    /// Puts text into the open leaf. False: there is more of it, but enough lines for now.
    pub(super) fn run(&mut self, doc: &Doc, text: &str, style: Style, link: u32) -> bool {
        // Blanks alone may be dropped, so they do not begin a link.
        let is_blank = text.chars().all(|c| c == ' ');
        let begun = self.engine.link.is_some_and(|(known, _)| known == link);
        let look = self.look(doc, style, if is_blank && !begun { NO_LINK } else { link });
        let struck = style.has(Style::STRIKE);
        if self.engine.offset == 0 && (!struck || text.contains(|c| c != ' ' && c != '\u{a0}')) {
            self.strike(struck);
        }
        let engine = &mut self.engine;
        if !engine.in_leaf {
            return true;
        }
        let flow = &mut engine.flow;
        if engine.offset == 0 && text.contains(|c| c != ' ' && c != '\u{a0}') {
            for (bit, mark) in [(Style::SUP, "^"), (Style::SUB, "_")] {
                if style.has(bit) && !engine.last_style.has(bit) && flow.started {
                    flow.push(mark, Look { role: Role::Marker, ..look });
                }
            }
            engine.last_style = style;
        }
        let rest = text.get(engine.offset..).unwrap_or_default();
        let used = flow.push(rest, look);
        let finished = used >= rest.len();
        engine.offset = if finished { 0 } else { engine.offset + used };
        self.take_lines();
        finished
    }

    pub(super) fn look(&mut self, doc: &Doc, style: Style, link: u32) -> Look {
        let link = self.link_of(doc, link);
        let emphasis = Emphasis {
            strong: style.has(Style::STRONG),
            emphasis: style.has(Style::EMPHASIS),
            strike: style.has(Style::STRIKE) && !self.engine.options.strike_marks,
            underline: style.has(Style::UNDERLINE),
            highlight: style.has(Style::HIGHLIGHT),
        };
        let role = if style.has(Style::WARNING) {
            Role::Warning
        } else if style.has(Style::DIM) {
            Role::Dim
        } else if style.has(Style::STEP) {
            Role::Step
        } else if link.is_some() {
            Role::Link
        } else if style.has(Style::CODE) {
            Role::Code
        } else if let Some(role) = self.engine.leaf_role {
            role
        } else {
            let within = self.engine.frames.iter().rev().nth(1).or(self.engine.frames.last());
            match within.map(|frame| frame.block) {
                Some(Block::Term) => Role::Label,
                Some(Block::Field(_)) => Role::Value,
                Some(Block::Cell { look, .. }) if look.head() => Role::TableHead,
                _ => Role::Text,
            }
        };
        Look { role, emphasis, link, image: None }
    }

    /// The layout's number of a document's link: a new one wherever its text begins.
    pub(super) fn link_of(&mut self, doc: &Doc, link: u32) -> Option<u32> {
        if link == NO_LINK {
            return None;
        }
        if let Some((known, number)) = self.engine.link
            && known == link
        {
            return Some(number);
        }
        let judged = self.judge(doc, link)?;
        let number = u32::try_from(self.links.len()).ok()?;
        self.links.push(Link {
            target: judged.target.clone(),
            text: judged.text.clone(),
            misleads: judged.misleads,
            line: usize::MAX,
        });
        self.engine.judged = Some((link, judged));
        self.engine.link = Some((link, number));
        Some(number)
    }

    /// What a link means. The caller puts it back: the end of the link needs it again.
    fn judge(&mut self, doc: &Doc, link: u32) -> Option<Judged> {
        match self.engine.judged.take() {
            Some((known, judged)) if known == link => Some(judged),
            _ => doc.link(link),
        }
    }

    pub(super) fn link_end(&mut self, doc: &Doc, link: u32) {
        let Some(judged) = self.judge(doc, link) else {
            self.engine.link = None;
            return;
        };
        let ascii = self.engine.options.ascii;
        let target = if judged.shows_target { target_text(&judged.target, ascii) } else { String::new() };
        let misleads = judged.misleads;
        self.engine.judged = Some((link, judged));
        // A link without text that leads nowhere is not on the screen, so it is none of those that can be chosen.
        let is_drawn = self.engine.link.is_some_and(|(known, _)| known == link) || !target.is_empty();
        let number = is_drawn.then(|| self.link_of(doc, link)).flatten();
        self.engine.link = None;
        if !target.is_empty() {
            if misleads {
                let look = Look { link: number, ..Look::plain(Role::Warning) };
                self.word(if ascii { "!!" } else { "⚠" }, look);
            }
            self.word(&target, Look { link: number, ..Look::plain(Role::LinkTarget) });
        }
    }

    pub(super) fn image(&mut self, doc: &Doc, image: u32) {
        let Some(info) = doc.images.get(image as usize) else { return };
        self.engine.last_style = Style::default();
        let text = image_text(info.noun, &info.caption, info.size, self.engine.options.ascii);
        let number = u32::try_from(self.images.len()).ok();
        self.images.push(ImageAt {
            id: info.id,
            caption: info.caption.clone(),
            size: info.size,
            source: info.source.clone(),
            line: usize::MAX,
        });
        let link = self.engine.link.map(|(_, number)| number);
        let look = Look { image: number, link, ..Look::plain(Role::ImageCaption) };
        if !self.engine.in_leaf {
            return;
        }
        // A caption needs no mark to differ from the words around it: "▣ image: rack".
        self.engine.flow.push_all(&text, look);
        self.take_lines();
    }

    /// Our own word in the open leaf, with a blank before it.
    pub(super) fn word(&mut self, text: &str, look: Look) {
        if !self.engine.in_leaf {
            return;
        }
        let flow = &mut self.engine.flow;
        if flow.started {
            flow.space(look);
        }
        flow.push_all(text, look);
        self.take_lines();
    }
}
