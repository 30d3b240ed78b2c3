//! Earlier versions of a password: choosing one, and what to do with it.
//!
//! The API lists them with the record: when and by whom, never the values. A chosen one is requested like the
//! password itself, through the same gate and with its own lines in the audit trail.

use super::Shell;
use crate::present::format;
use crate::present::{newest_first, version_words};
use crate::tui::keymap::Action;
use crate::tui::notice::Notice;
use crate::tui::pick::{Item, Pick};
use crate::tui::popups::picker::{Picker, Topic};
use crate::tui::target::Target;
use gluepot_core::access::{Purpose, Wanted};
use gluepot_core::model::{Password, RecordKey, Version};

impl Shell {
    fn versions_subject(&self) -> Option<RecordKey> {
        self.password_subject().map(Password::key)
    }

    /// The earlier versions of a password, the newest first; nothing while they are not known.
    fn versions_of(&self, key: RecordKey) -> Vec<&Version> {
        let shown = self.cx.store.detail(key).and_then(|detail| detail.shown.as_ref());
        shown.map(|shown| newest_first(&shown.extras.versions)).unwrap_or_default()
    }

    /// Why no earlier version can be chosen; `None` when one can.
    pub(super) fn versions_refusal(&self) -> Option<String> {
        let refusal = self.secret_refusal();
        if refusal.is_some() {
            return refusal;
        }
        let key = self.versions_subject()?;
        if !self.versions_known(key) {
            return None;
        }
        self.versions_of(key).is_empty().then(|| "This password has no earlier versions.".into())
    }

    fn versions_known(&self, key: RecordKey) -> bool {
        self.cx.store.detail(key).is_some_and(|detail| detail.shown.is_some())
    }

    pub(super) fn open_versions(&mut self) {
        let Some(key) = self.versions_subject() else { return };
        if !self.versions_known(key) {
            // They come with the record itself; any key goes before it.
            self.show(Target { key, organization: self.cx.organization_of(key) });
            self.reader.after_detail = Some((key, Action::Versions));
            self.say(Notice::quiet("Loading earlier versions…").passing());
            return;
        }
        let now = jiff::Timestamp::now();
        let items: Vec<Item> = self
            .versions_of(key)
            .into_iter()
            .map(|version| {
                let aside = version.created_at.map(|at| format::ago(at, now)).unwrap_or_default();
                let label = version_words(version, &self.cx.config.ui.date_format);
                Item::new(label, aside, Pick::Version(key, version.id))
            })
            .collect();
        let title = self.cx.store.record(key).map(|r| format!("Earlier versions of {}", r.name())).unwrap_or_default();
        self.popups.push(Picker::new(Topic::Versions, &title, items));
    }

    /// What to do with a version that was chosen.
    pub(super) fn open_version(&mut self, key: RecordKey, version: u64) {
        let uses = [
            (Purpose::Reveal, "Show it for a short time", "reveal", Action::Reveal),
            (Purpose::Copy, "Copy it without showing it", "copy-secret", Action::CopySecret),
            (Purpose::Console, "Spell it out", "console", Action::Console),
        ];
        let mut items: Vec<Item> = uses
            .map(|(purpose, label, name, action)| {
                let mut item = Item::new(label, name, Pick::Use(Wanted { key, purpose, version: Some(version) }));
                item.refused = self.refusal(action);
                item
            })
            .into();
        // Users look for it here; it says that it is not possible.
        let wanted = Wanted { key, purpose: Purpose::HandOver, version: Some(version) };
        items.push(Item {
            refused: Some(super::handover::NOT_EARLIER.into()),
            ..Item::new("Send it to a tmux pane", "hand-over", Pick::Use(wanted))
        });
        let title = self
            .versions_of(key)
            .into_iter()
            .find(|known| known.id == version)
            .map(|version| version_words(version, &self.cx.config.ui.date_format))
            .unwrap_or_default();
        self.popups.push(Picker::new(Topic::Versions, &title, items));
    }

    /// What is said beside a value that is not the one in force.
    pub(super) fn version_of(&self, key: RecordKey, version: u64) -> String {
        let known = self.versions_of(key).into_iter().find(|known| known.id == version);
        let words = known.map(|version| version_words(version, &self.cx.config.ui.date_format));
        format!("an earlier version: {}", words.unwrap_or_else(|| format!("version {version}")))
    }
}
