//! Rows of organizations, locations, contacts, domains, folders and expirations.

use serde_json::{Value, json};

use super::builder::{Build, Entry, Plan, Regions, Target, WEB, object};
use super::lookups::works_for;
use crate::data::invent::{self, TODAY, hash, rng};
use crate::data::source;
use crate::world::{Attributes, Table};

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
    pub(super) fn later(organization: &source::Organization, entry: &Entry, within: i64) -> (String, String) {
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

    /// Writes a row of what is common and what is its own.
    pub(super) fn row(&mut self, mut common: Attributes, table: Table, id: u64, own: Value) {
        common.extend(object(own));
        self.put(table, id, Value::Object(common));
    }

    /// The organization itself.
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
            .filter(|&id| works_for(&self.world.name(Table::Groups, id), source))
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

    /// A date to watch.
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

    /// Locations, contacts, domains and folders.
    pub(super) fn places(&mut self, plans: &[Plan<'_>], plan: &Plan<'_>) {
        let regions: Regions = self
            .world
            .ids(Table::Regions)
            .into_iter()
            .filter_map(|id| {
                let country = self.world.attribute(Table::Regions, id, "country-id")?.as_u64()?;
                Some((id, (country, self.world.name(Table::Countries, country))))
            })
            .collect();
        self.locations(plans, plan, &regions);
        self.contacts(plan, &regions);
        self.domains(plan);
        self.folders(plan);
    }

    fn locations(&mut self, plans: &[Plan<'_>], plan: &Plan<'_>, regions: &Regions) {
        let source = plan.source;
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
    }

    fn domains(&mut self, plan: &Plan<'_>) {
        let source = plan.source;
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
    }

    fn folders(&mut self, plan: &Plan<'_>) {
        let source = plan.source;
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
