//! What is shown of a record: a card of grouped fields, the body of a document, and everything the API gives
//! beside it, written as one [`Doc`] so that reading, finding, copying and jumping work the same everywhere.

use crate::store::{State, Store};
use crate::tui::format;
use gluepot_body::{Doc, DocBuilder, Field, Inline, LinkBase, LinkTarget};
use gluepot_core::model::{
    Common, Configuration, Contact, Content, Document, Extras, FlexibleAsset, FlexibleAssetField, FlexibleAssetType,
    Kind, ListKey, Location, OrganizationId, Password, RawBody, Record, RecordKey, SourceId,
};
use gluepot_core::text::Clean;

mod integrations;
mod traits;

/// What a card depends on beside the record.
pub struct Context<'a> {
    /// Everything known
    pub store: &'a Store,
    /// Now, for relative times
    pub now: jiff::Timestamp,
    /// Whether empty fields are shown
    pub empty: bool,
    /// Where links between records may lead
    pub base: LinkBase,
    /// The format of exact times
    pub dates: &'a str,
}

struct Card<'a> {
    context: &'a Context<'a>,
    out: DocBuilder,
    group: Vec<Field>,
    organization: Option<OrganizationId>,
}

/// A short text that may have markup, without it.
fn plain(text: &str) -> Clean {
    Clean::block(Doc::from_notes(&RawBody::new(text), &LinkBase::default()).plain_text().trim())
}

/// A date without the time that the API writes behind it.
fn day_of(date: &str) -> String {
    format::day(date).map_or_else(|| date.to_owned(), |day| day.to_string())
}

fn clean(text: impl AsRef<str>) -> Clean {
    Clean::line(text.as_ref())
}

/// Writes the card of a record. `extras` is what a show request gave, `None` while it is not here.
pub fn doc(record: &Record, extras: Option<&Extras>, context: &Context<'_>) -> Doc {
    let mut card = Card {
        context,
        out: DocBuilder::new(&context.base),
        group: Vec::new(),
        organization: record.organization_id(),
    };
    match record {
        Record::Organization(r) => {
            card.text("Short name", &r.short_name);
            card.text("Type", &r.organization_type_name);
            card.text("Status", &r.organization_status_name);
            card.text("Alert", &r.alert);
            card.text("Description", &r.description);
            if let Some(parent) = r.parent_id {
                let parent_id = OrganizationId::new(r.common.source, parent);
                card.jump("Parent", parent_id.key(), Some(parent_id), &format!("organization {parent}"));
            }
            card.flag("Own organization", r.primary);
            card.end("Organization");
            match context.store.quick_notes(r.organization_id()) {
                Some((notes, is_cut)) => {
                    card.notes("Quick notes", notes);
                    if is_cut {
                        card.out.paragraph(&[Inline::Dim(clean(
                            "Only the beginning: the list of organizations has no more.",
                        ))]);
                    }
                }
                None => card.notes("Quick notes", &r.quick_notes),
            }
        }
        Record::Document(r) => card.document(r),
        Record::Configuration(r) => card.configuration(r),
        Record::Password(r) => card.password(r),
        Record::FlexibleAsset(r) => card.flexible_asset(r, extras),
        Record::Contact(r) => card.contact(r),
        Record::Location(r) => card.location(r),
        Record::Domain(r) => {
            card.text("Registrar", &r.registrar_name);
            card.date("Expires", &r.expires_on);
            card.end("Domain");
            card.notes("Notes", &r.notes);
        }
        Record::Expiration(r) => {
            card.date("Date", &r.expiration_date);
            card.text("What", &r.resource_type_name);
            card.text("Which date", &r.resource_attribute_name.replace(['-', '_'], " "));
            card.text("Description", &r.description);
            let kind = kind_of_label(&r.resource_type_name);
            match r.resource_id {
                Some(id) if kind != Kind::Unknown && kind != Kind::SslCertificate => {
                    card.jump("Record", RecordKey::new(r.common.source, kind, id), card.organization, &r.resource_name);
                }
                _ => card.text("Record", &r.resource_name),
            }
            card.end("Expiration");
        }
        Record::Checklist(r) => {
            card.text("Description", &plain(&r.description));
            card.flag("Completed", r.completed);
            card.time("Completed at", r.completed_at);
            card.date("Due", &r.due_date);
            card.text("Assigned to", &r.assignee_name);
            card.end("Checklist");
            let tasks = extras.map(|e| e.tasks.as_slice()).filter(|t| !t.is_empty()).unwrap_or(&r.tasks);
            if !tasks.is_empty() {
                card.out.heading(2, "Tasks");
                let items: Vec<Vec<Inline>> = tasks
                    .iter()
                    .map(|task| {
                        let mut line = vec![
                            Inline::Code(clean(if task.completed { "[x]" } else { "[ ]" })),
                            Inline::Text(clean(format!(" {}", task.name))),
                        ];
                        if !task.assignee_name.is_empty() {
                            line.push(Inline::Dim(clean(format!(" · {}", task.assignee_name))));
                        }
                        if !task.due_date.is_empty() {
                            line.push(Inline::Dim(clean(format!(" · due {}", day_of(&task.due_date)))));
                        }
                        if !task.description.is_empty() {
                            line.push(Inline::Break);
                            line.push(Inline::Dim(plain(&task.description)));
                        }
                        line
                    })
                    .collect();
                card.out.list(&items);
            }
        }
        Record::DocumentFolder(r) | Record::PasswordFolder(r) => {
            card.text("Name", &r.name);
            card.end("Folder");
        }
        Record::FlexibleAssetType(r) => {
            card.text("Description", &r.description);
            card.end("Flexible asset type");
        }
    }
    if let Some(extras) = extras {
        card.extras(extras, record);
    }
    if let Some(common) = record.common() {
        card.common(common, record.id());
    }
    card.out.finish()
}

