//! The document in the detail: made again when what it is made from changed, and laid out for its area.

use std::sync::Arc;

use super::Shell;
use crate::present::{card, sheet, sheet_of};
use crate::tui::keymap::Action;
use crate::tui::message::Message;
use crate::tui::reader::detail::Stamp;
use crate::tui::tasks::{Slot, Subject};
use gluepot_body::{Doc, LayoutOptions, record_of_path};
use gluepot_core::model::{Content, Record};
use gluepot_core::source::Urgency;

/// Bodies larger than this are parsed in the background.
const LARGE_BODY: usize = 64 * 1024;
/// Hosts of the web app beyond this many are not learnt: an account has one, and perhaps one of a custom domain.
const MOST_HOSTS: usize = 4;

impl Shell {
    /// Makes the document of the detail pane again when what it is made from changed, and lays it out.
    pub(super) fn prepare_detail(&mut self) {
        let Some(target) = self.reader.detail.target else { return };
        let record = self.cx.store.whole(target.key).cloned();
        let lists = record.as_ref().map_or(0, |record| self.cx.store.names_revision(record));
        let stamp = Stamp {
            key: target.key,
            edition: self.cx.store.edition(target.key),
            empty: self.reader.show_empty,
            lists,
            view: self.cx.view_stamp(target.key),
            hosts: self.cx.hosts.len(),
        };
        if let Some(record) = record
            && self.reader.detail.stamp != Some(stamp)
        {
            self.make_doc(&record, stamp);
        }
        self.reader.doubt = self.cx.store.record(target.key).and_then(|record| self.name_warning(record));
        if let Some(rect) = self.cx.frame.areas.detail {
            let header = self.detail_header_rows(rect);
            let above = usize::from(header) + self.reader.lines_above(rect.width.saturating_sub(4).into(), &self.cx);
            self.reader.detail.height = usize::from(rect.height.saturating_sub(2)).saturating_sub(above);
            let options = LayoutOptions {
                width: rect.width.saturating_sub(4),
                text_width: self.cx.config.ui.text_width.min(u32::from(u16::MAX)) as u16,
                ascii: self.cx.styles.signs.ascii,
                copy_hint: format!("{} {{n}} to copy", self.cx.hint(Action::CopyMenu)),
                strike_marks: !self.cx.styles.strikes,
                heading_rules: true,
                ..LayoutOptions::default()
            };
            self.reader.detail.lay_out(&options);
        }
    }

    fn make_doc(&mut self, record: &Arc<Record>, stamp: Stamp) {
        let shown = self.cx.store.detail(stamp.key).and_then(|d| d.shown.clone());
        let base = self.cx.link_base(record.organization_id().or(self.cx.organization));
        let large = match record.as_ref() {
            Record::Document(document) => content_size(&document.content) > LARGE_BODY,
            _ => false,
        };
        if let Some(refusal) = self.cx.view_refusal(stamp.key) {
            self.reader.detail.set_doc(stamp, Arc::new(Doc::from_text(&refusal)));
            return;
        }
        let (now, dates, empty) = (jiff::Timestamp::now(), &self.cx.config.ui.date_format, self.reader.show_empty);
        let context = sheet::Context { store: &self.cx.store, base: base.clone(), now, dates };
        let known = sheet_of(record, shown.as_deref().map(|shown| &shown.extras), &context);
        if large {
            self.reader.detail.stamp = Some(stamp);
            self.reader.body_ticket += 1;
            let ticket = self.reader.body_ticket;
            let sender = self.cx.tasks.sender();
            let dates = dates.clone();
            self.cx.tasks.start(Slot::Body, Subject::None, Urgency::interactive(), |_, _, _| async move {
                let doc = tokio::task::spawn_blocking(move || {
                    card::doc(&known, &card::Look { now, dates: &dates, empty, base: &base })
                })
                .await;
                if let Ok(doc) = doc {
                    let _ = sender.send(Message::Parsed { ticket, stamp, doc: Arc::new(doc) });
                }
            });
            return;
        }
        let doc = card::doc(&known, &card::Look { now, dates, empty, base: &base });
        self.reader.detail.set_doc(stamp, Arc::new(doc));
    }

    pub(super) fn parsed(&mut self, ticket: u64, stamp: Stamp, doc: Arc<Doc>) {
        if ticket == self.reader.body_ticket && self.reader.detail.target.is_some_and(|t| t.key == stamp.key) {
            self.reader.detail.set_doc(stamp, doc);
            self.cx.dirty = true;
        }
    }

    /// Takes the host of the web app from a record's own address there, so that links lead to records without a setting
    /// and also on a custom domain. Only the server writes that address, and it has to name the record.
    pub(super) fn learn_web_host(&mut self, record: &Record) {
        let address = record.common().map(|common| common.resource_url.as_str()).unwrap_or_default();
        let Ok(url) = url::Url::parse(address) else { return };
        let Some(host) = url.domain().map(str::to_ascii_lowercase) else { return };
        let names_it = record_of_path(record.source(), url.path()).is_some_and(|(key, _)| key == record.key());
        let is_known = self.cx.hosts.contains(&host) || self.cx.hosts.len() >= MOST_HOSTS;
        if matches!(url.scheme(), "https" | "http") && names_it && !is_known {
            tracing::debug!(host, "the web app is there");
            self.cx.hosts.push(host);
        }
    }
}

fn content_size(content: &Content) -> usize {
    use gluepot_core::model::Section;
    match content {
        Content::Empty => 0,
        Content::Html(body) => body.source().len(),
        Content::Sections(sections) => sections
            .iter()
            .map(|section| match section {
                Section::Text(body) | Section::Step { text: body, .. } => body.source().len(),
                Section::Heading { text, .. } => text.len(),
                Section::Gallery(images) => images.len() * 32,
                Section::Unknown(name) => name.len(),
            })
            .sum(),
    }
}
