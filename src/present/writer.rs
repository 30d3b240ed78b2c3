//! Writes a [`Sheet`](super::sheet::Sheet) fact by fact.

use gluepot_body::{Doc, LinkBase, LinkTarget};
use gluepot_core::model::{Kind, OrganizationId, RawBody, RecordKey, SourceId};
use gluepot_core::text::Clean;

use super::sheet::{Context, Entry, Fact, Part, Runs, Value};

/// A sheet in the making.
pub struct Writer<'a> {
    pub context: &'a Context<'a>,
    /// The account the record is in
    pub source: SourceId,
    /// Whose record it is
    pub organization: Option<OrganizationId>,
    pub parts: Vec<Part>,
    facts: Vec<Fact>,
}

/// A short text that may have markup, without it.
pub fn plain(text: &str) -> Clean {
    Clean::block(Doc::from_notes(&RawBody::new(text), &LinkBase::default()).plain_text().trim())
}

/// One line of text from outside.
pub fn clean(text: impl AsRef<str>) -> Clean {
    Clean::line(text.as_ref())
}

impl<'a> Writer<'a> {
    pub fn new(context: &'a Context<'a>, source: SourceId, organization: Option<OrganizationId>) -> Self {
        Self { context, source, organization, parts: Vec::new(), facts: Vec::new() }
    }

    /// A fact of the group that is being written.
    pub fn push(&mut self, label: &str, value: Value) {
        self.facts.push(Fact { label: clean(label), value });
    }

    pub fn text(&mut self, label: &str, value: &str) {
        self.push(label, Value::text(value));
    }

    pub fn code(&mut self, label: &str, value: &str) {
        self.push(label, Value::code(value));
    }

    pub fn web(&mut self, label: &str, value: &str) {
        self.push(label, self.web_value(value));
    }

    /// A web address as it is shown.
    pub fn web_value(&self, value: &str) -> Value {
        match self.context.base.resolve(value) {
            _ if value.trim().is_empty() => Value::Empty,
            // Only the ASCII form is shown, which distinguishes a host from look-alikes.
            LinkTarget::Web(address) if !value.is_ascii() => Value::Web(address),
            _ => Value::Web(clean(value)),
        }
    }

    /// A record of the same account.
    pub fn key(&self, kind: Kind, id: u64) -> RecordKey {
        RecordKey::new(self.source, kind, id)
    }

    /// A web address of which only what can be opened is taken.
    pub fn address(&self, url: &str) -> Option<Value> {
        match self.context.base.resolve(url) {
            LinkTarget::Web(address) => Some(Value::Web(address)),
            _ => None,
        }
    }

    pub fn flag(&mut self, label: &str, value: bool) {
        self.push(label, Value::Flag(value));
    }

    /// Another record, by the name that is known of it, else by the one that came with it.
    pub fn record(&self, key: RecordKey, organization: Option<OrganizationId>, name: &str) -> Value {
        let name = self.context.store.record(key).map_or_else(|| clean(name), |record| record.name().clone());
        Value::Record { key, organization, name }
    }

    pub fn jump(&mut self, label: &str, key: RecordKey, name: &str) {
        let value = self.record(key, self.organization, name);
        self.push(label, value);
    }

    pub fn time(&mut self, label: &str, at: Option<jiff::Timestamp>) {
        self.push(label, at.map_or(Value::Empty, Value::Moment));
    }

    /// A day as the server wrote it.
    pub fn day(&mut self, label: &str, date: &str, runs: Runs) {
        self.push(label, if date.trim().is_empty() { Value::Empty } else { Value::Day(clean(date), runs) });
    }

    /// Ends a group of facts under its heading.
    pub fn end(&mut self, title: &str) {
        self.cut(title, true);
    }

    fn cut(&mut self, title: &str, headed: bool) {
        let facts = std::mem::take(&mut self.facts);
        if !facts.is_empty() {
            self.parts.push(Part::Facts { title: clean(title), headed, facts });
        }
    }

    pub fn notes(&mut self, title: &str, notes: &RawBody) {
        self.parts.push(Part::Notes { title: clean(title), level: 2, body: notes.clone() });
    }

    /// A body among the facts of a group: those before it are written, the body has a heading of its own.
    pub fn body_in_group(&mut self, group: &str, label: &str, body: &RawBody) {
        self.cut(group, false);
        self.parts.push(Part::Notes { title: clean(label), level: 3, body: body.clone() });
    }

    pub fn remark(&mut self, words: &str) {
        self.parts.push(Part::Remark { words: clean(words), warns: false });
    }

    pub fn warning(&mut self, words: &str) {
        self.parts.push(Part::Remark { words: clean(words), warns: true });
    }

    /// A list; nothing where it has no entries.
    pub fn list(&mut self, title: &str, entries: Vec<Entry>) {
        if !entries.is_empty() {
            self.parts.push(Part::List { title: clean(title), entries });
        }
    }
}