impl Card<'_> {
    fn push(&mut self, label: &str, value: Vec<Inline>, copyable: bool) {
        let empty = value.is_empty();
        if empty && !self.context.empty {
            return;
        }
        let value = if empty { vec![Inline::Dim(clean("empty"))] } else { value };
        self.group.push(Field { label: clean(label), value, copyable: copyable && !empty });
    }

    fn text(&mut self, label: &str, value: &str) {
        let value = if value.trim().is_empty() { Vec::new() } else { vec![Inline::Text(clean(value))] };
        self.push(label, value, true);
    }

    fn code(&mut self, label: &str, value: &str) {
        let value = if value.trim().is_empty() { Vec::new() } else { vec![Inline::Code(clean(value))] };
        self.push(label, value, true);
    }

    fn web(&mut self, label: &str, value: &str) {
        let value = match self.context.base.resolve(value) {
            _ if value.trim().is_empty() => Vec::new(),
            // Only the ASCII form is shown, which distinguishes a host from look-alikes.
            LinkTarget::Web(address) if !value.is_ascii() => vec![Inline::Web(address)],
            _ => vec![Inline::Web(clean(value))],
        };
        self.push(label, value, true);
    }

    /// A flag is shown when it is set; when not, it counts as empty.
    fn flag(&mut self, label: &str, value: bool) {
        let value = if value { vec![Inline::Text(clean("yes"))] } else { Vec::new() };
        self.push(label, value, false);
    }

    fn jump(&mut self, label: &str, key: RecordKey, organization: Option<OrganizationId>, name: &str) {
        let name = self.context.store.record(key).map_or_else(|| clean(name), |r| r.name().clone());
        self.push(label, vec![Inline::Record { key, organization, name }], true);
    }

    fn time(&mut self, label: &str, at: Option<jiff::Timestamp>) {
        let value = at
            .map(|at| {
                vec![
                    Inline::Text(clean(format::exact_as(at, self.context.dates))),
                    Inline::Dim(clean(format!(" · {}", format::ago(at, self.context.now)))),
                ]
            })
            .unwrap_or_default();
        self.push(label, value, true);
    }

    /// A date as the server wrote it, with what it means today.
    fn date(&mut self, label: &str, date: &str) {
        if date.trim().is_empty() {
            return self.push(label, Vec::new(), false);
        }
        let parsed = format::day(date);
        // Anything but a date is shown unchanged.
        let day = parsed.and_then(|_| date.get(..10)).unwrap_or(date);
        let mut value = vec![Inline::Text(clean(day))];
        if let Some(parsed) = parsed {
            let today = format::today(self.context.now);
            let words = clean(format!(" · {}", format::ago_days(parsed, today)));
            let is_over = parsed < today;
            let expires = label.contains("xpire") || label.contains("Warranty") || label == "Due" || label == "Date";
            value.push(if is_over && expires { Inline::Warning(words) } else { Inline::Dim(words) });
        }
        self.push(label, value, true);
    }

    /// Ends a group of fields under its heading; an empty group leaves nothing behind.
    fn end(&mut self, title: &str) {
        let fields = std::mem::take(&mut self.group);
        if !fields.is_empty() {
            self.out.heading(2, title);
            self.out.fields(&fields);
        }
    }

    fn notes(&mut self, title: &str, notes: &RawBody) {
        if !notes.is_empty() {
            self.out.heading(2, title);
            self.out.notes(notes);
        } else if self.context.empty {
            self.out.heading(2, title);
            self.out.paragraph(&[Inline::Dim(clean("empty"))]);
        }
    }

    fn document(&mut self, r: &Document) {
        if r.published_at.is_none() && !r.is_uploaded {
            self.out.paragraph(&[Inline::Warning(clean("Draft: never published."))]);
        }
        if r.common.archived {
            self.out.paragraph(&[Inline::Warning(clean("Archived."))]);
        }
        match r.content.as_ref() {
            Content::Empty if r.is_uploaded => {
                self.out.paragraph(&[Inline::Dim(clean("Uploaded file (no text through the API). See Attachments."))]);
            }
            Content::Empty => {
                let detail = self.context.store.detail(RecordKey::new(r.common.source, Kind::Document, r.id));
                match detail.map(|detail| &detail.sections) {
                    Some(State::Ready(_)) => {
                        self.out.paragraph(&[Inline::Dim(clean("This document has no text."))]);
                    }
                    Some(State::Failed(error)) => {
                        let words = format!("The text is missing. {}", error.told("try again"));
                        self.out.paragraph(&[Inline::Warning(clean(words))]);
                    }
                    // Loading: nothing is said that the next moment would make untrue.
                    _ => {}
                }
            }
            content => {
                self.out.content(content);
            }
        }
    }

    fn configuration(&mut self, r: &Configuration) {
        self.text("Type", &r.configuration_type_name);
        self.text("Status", &r.configuration_status_name);
        self.code("Host name", &r.hostname);
        self.text("Asset tag", &r.asset_tag);
        self.code("Serial number", &r.serial_number);
        match r.location_id {
            Some(id) => {
                self.jump(
                    "Location",
                    RecordKey::new(r.common.source, Kind::Location, id),
                    self.organization,
                    &r.location_name,
                );
            }
            None => self.text("Location", &r.location_name),
        }
        self.text("Position", &r.position);
        match r.contact_id {
            Some(id) => {
                self.jump(
                    "Contact",
                    RecordKey::new(r.common.source, Kind::Contact, id),
                    self.organization,
                    &r.contact_name,
                );
            }
            None => self.text("Contact", &r.contact_name),
        }
        self.end("Identity");
        self.code("IP address", &r.primary_ip);
        self.code("MAC address", &r.mac_address);
        self.code("Gateway", &r.default_gateway);
        self.end("Network");
        self.text("Manufacturer", &r.manufacturer_name);
        self.text("Model", &r.model_name);
        self.text("Operating system", &r.operating_system_name);
        self.end("Hardware");
        self.date("Warranty ends", &r.warranty_expires_at);
        self.date("Installed", &r.installed_at);
        self.text("Installed by", &r.installed_by);
        self.date("Purchased", &r.purchased_at);
        self.text("Purchased by", &r.purchased_by);
        self.date("Device expires", &r.mitp_device_expiration_date);
        self.date("End of life", &r.mitp_end_of_life_date);
        self.end("Dates");
        self.notes("Operating system notes", &r.operating_system_notes);
        self.notes("Notes", &r.notes);
    }

    fn password(&mut self, r: &Password) {
        self.code("User name", &r.username);
        self.web("URL", &r.url);
        self.text("Category", &r.password_category_name);
        let folder = r.password_folder_id.map(|id| {
            let path = self
                .organization
                .map(|o| {
                    super::browse::list::folder_path(
                        &Record::Password(r.clone()),
                        Some(ListKey::PasswordFolders(o)),
                        self.context.store,
                    )
                })
                .unwrap_or_default();
            if path.is_empty() { format!("folder {}", id.0) } else { path }
        });
        self.text("Folder", folder.as_deref().unwrap_or(""));
        self.time("Value changed", r.password_updated_at);
        match (parent_of(r, &self.context.base), r.resource_id) {
            (Some(key), _) => {
                let label = if r.cached_resource_type_name.is_empty() {
                    key.kind.word().to_owned()
                } else {
                    r.cached_resource_type_name.to_lowercase()
                };
                self.jump(&format!("In {label}"), key, self.organization, &r.cached_resource_name);
            }
            (None, Some(_)) => {
                self.text("Embedded in", &format!("{} {}", r.cached_resource_type_name, r.cached_resource_name));
            }
            (None, None) => {}
        }
        self.flag("One-time code", r.otp_enabled);
        self.flag("Personal", r.personal);
        self.end("Login");
        if r.otp_enabled {
            self.out.paragraph(&[Inline::Dim(clean(
                "Has a one-time code, not available through the API. Open the record in the web app.",
            ))]);
        }
        self.notes("Notes", &r.notes);
    }

    fn flexible_asset(&mut self, r: &FlexibleAsset, extras: Option<&Extras>) {
        let kind = r.flexible_asset_type_id.and_then(|id| asset_type(self.context.store, r.common.source, id.0));
        let mut shown: Vec<&str> = Vec::new();
        let mut title: Clean = clean(&r.flexible_asset_type_name);
        for field in kind.map(|k| k.fields.as_slice()).unwrap_or_default() {
            if field.kind.eq_ignore_ascii_case("header") {
                self.end(&title);
                title = field.name.clone();
                continue;
            }
            shown.push(&field.name_key);
            let value = r.traits.iter().find(|(key, _)| key == &field.name_key).map(|(_, value)| value);
            match value {
                Some(value) => self.trait_value(&field.name, field, value, extras),
                None => self.push(&field.name, Vec::new(), false),
            }
        }
        // Fields the type does not name (any more) are still shown, under their keys.
        for (key, value) in r.traits.iter().filter(|(key, _)| !shown.contains(&key.as_str())) {
            self.trait_value(key, &FlexibleAssetField::default(), value, extras);
        }
        self.end(&title);
    }

    /// A body among the fields of a group: the fields before it are written, the body is under its own name.
    fn end_before_body(&mut self, name: &Clean) {
        let fields = std::mem::take(&mut self.group);
        if !fields.is_empty() {
            self.out.fields(&fields);
        }
        self.out.heading(3, name);
    }

    fn contact(&mut self, r: &Contact) {
        self.text("Title", &r.title);
        self.text("Type", &r.contact_type_name);
        self.flag("Important", r.important);
        match r.location_id {
            Some(id) => {
                self.jump(
                    "Location",
                    RecordKey::new(r.common.source, Kind::Location, id),
                    self.organization,
                    &r.location_name,
                );
            }
            None => self.text("Location", &r.location_name),
        }
        for (points, word) in [(&r.phones, "Phone"), (&r.emails, "Email")] {
            for point in points {
                let label = if point.label_name.is_empty() {
                    word.to_owned()
                } else {
                    format!("{word} ({})", point.label_name)
                };
                let mut value = vec![Inline::Code(point.value.clone())];
                if !point.extension.is_empty() {
                    value.push(Inline::Text(clean(format!(" ext. {}", point.extension))));
                }
                if point.primary {
                    value.push(Inline::Dim(clean(" · primary")));
                }
                self.push(&label, value, true);
            }
        }
        self.end("Contact");
        self.notes("Notes", &r.notes);
    }

    fn location(&mut self, r: &Location) {
        self.flag("Main location", r.primary);
        self.text("Address", &r.address_1);
        self.text("", &r.address_2);
        self.text("City", &format!("{} {}", r.postal_code, r.city));
        self.text("Region", &r.region_name);
        self.text("Country", &r.country_name);
        self.code("Phone", &r.phone);
        self.code("Fax", &r.fax);
        self.end("Location");
        self.notes("Notes", &r.notes);
    }

    fn extras(&mut self, extras: &Extras, record: &Record) {
        self.rmm_records(&extras.rmm_records);
        if !extras.interfaces.is_empty() {
            self.out.heading(2, "Interfaces");
            let head = ["Name", "IP address", "MAC address", "Notes"].map(clean);
            let rows: Vec<Vec<Vec<Inline>>> = extras
                .interfaces
                .iter()
                .map(|i| {
                    let mut name = vec![Inline::Text(i.name.clone())];
                    if i.primary {
                        name.push(Inline::Dim(clean(" primary")));
                    }
                    vec![
                        name,
                        vec![Inline::Code(i.ip_address.clone())],
                        vec![Inline::Code(i.mac_address.clone())],
                        vec![Inline::Text(i.notes.clone())],
                    ]
                })
                .collect();
            self.out.table(&head, &rows);
        }
        if let Some(location) = &extras.location
            && !matches!(record, Record::Location(_))
        {
            let address = [&location.address_1, &location.address_2, &location.postal_code, &location.city]
                .into_iter()
                .filter(|part| !part.is_empty())
                .map(Clean::as_str)
                .collect::<Vec<_>>()
                .join(", ");
            self.text("Address", &address);
            self.code("Phone there", &location.phone);
            self.end("Where");
        }
        let own: Vec<&Password> = extras.passwords.iter().filter(|p| p.id != record.id()).collect();
        if !own.is_empty() && !matches!(record, Record::Password(_)) {
            self.out.heading(2, "Passwords");
            let items: Vec<Vec<Inline>> = own
                .iter()
                .map(|p| {
                    let key = p.key();
                    let mut line = vec![Inline::Record { key, organization: self.organization, name: p.name.clone() }];
                    if !p.username.is_empty() {
                        line.push(Inline::Dim(clean(format!(" · {}", p.username))));
                    }
                    line
                })
                .collect();
            self.out.list(&items);
        }
        for (by_tag, title) in [(false, "Related"), (true, "Referred to by")] {
            let items: Vec<Vec<Inline>> = extras
                .related
                .iter()
                .filter(|r| r.by_tag == by_tag)
                .map(|r| {
                    let mut line =
                        vec![Inline::Record { key: r.key, organization: self.organization, name: r.name.clone() }];
                    // The jump says its kind itself: only a label that says more, such as an asset's type, is shown.
                    let label = Some(r.label.as_str()).filter(|l| !l.is_empty() && kind_of_label(l) != r.key.kind);
                    let archived = r.archived.then_some("archived");
                    let notes = Some(r.notes.as_str()).filter(|notes| !notes.is_empty());
                    // Notes that only repeat the kind or the label say nothing.
                    let mut said = vec![r.key.kind.word().to_lowercase()];
                    for words in label.into_iter().chain(archived).chain(notes) {
                        let low = words.trim().to_lowercase();
                        if !said.contains(&low) {
                            line.push(Inline::Dim(clean(format!(" · {words}"))));
                            said.push(low);
                        }
                    }
                    line
                })
                .collect();
            if !items.is_empty() {
                self.out.heading(2, title);
                self.out.list(&items);
            }
        }
        self.tickets(&extras.tickets);
        if !extras.attachments.is_empty() {
            self.out.heading(2, "Attachments");
            let items: Vec<Vec<Inline>> = extras
                .attachments
                .iter()
                .map(|a| {
                    let name = if a.name.is_empty() { &a.file_name } else { &a.name };
                    let mut words = a.content_type.to_string();
                    if let Some(size) = a.size {
                        // The server's figure may be out of date.
                        words = format!("{words}, about {}", format::bytes(size));
                    }
                    let mut line = vec![Inline::Text(name.clone())];
                    if !words.is_empty() {
                        line.push(Inline::Dim(clean(format!(" · {words}"))));
                    }
                    // It is on the web host and asks for a login there: the browser opens it, the key is never sent.
                    if let LinkTarget::Web(address) = self.context.base.resolve(&a.download_url) {
                        line.extend([Inline::Break, Inline::Web(address)]);
                    }
                    line
                })
                .collect();
            self.out.list(&items);
        }
        if !extras.accesses.is_empty() {
            self.out.heading(2, "Who may see it");
            let items: Vec<Vec<Inline>> = extras
                .accesses
                .iter()
                .map(|a| {
                    let mut words = a.accessor_type.to_lowercase();
                    if !a.role.is_empty() {
                        words = format!("{words}, {}", a.role);
                    }
                    vec![Inline::Text(a.name.clone()), Inline::Dim(clean(format!(" · {words}")))]
                })
                .collect();
            self.out.list(&items);
        }
        if !extras.versions.is_empty() {
            self.out.heading(2, "Earlier versions");
            let items: Vec<Vec<Inline>> = super::shell::versions::newest_first(&extras.versions)
                .into_iter()
                .map(|version| {
                    let words = super::shell::versions::version_words(version, self.context.dates);
                    let age = version.created_at.map(|at| format::ago(at, self.context.now));
                    let event = Some(version.event.to_string()).filter(|event| !event.is_empty());
                    let asides = age.into_iter().chain(event).map(|words| Inline::Dim(clean(format!(" · {words}"))));
                    std::iter::once(Inline::Text(clean(words))).chain(asides).collect()
                })
                .collect();
            self.out.list(&items);
        }
    }

    fn common(&mut self, common: &Common, id: u64) {
        let restricted = if common.restricted { "to certain users or groups in the web app" } else { "" };
        self.text("Restricted", restricted);
        self.flag("Archived", common.archived);
        self.flag("In client portal", common.my_glue);
        self.text("PSA", if &*common.psa_integration == "disabled" { "" } else { &common.psa_integration });
        self.time("Created", common.created_at);
        self.time("Updated", common.updated_at);
        self.text("Id", &id.to_string());
        self.web("Web app", &common.resource_url);
        self.end("Record");
    }
}

