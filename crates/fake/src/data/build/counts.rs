//! Counts, metrics, the log and exports: what an account shows of being used.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::builder::{Build, Plan, Source};
use crate::data::invent::{self, TODAY, pick, rng};
use crate::world::Table;

impl Build {
    /// What an account shows of being used.
    pub(super) fn activity(&mut self, source: &Source, plans: &[Plan<'_>]) {
        self.counts();
        self.metrics(source, plans);
        self.exports(plans);
    }

    fn counts(&mut self) {
        for (table, of, key, attribute) in [
            (Table::ConfigurationTypes, Table::Configurations, "configuration-type-id", "configurations-count"),
            (Table::PasswordCategories, Table::Passwords, "password-category-id", "passwords-count"),
            (Table::DocumentFolders, Table::Documents, "document-folder-id", "documents-count"),
        ] {
            let mut counts: BTreeMap<u64, u64> = BTreeMap::new();
            for id in self.world.ids(of) {
                if let Some(id) = self.world.attribute(of, id, key).and_then(|value| value.as_u64()) {
                    *counts.entry(id).or_default() += 1;
                }
            }
            for id in self.world.ids(table) {
                let count = counts.get(&id).copied().unwrap_or_default();
                self.world.edit(table, id, |row| {
                    row.insert(attribute.to_owned(), json!(count));
                });
            }
        }
    }

    fn metrics(&mut self, source: &Source, plans: &[Plan<'_>]) {
        let today = invent::days(TODAY);
        for user in &source.lookups.users {
            let name = user.name.join(" ");
            let user_id = self.find(Table::Users, &name);
            let mut rng = rng(&["metrics", &name]);
            for back in 0..14 {
                let Some(plan) = pick(&mut rng, plans) else { continue };
                let kind = ["Document", "Password", "Configuration"][rng.usize(..3)];
                let day = invent::date(today - back);
                let id = self.id(Table::UserMetrics, false, &[&name, &day]);
                self.put(
                    Table::UserMetrics,
                    id,
                    json!({
                        "user-id": user_id, "organization-id": plan.source.id, "resource-type": kind,
                        "created": rng.u8(..2), "viewed": rng.u8(..40), "edited": rng.u8(..5), "deleted": 0,
                        "date": day,
                    }),
                );
                self.log_entry(plan, (&name, &user_id), &day, &mut rng);
            }
        }
    }

    /// Most of what people do is look at passwords and documents.
    fn log_entry(&mut self, plan: &Plan<'_>, (name, user_id): (&str, &Value), day: &str, rng: &mut fastrand::Rng) {
        let (kind, action) = [
            ("Password", "view"),
            ("Password", "view"),
            ("Password", "create"),
            ("Document", "view"),
            ("Document", "view"),
            ("Document", "update"),
            ("Configuration", "view"),
            ("Configuration", "update"),
        ][rng.usize(..8)];
        let table = Table::by_name(kind).unwrap_or(Table::Passwords);
        let mut records: Vec<_> = plan.names.values().filter(|entry| entry.table == table).collect();
        records.sort_by_key(|entry| entry.id);
        let Some(record) = pick(rng, &records) else { return };
        let id = self.id(Table::Logs, false, &[name, day]);
        let when = invent::moment(rng, day);
        self.put(
            Table::Logs,
            id,
            json!({
                "created-at": when, "level": 2, "account-id": 3301, "user-id": user_id,
                "organization-id": plan.source.id, "action": action, "resource-type": kind,
                "resource-name": record.name, "ip-address": format!("203.0.113.{}", rng.u8(2..250)),
                "ip-city": "Porthaven", "ip-region": "PH", "ip-country": "Norway", "user-agent": "Mozilla/5.0",
            }),
        );
    }

    fn exports(&mut self, plans: &[Plan<'_>]) {
        for (id, short) in [(5001_u64, "OMB"), (5002, "NB")] {
            let Some(plan) = plans.iter().find(|p| p.source.short == short) else { continue };
            self.put(
                Table::Exports,
                id,
                json!({
                    "organization-id": plan.source.id, "organization-name": plan.source.name,
                    "export-status": "completed", "download-url": null, "include-logs": false,
                    "export-all": false, "encrypted-status": true,
                    "created-at": "2025-04-01T09:00:00.000Z", "updated-at": "2025-04-01T09:25:00.000Z",
                }),
            );
        }
    }
}
