//! Rows of organizations, locations, contacts, domains, folders and expirations.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{Build, Entry, Plan, TODAY, Target, WEB, lookups, object};
use crate::data::invent::{self, hash, rng};
use crate::data::source;
use crate::world::{Attributes, Table};

/// Letters with marks as mail addresses write them.
fn plain(c: char) -> &'static str {
    match c {
        'á' | 'à' | 'å' | 'ä' | 'â' | 'ã' => "a",
        'é' | 'è' | 'ë' | 'ê' | 'ě' => "e",
        'í' | 'ì' | 'ï' | 'î' | 'ı' => "i",
        'ó' | 'ò' | 'ö' | 'ø' | 'ô' | 'õ' => "o",
        'ü' | 'ú' | 'ù' | 'û' => "u",
        'æ' => "ae",
        'ß' => "ss",
        'ç' | 'č' | 'ć' => "c",
        'ł' => "l",
        'ñ' => "n",
        'š' | 'ś' => "s",
        'ž' | 'ź' | 'ż' => "z",
        'ý' => "y",
        _ => "",
    }
}

/// A number of a country, from the blocks kept free for stories where it has some.
fn telephone(region: &str, country: &str, mobile: bool, rng: &mut fastrand::Rng) -> String {
    let last = rng.u8(..100);
    match (country, mobile) {
        ("United Kingdom", false) => match region {
            "Greater London" => format!("+44 20 7946 03{last:02}"),
            "Merseyside" => format!("+44 151 496 02{last:02}"),
            "Cornwall" => format!("+44 1632 9601{last:02}"),
            _ => format!("+44 113 496 01{last:02}"),
        },
        ("United Kingdom", true) => format!("+44 7700 9004{last:02}"),
        ("Ireland", false) => format!("+353 20 910 01{last:02}"),
        ("Ireland", true) => format!("+353 20 911 02{last:02}"),
        ("Germany", false) => match region {
            "Hamburg" => format!("+49 40 66969 1{last:02}"),
            _ => format!("+49 89 99998 1{last:02}"),
        },
        ("Germany", true) => format!("+49 171 39200 {last:02}"),
        ("Norway", false) => format!("+47 55 55 01 {last:02}"),
        ("Norway", true) => format!("+47 99 55 01 {last:02}"),
        ("Sweden", false) => format!("+46 40 628 04 {last:02}"),
        ("Sweden", true) => format!("+46 70 174 06 {last:02}"),
        ("Netherlands", false) => format!("+31 20 555 01{last:02}"),
        ("Netherlands", true) => format!("+31 6 5550 01{last:02}"),
        ("Japan", false) => format!("+81 6 5550 01{last:02}"),
        ("Japan", true) => format!("+81 90 5550 01{last:02}"),
        ("Australia", false) => match region {
            "Tasmania" | "Victoria" => format!("+61 3 5550 01{last:02}"),
            _ => format!("+61 2 5550 01{last:02}"),
        },
        ("Australia", true) => format!("+61 491 570 1{last:02}"),
        _ => {
            let area = match region {
                "Massachusetts" => 617,
                "Vermont" => 802,
                "Oregon" => 541,
                "Washington" => 360,
                "Nova Scotia" => 902,
                "Quebec" => 418,
                _ => 207,
            };
            format!("+1 {area} 555 01{last:02}")
        }
    }
}

impl Build {
    /// When a record was made and last changed: not before the client was one, not before it was made, not after today.
    pub(super) fn times(
        organization: &source::Organization,
        entry: &Entry,
        created: &str,
        updated: &str,
    ) -> (String, String) {
        let mut rng = rng(&[&organization.short, &entry.name, entry.table.type_name(), "times"]);
        let today = invent::days(TODAY);
        let mut created = created.to_owned();
        if created < organization.created {
            let day = invent::days(&organization.created) + rng.i64(1..60);
            created = invent::moment(&mut rng, &invent::date(day.min(today)));
        }
        let mut updated = updated.to_owned();
        if updated < created {
            let day = invent::days(&created);
            let changed = invent::date(day + rng.i64(0..=(today - day).max(0)));
            updated = invent::moment(&mut rng, &changed);
        }
        let updated = updated.max(created.clone());
        (created, updated)
    }

