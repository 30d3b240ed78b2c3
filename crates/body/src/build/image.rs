//! Images, and boxes to tick.

use super::builder::Builder;
use super::emoji;
use crate::doc::{Block, ImageInfo, NO_LINK, Op};
use crate::link::image_of_path;
use crate::tag::Attrs;
use gluepot_core::text::{Clean, is_unseen};

impl Builder {
    pub(super) fn image(&mut self, noun: &'static str, attrs: &Attrs<'_>) {
        if noun == "image"
            && self.pre.is_none()
            && let Some(emoji) = emoji::of_image(attrs)
        {
            self.pending.push_str(&emoji);
            self.flush();
            return;
        }
        let source = attrs.src.as_deref().unwrap_or_default();
        let alt = attrs.alt.as_deref().unwrap_or_default().trim();
        let alt = if alt.is_empty() { attrs.title.as_deref().unwrap_or_default().trim() } else { alt };
        let alt: String = alt.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some(pre) = &mut self.pre {
            pre.text.push_str(&alt);
            return;
        }
        if source.is_empty() && alt.is_empty() && noun != "image" {
            return;
        }
        self.figure(noun, source, &alt, None, image_of_path(source));
    }

    /// An image with what is known of it, in the open leaf or a new one.
    pub fn figure(&mut self, noun: &'static str, source: &str, alt: &str, size: Option<u64>, id: Option<u64>) {
        self.ensure_leaf();
        self.drop_empty_line();
        // A blank separates it from the word or image before it, however they were written.
        self.space |= !self.fresh;
        self.due_space();
        let alt: String = alt.chars().filter(|&c| !is_unseen(c)).collect();
        let has_alt = !alt.is_empty();
        let caption = if has_alt {
            Clean::line(&alt)
        } else if source.starts_with("data:") {
            Clean::default()
        } else if noun == "image" {
            let name = source.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
            Clean::line(name.rsplit('/').next().unwrap_or_default())
        } else {
            Clean::line(source)
        };
        let shown = source.get(..source.floor_char_boundary(2048)).unwrap_or_default();
        let number = u32::try_from(self.doc.images.len()).unwrap_or(u32::MAX);
        if self.link != NO_LINK {
            self.link_ink = true;
        }
        self.doc.images.push(ImageInfo { noun, id, caption, size, source: Clean::line(shown), has_alt });
        self.doc.ops.push(Op::Image(number));
        self.ink = true;
        self.fresh = false;
    }

    pub(super) fn input(&mut self, attrs: &Attrs<'_>) {
        if self.pre.is_some() {
            return;
        }
        let kind = attrs.kind.as_deref().unwrap_or_default();
        if kind.eq_ignore_ascii_case("checkbox") || kind.eq_ignore_ascii_case("radio") {
            self.check(attrs.checked.is_some());
        } else if let Some(value) = attrs.value.as_deref()
            && !kind.eq_ignore_ascii_case("hidden")
        {
            self.pending.push_str(value);
            self.flush();
        }
    }

    /// A box to tick. At the start of an item it takes the place of the bullet.
    pub fn check(&mut self, ticked: bool) {
        self.flush();
        if self.word_item.is_some() {
            self.ensure_leaf();
        } else if self.leaf.is_none() {
            self.ensure_place();
        }
        if !self.ink
            && let Some(Block::Item { .. }) = self.innermost()
            && let Some(&at) = self.containers.last()
            && self.doc.ops.len() <= at + 1 + usize::from(self.leaf.is_some())
            && let Some(Op::Open(Block::Item { task, .. })) = self.doc.ops.get_mut(at)
        {
            // The box inside an item that is a task already says the same.
            *task = Some(ticked || *task == Some(true));
            return;
        }
        self.ensure_leaf();
        self.drop_empty_line();
        self.due_space();
        self.doc.ops.push(Op::Check(ticked));
        self.ink = true;
        self.fresh = false;
    }
}