/// The record a password is embedded in, as far as the API tells: the id of a flexible asset's Password field is
/// the id of the field's value, so there the parent's address decides.
pub fn parent_of(password: &Password, base: &LinkBase) -> Option<RecordKey> {
    if let LinkTarget::Record(key, _) = base.resolve(&password.parent_url)
        && key.kind != Kind::Unknown
    {
        return Some(key);
    }
    let kind = kind_of_label(&password.resource_type);
    password
        .resource_id
        .filter(|_| !matches!(kind, Kind::Unknown | Kind::FlexibleAsset))
        .map(|id| RecordKey::new(password.common.source, kind, id))
}

/// The kind a label or class name of the server means, in singular or plural, with any separator.
pub fn kind_of_label(label: &str) -> Kind {
    let plain: String = label.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    match plain.trim_end_matches('s') {
        "organization" => Kind::Organization,
        "document" => Kind::Document,
        "documentfolder" => Kind::DocumentFolder,
        "configuration" => Kind::Configuration,
        "password" => Kind::Password,
        "flexibleasset" | "flexibleassettrait" | "flexibleassettype" => Kind::FlexibleAsset,
        "contact" => Kind::Contact,
        "location" => Kind::Location,
        "domain" => Kind::Domain,
        "checklist" => Kind::Checklist,
        "sslcertificate" => Kind::SslCertificate,
        _ => Kind::Unknown,
    }
}

fn asset_type(store: &Store, source: SourceId, id: u64) -> Option<&FlexibleAssetType> {
    match store.list(ListKey::FlexibleAssetTypes(source)).get(id)?.as_ref() {
        Record::FlexibleAssetType(kind) => Some(kind),
        _ => None,
    }
}
