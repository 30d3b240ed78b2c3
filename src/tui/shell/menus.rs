//! The menu of what can be copied of a record.

use super::Shell;
use crate::present::{format, json, sheet, sheet_of};
use crate::tui::keymap::Action;
use crate::tui::pick::{Item, Pick};
use crate::tui::popups::picker::{Picker, Topic};
use gluepot_body::{LayoutOptions, LinkTarget};
use gluepot_core::access::{Purpose, Wanted};
use gluepot_core::model::{Record, RecordKey};

impl Shell {
    /// Everything that can be copied of the record at hand: fields, code blocks, links.
    pub(super) fn open_copy_menu(&mut self) {
        let Some(key) = self.subject_key() else { return };
        // From a list the record may not be what the detail shows yet.
        if self.reader.detail.target.is_none_or(|target| target.key != key) {
            let organization = self.cx.organization_of(key);
            self.show(crate::tui::target::Target { key, organization });
        }
        if self.cx.frame.areas.detail.is_none() {
            // Not on the screen: laid out at any width, so that its fields are known.
            self.reader.detail.lay_out(&LayoutOptions::default());
        }
        if !self.reader.laid_out_for(Action::CopyMenu, &mut self.cx) {
            return;
        }
        let record = self.cx.store.record(key).cloned();
        let mut items = Vec::new();
        if matches!(record.as_deref(), Some(Record::Password(_))) {
            items.push(self.secret_item(key));
        }
        items.extend(self.text_items(record.as_deref()));
        self.add_addresses(key, &mut items);
        items.extend(record.as_ref().and_then(|_| self.json_item(key)));
        let title = record.map_or_else(|| "Copy".to_owned(), |record| format!("Copy from {}", record.name()));
        self.popups.push(Picker::new(Topic::Copy, title, items));
    }

    /// The password itself, which is copied without being shown.
    fn secret_item(&self, key: RecordKey) -> Item {
        let wanted = Wanted { key, purpose: Purpose::Copy, version: self.version_on_screen(key) };
        let label = wanted.version.map_or_else(
            || "Password (hidden)".to_owned(),
            |version| format!("Password (hidden), {}", self.version_of(key, version)),
        );
        let mut item = Item::new(label, self.cx.hint(Action::CopySecret), Pick::Use(wanted));
        item.refused = self.refusal(Action::CopySecret);
        item
    }

    /// Code blocks, the name, and the fields.
    fn text_items(&self, record: Option<&Record>) -> Vec<Item> {
        let mut items = Vec::new();
        let layout = &self.reader.detail.layout;
        for code in &layout.codes {
            let what = what_of(&format!("code block {}", code.number), &code.text);
            let pick = Pick::Copy { what, text: code.text.to_string() };
            items.push(Item::new(first_line(&code.text, &code.language), format!("code {}", code.number), pick));
        }
        if let Some(record) = record {
            let pick = Pick::Copy { what: "the name".into(), text: record.name().to_string() };
            items.push(Item::new(record.name().to_string(), "name", pick));
        }
        for field in layout.fields.iter().filter(|field| field.copyable) {
            let pick =
                Pick::Copy { what: what_of(&field.label.to_lowercase(), &field.value), text: field.value.to_string() };
            items.push(Item::new(first_line(&field.value, ""), field.label.to_string(), pick));
        }
        items
    }

    /// All that is known of the record, for a script or a ticket; nothing while its text may not be read.
    fn json_item(&self, key: RecordKey) -> Option<Item> {
        let readable = self.cx.view_refusal(key).is_none();
        readable.then(|| Item::new("All of it", "JSON", Pick::CopyAll(key)))
    }

    /// Copies all that is known of a record. Its text may be large: it is written where it is copied.
    pub(super) fn copy_all(&mut self, key: RecordKey) {
        let Some(record) = self.cx.store.record(key).filter(|_| self.cx.view_refusal(key).is_none()) else { return };
        let shown = self.cx.store.detail(key).and_then(|detail| detail.shown.as_deref());
        let context = sheet::Context {
            store: &self.cx.store,
            base: self.cx.link_base(record.organization_id().or(self.cx.organization)),
            now: jiff::Timestamp::now(),
            dates: &self.cx.config.ui.date_format,
        };
        let sheet = sheet_of(record, shown.map(|shown| &shown.extras), &context);
        self.copy_made("the record as JSON".into(), move || format!("{:#}", json::value(&sheet)));
    }

    /// Web addresses that are not among the items already: of the record, and of its links.
    fn add_addresses(&self, key: RecordKey, items: &mut Vec<Item>) {
        let layout = &self.reader.detail.layout;
        let known = |items: &[Item], text: &str| {
            items.iter().any(|item| matches!(&item.pick, Pick::Copy { text: t, .. } if t == text))
        };
        if let Some(address) = self.cx.web_address(key).filter(|address| !known(items, address)) {
            let pick = Pick::Copy { what: "the web address".into(), text: address.clone() };
            items.push(Item::new(address, "web app", pick));
        }
        for link in &layout.links {
            let text = match &link.target {
                LinkTarget::Record(key, _) => match self.cx.web_address(*key) {
                    Some(address) => address,
                    None => continue,
                },
                target => target.address().to_owned(),
            };
            if known(items, &text) {
                continue;
            }
            let pick = Pick::Copy { what: "the link".into(), text: text.clone() };
            items.push(Item::new(format!("{}  {text}", link.text), "link", pick));
        }
    }
}

/// How many lines a text has, said where it is copied and only its first line is seen; empty for one.
fn lines_word(text: &str) -> String {
    match text.trim_end_matches('\n').lines().count() {
        0 | 1 => String::new(),
        n => format::count(n, "line", "lines"),
    }
}

/// A text of a copy menu: its first line, and before it how many there are.
fn first_line(text: &str, before: &str) -> String {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim();
    let lines = lines_word(text);
    let before = [before, &lines].into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(", ");
    let after = if lines.is_empty() { "" } else { " …" };
    if before.is_empty() { first.to_owned() } else { format!("{before}: {first}{after}") }
}

/// What is copied, for the notice: with the number of its lines where there are several.
fn what_of(what: &str, text: &str) -> String {
    let lines = lines_word(text);
    if lines.is_empty() { what.to_owned() } else { format!("{what}, {lines}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_copied_says_how_many_lines_it_has() {
        assert_eq!(first_line("ls\nrm -rf ~\n", "powershell"), "powershell, 2 lines: ls …");
        assert_eq!(first_line("\nls\n\n", ""), "2 lines: ls …");
        assert_eq!(first_line("ls\n", "sh"), "sh: ls");
        assert_eq!(first_line("ls", ""), "ls");
        assert_eq!(what_of("code block 1", "a\nb"), "code block 1, 2 lines");
        assert_eq!(what_of("the name", "a"), "the name");
    }
}
