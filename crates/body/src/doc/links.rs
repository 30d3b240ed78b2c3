//! Links of a document are judged when they are laid out or written.

use super::body::Doc;
use super::ops::Piece;
use super::things::Href;
use crate::link::{LinkTarget, escaped, says_target, text_misleads};
use gluepot_core::text::Clean;

/// A link that has been judged.
#[derive(Debug)]
pub(crate) struct Judged {
    pub target: LinkTarget,
    pub text: Clean,
    pub misleads: bool,
    /// Whether the target must be shown because the text does not say it
    pub shows_target: bool,
}

impl Doc {
    /// Judges a link.
    pub(crate) fn link(&self, link: u32) -> Option<Judged> {
        let info = self.links.get(link as usize)?;
        let text = Clean::line(self.piece(info.text).replace('\u{a0}', " ").trim());
        let target = match &info.href {
            Href::Written(href) => self.base.resolve(self.href(*href)),
            Href::Target(target) => (**target).clone(),
            Href::Footnote => {
                let target = LinkTarget::Anchor(Clean::line(&format!("fn-{text}")));
                return Some(Judged { target, text, misleads: false, shows_target: false });
            }
        };
        let says = says_target(&text, &target);
        let misleads = !says && text_misleads(&text, &target);
        Some(Judged { target, text, misleads, shows_target: misleads || !says })
    }

    /// How a link is written down: the full address, or what the body had for it in harmless characters. Nothing
    /// for footnotes.
    pub(crate) fn written_href(&self, link: u32) -> Option<String> {
        let info = self.links.get(link as usize)?;
        match &info.href {
            Href::Written(href) => {
                let href = self.href(*href);
                Some(match self.base.resolve(href) {
                    LinkTarget::Web(address) => address.to_string(),
                    _ => escaped(&href.trim().replace(['\t', '\n', '\r'], "")),
                })
            }
            Href::Target(target) => Some(target.address().to_owned()),
            Href::Footnote => None,
        }
    }

    fn href(&self, piece: Piece) -> &str {
        self.hrefs.get(piece.start as usize..piece.end as usize).unwrap_or_default()
    }
}