    /// The same for what was made after the client, at most this many days later.
    fn later(organization: &source::Organization, entry: &Entry, within: i64) -> (String, String) {
        let mut rng = rng(&[&organization.short, &entry.name, entry.table.type_name(), "later"]);
        let (born, today) = (invent::days(&organization.created), invent::days(TODAY));
        let day = born + rng.i64(0..=within.min(today - born).max(0));
        let changed = day + rng.i64(0..=(today - day).max(0));
        let created = invent::moment(&mut rng, &invent::date(day));
        let updated = invent::moment(&mut rng, &invent::date(changed));
        Self::times(organization, entry, &created, &updated)
    }

    /// What most rows of an organization have in common, with the times of their making and last change.
    pub(super) fn common(
        organization: &source::Organization,
        entry: &Entry,
        created: &str,
        updated: &str,
    ) -> Attributes {
        object(json!({
            "organization-id": organization.id, "organization-name": organization.name, "name": entry.name,
            "resource-url": format!("{WEB}{}", entry.path), "restricted": false, "my-glue": false,
            "psa-integration": null, "archived": false, "created-at": created, "updated-at": updated,
        }))
    }

    pub(super) fn row(&mut self, mut common: Attributes, table: Table, id: u64, own: Value) {
        common.extend(object(own));
        self.put(table, id, Value::Object(common));
    }

