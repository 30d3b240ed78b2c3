//! What the API gives beside a record: interfaces, embedded passwords, related records, attachments, who may see it.

use gluepot_core::model::{Access, Attachment, Extras, Interface, Kind, Location, Password, Record, Related, Version};
use gluepot_core::text::Clean;

use crate::present::format;
use crate::present::sheet::{Entry, Part, Value};
use crate::present::writer::{Writer, clean};

impl Writer<'_> {
    pub(super) fn beside(&mut self, extras: &Extras, record: &Record) {
        self.rmm_records(&extras.rmm_records);
        self.interfaces(&extras.interfaces);
        if let Some(location) = &extras.location
            && !matches!(record, Record::Location(_))
        {
            self.place(location);
        }
        if !matches!(record, Record::Password(_)) {
            let own = extras.passwords.iter().filter(|password| password.id != record.id());
            let entries = own.map(|password| self.embedded(password)).collect();
            self.list("Passwords", entries);
        }
        for (by_tag, title) in [(false, "Related"), (true, "Referred to by")] {
            let related = extras.related.iter().filter(|related| related.by_tag == by_tag);
            let entries = related.map(|related| self.related(related)).collect();
            self.list(title, entries);
        }
        self.tickets(&extras.tickets);
        let entries = extras.attachments.iter().map(|attachment| self.attachment(attachment)).collect();
        self.list("Attachments", entries);
        self.list("Who may see it", extras.accesses.iter().map(access).collect());
        let versions = newest_first(&extras.versions).into_iter().map(|version| self.version(version)).collect();
        self.list("Earlier versions", versions);
    }

    fn interfaces(&mut self, interfaces: &[Interface]) {
        if interfaces.is_empty() {
            return;
        }
        let row = |interface: &Interface| {
            vec![
                (Value::Text(interface.name.clone()), interface.primary.then(|| clean("primary"))),
                (Value::Code(interface.ip_address.clone()), None),
                (Value::Code(interface.mac_address.clone()), None),
                (Value::Text(interface.notes.clone()), None),
            ]
        };
        self.parts.push(Part::Table {
            title: clean("Interfaces"),
            head: ["Name", "IP address", "MAC address", "Notes"].map(clean).to_vec(),
            rows: interfaces.iter().map(row).collect(),
        });
    }

    fn place(&mut self, location: &Location) {
        let parts = [&location.address_1, &location.address_2, &location.postal_code, &location.city];
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).map(Clean::as_str).collect();
        self.text("Address", &parts.join(", "));
        self.code("Phone there", &location.phone);
        self.end("Where");
    }

    fn embedded(&self, password: &Password) -> Entry {
        Entry::new(Value::Record { key: password.key(), organization: self.organization, name: password.name.clone() })
            .aside(&password.username)
            .fact("user_name", Value::text(&password.username))
    }

    fn related(&self, related: &Related) -> Entry {
        let mut entry =
            Entry::new(Value::Record { key: related.key, organization: self.organization, name: related.name.clone() });
        // The jump says its kind itself: only a label that says more, such as an asset's type, is shown.
        let label = Some(related.label.as_str()).filter(|l| !l.is_empty() && Kind::of_label(l) != related.key.kind);
        let archived = related.archived.then_some("archived");
        let notes = Some(related.notes.as_str()).filter(|notes| !notes.is_empty());
        // Notes that only repeat the kind or the label say nothing.
        let mut said = vec![related.key.kind.word().to_lowercase()];
        for words in label.into_iter().chain(archived).chain(notes) {
            let low = words.trim().to_lowercase();
            if !said.contains(&low) {
                entry = entry.aside(words);
                said.push(low);
            }
        }
        entry
            .fact("label", Value::text(&related.label))
            .fact("archived", Value::Flag(related.archived))
            .fact("notes", Value::text(&related.notes))
    }

    fn attachment(&self, attachment: &Attachment) -> Entry {
        let name = if attachment.name.is_empty() { &attachment.file_name } else { &attachment.name };
        let mut words = attachment.content_type.to_string();
        if let Some(size) = attachment.size {
            // The server's figure may be out of date.
            words = format!("{words}, about {}", format::bytes(size));
        }
        let mut entry = Entry::new(Value::Text(name.clone()))
            .aside(words)
            .fact("content_type", Value::text(&attachment.content_type))
            .fact("bytes", attachment.size.map_or(Value::Empty, |size| Value::text(size.to_string())));
        // It is on the web host and asks for a login there: the browser opens it, the key is never sent.
        entry.below = self.address(&attachment.download_url);
        let url = entry.below.clone().unwrap_or(Value::Empty);
        entry.fact("url", url)
    }

    fn version(&self, version: &Version) -> Entry {
        let age = version.created_at.map(|at| format::ago(at, self.context.now)).unwrap_or_default();
        Entry::new(Value::Text(clean(version_words(version, self.context.dates))))
            .aside(age)
            .aside(&version.event)
            .fact("id", Value::text(version.id.to_string()))
            .fact("created_at", version.created_at.map_or(Value::Empty, Value::Moment))
            .fact("event", Value::text(&version.event))
    }
}

fn access(access: &Access) -> Entry {
    let mut words = access.accessor_type.to_lowercase();
    if !access.role.is_empty() {
        words = format!("{words}, {}", access.role);
    }
    Entry::new(Value::Text(access.name.clone()))
        .aside(words)
        .fact("type", Value::text(access.accessor_type.to_lowercase()))
        .fact("role", Value::text(&access.role))
}

/// The newest first; those without a date last, by their numbers.
pub fn newest_first(versions: &[Version]) -> Vec<&Version> {
    let mut sorted: Vec<&Version> = versions.iter().collect();
    sorted.sort_by_key(|version| std::cmp::Reverse((version.created_at, version.id)));
    sorted
}

/// When and by whom, as far as it is known.
pub fn version_words(version: &Version, dates: &str) -> String {
    let when = version.created_at.map_or_else(|| format!("version {}", version.id), |at| format::exact_as(at, dates));
    match version.author.as_str() {
        "" => when,
        author => format!("{when}, {author}"),
    }
}