    pub(super) fn organization(&mut self, plans: &[Plan<'_>], plan: &Plan<'_>) {
        let source = plan.source;
        let kind = self.find(Table::OrganizationTypes, &source.kind);
        let status = self.find(Table::OrganizationStatuses, &source.status);
        let parent = source.parent.as_ref().and_then(|short| plans.iter().find(|p| &p.source.short == short));
        if source.parent.is_some() && parent.is_none() {
            self.problem(format!("{}: no parent {:?}", source.short, source.parent));
        }
        let notes = if source.quick_notes_vaulted { "" } else { source.quick_notes.as_str() };
        let updated = source.updated.clone().unwrap_or_else(|| {
            let mut rng = rng(&[&source.short, "updated"]);
            let day = invent::date(invent::days(TODAY) - rng.i64(3..200));
            invent::moment(&mut rng, &day).max(source.created.clone())
        });
        let groups: Vec<u64> = self
            .world
            .ids(Table::Groups)
            .into_iter()
            .filter(|&id| lookups::works_for(&self.world.name(Table::Groups, id), source))
            .collect();
        let psa = source.psa.as_ref().map(|kind| self.adapter(source, Table::Organizations, source.id, kind));
        self.put(
            Table::Organizations,
            source.id,
            json!({
                "name": source.name, "short-name": source.short, "description": source.description,
                "alert": if source.alert.is_empty() { Value::Null } else { json!(source.alert) },
                "organization-type-id": kind, "organization-type-name": source.kind,
                "organization-status-id": status, "organization-status-name": source.status,
                "primary": source.primary, "logo": "", "quick-notes": notes,
                "quick-notes-updated-at": if source.quick_notes_vaulted { json!("2026-02-02T11:00:00.000Z") } else { json!(updated) },
                "psa-integration": if psa.is_some() { "enabled" } else { "disabled" }, "my-glue-account-id": null,
                "parent-id": parent.map(|p| p.source.id), "created-at": source.created, "updated-at": updated,
                "_groups": groups, "_psa": psa,
            }),
        );
    }

    /// A record's id in an integration: a separate row for the include, and what the filters compare with.
    pub(super) fn adapter(&mut self, organization: &source::Organization, table: Table, id: u64, kind: &str) -> Value {
        let words = [organization.short.as_str(), table.type_name(), &id.to_string(), kind];
        let outside = (hash(&words) % 900_000 + 100_000).to_string();
        let row = self.id(Table::AdaptersResources, organization.long_ids, &words);
        self.put(
            Table::AdaptersResources,
            row,
            json!({
                "resource-id": id, "resource-type": table.label(), "adapter-type": kind, "external-id": outside,
                "created-at": organization.created, "updated-at": "2026-11-19T22:05:00.000Z",
                "_parent": {"table": table.type_name(), "id": id},
            }),
        );
        json!({"id": outside, "type": kind})
    }

    pub(super) fn expiration(&mut self, plan: &Plan<'_>, of: &Entry, label: &str, attribute: &str, date: &str) {
        let source = plan.source;
        let words = [source.short.as_str(), &of.name, attribute, &of.id.to_string()];
        let id = self.id(Table::Expirations, source.long_ids, &words);
        self.put(
            Table::Expirations,
            id,
            json!({
                "organization-id": source.id, "organization-name": source.name, "resource-id": of.id,
                "resource-name": of.name, "resource-type": of.table.label().replace(' ', ""),
                "resource-type-name": label, "resource-attribute-name": attribute,
                "description": format!("{label} expiration"),
                // The day, at midnight UTC.
                "expiration-date": format!("{date}T00:00:00.000Z"),
                "resource-url": format!("{WEB}/{}/expirations/{id}", source.id),
                "created-at": "2024-01-08T03:00:00.000Z", "updated-at": "2026-11-01T03:00:00.000Z",
            }),
        );
    }

    /// Locations, contacts, domains, certificates and folders.
    pub(super) fn places(&mut self, plans: &[Plan<'_>], plan: &Plan<'_>) {
        let source = plan.source;
        let regions: HashMap<u64, (u64, String)> = self
            .world
            .ids(Table::Regions)
            .into_iter()
            .filter_map(|id| {
                let country = self.world.attribute(Table::Regions, id, "country-id")?.as_u64()?;
                Some((id, (country, self.world.name(Table::Countries, country))))
            })
            .collect();
        for (at, location) in source.locations.iter().enumerate() {
            let Some(entry) = plan.names.get(&format!("location:{}", location.name)).cloned() else { continue };
            let region = self.find(Table::Regions, &location.region);
            let country = region.as_u64().and_then(|id| regions.get(&id));
            let (_, updated) = Self::later(source, &entry, 0);
            let common = Self::common(source, &entry, &source.created, &updated);
            let notes = location.notes.clone().map(|notes| self.expand(plans, plan, &notes, Target::Html, 0));
            self.row(
                common,
                Table::Locations,
                entry.id,
                json!({
                    "primary": at == 0, "address-1": location.address.first(), "address-2": location.address.get(1),
                    "city": location.city, "postal-code": location.postal, "region-id": region,
                    "region-name": location.region, "country-id": country.map(|c| c.0),
                    "country-name": country.map(|c| &c.1), "phone": location.phone, "fax": null,
                    "formatted-phone": location.phone, "formatted-fax": null, "notes": notes,
                }),
            );
        }
        let first_place = plan.names.get("location:primary").cloned();
        for contact in &source.contacts {
            let [first, last, title, kind, flags @ ..] = contact.as_slice() else { continue };
            let Some(entry) = plan.names.get(&format!("contact:{first} {last}")).cloned() else { continue };
            let mut rng = rng(&[&source.short, first, last]);
            let kind_id = self.find(Table::ContactTypes, kind);
            let mail: String = format!("{first}.{last}")
                .to_lowercase()
                .chars()
                .flat_map(|c| {
                    let kept = (c.is_ascii_alphanumeric() || matches!(c, '.' | '-')).then_some(c);
                    kept.into_iter().chain(plain(c).chars())
                })
                .collect();
            let mail = if mail.len() < 4 { format!("user{}", rng.u32(10..99)) } else { mail };
            let mail = mail.trim_matches('.');
            let mut emails =
                vec![json!({"value": format!("{mail}@{}", source.mail), "label-name": "Work", "primary": true})];
            if rng.u8(..5) == 0 {
                let private = format!("{mail}@mail.example");
                emails.push(json!({"value": private, "label-name": "Home", "primary": false}));
            }
            let home = source.locations.first().map_or("", |location| location.region.as_str());
            let country = self.find(Table::Regions, home).as_u64().and_then(|id| regions.get(&id));
            let country = country.map_or("", |(_, name)| name.as_str());
            let extension = if rng.bool() { json!(rng.u32(100..400).to_string()) } else { Value::Null };
            let mut phones = vec![
                json!({"value": telephone(home, country, false, &mut rng), "extension": extension, "label-name": "Work", "primary": true}),
            ];
            if rng.bool() {
                phones.push(
                    json!({"value": telephone(home, country, true, &mut rng), "extension": null, "label-name": "Mobile", "primary": false}),
                );
            }
            let notes = match (kind.as_str(), rng.u8(..3)) {
                ("Vendor", _) => json!("<p>Give the serial number first, they do not find us by name.</p>"),
                ("Decision maker", 0) => json!("<p>Approves <b>anything above 500</b>. Prefers a call.</p>"),
                ("End user", 0) => json!("Works mornings only."),
                ("Approver", 0) => {
                    json!("<p>May approve new accounts and password resets. Call back on the number above.</p>")
                }
                _ => Value::Null,
            };
            let place = first_place.clone();
            let important = flags.iter().any(|f| f == "important");
            let psa = source.psa.as_ref().filter(|_| important);
            let psa = psa.map(|kind| self.adapter(source, Table::Contacts, entry.id, kind));
            let (created, updated) = Self::later(source, &entry, 1500);
            let common = Self::common(source, &entry, &created, &updated);
            self.row(
                common,
                Table::Contacts,
                entry.id,
                json!({
                    "first-name": first, "last-name": last, "title": title, "contact-type-id": kind_id,
                    "contact-type-name": kind, "location-id": place.as_ref().map(|p| p.id),
                    "location-name": place.map(|p| p.name), "important": important,
                    "psa-integration": psa.is_some().then_some("enabled"), "_psa": psa, "notes": notes, "contact-emails": emails, "contact-phones": phones,
                }),
            );
        }
        for [name, registrar, expires] in &source.domains {
            let Some(entry) = plan.names.get(&format!("domain:{name}")).cloned() else { continue };
            let (created, updated) = Self::times(source, &entry, &source.created, "2026-10-01T04:00:00.000Z");
            let common = Self::common(source, &entry, &created, &updated);
            let notes = (registrar == "unknown").then_some("<p>Registrar to be found out, see the hand-over list.</p>");
            self.row(
                common,
                Table::Domains,
                entry.id,
                json!({"registrar-name": registrar, "expires-on": expires, "notes": notes, "screenshot": null}),
            );
            self.expiration(plan, &entry, "Domain", "expires-on", expires);
        }
        let mut folders: Vec<(&String, &Entry)> = plan
            .names
            .iter()
            .filter(|(_, entry)| matches!(entry.table, Table::DocumentFolders | Table::PasswordFolders))
            .collect();
        folders.sort_by_key(|(key, _)| *key);
        for (key, entry) in folders {
            let ancestors: Vec<u64> = key
                .match_indices(" / ")
                .filter_map(|(at, _)| plan.names.get(key.get(..at)?))
                .map(|above| above.id)
                .collect();
            let (created, updated) = Self::later(source, entry, 400);
            let common = Self::common(source, entry, &created, &updated);
            let restricted = matches!(entry.name.as_str(), "Safeguarding" | "Management controllers" | "Restricted");
            self.row(
                common,
                entry.table,
                entry.id,
                json!({"parent-id": ancestors.last(), "ancestor-ids": ancestors, "restricted": restricted}),
            );
            if restricted {
                self.access(entry);
            }
        }
    }
}
