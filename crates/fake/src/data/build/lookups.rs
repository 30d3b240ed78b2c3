//! Account-wide lists, technicians, the types of flexible assets and the templates of checklists.

use serde_json::{Value, json};

use super::builder::{Build, Source, WEB, escaped};
use crate::data::invent::{self, TODAY, rng};
use crate::data::source;
use crate::world::Table;

/// The roles of the service, from the one that may do everything to the one that may only look.
fn role_id(role: &str) -> Option<usize> {
    let roles = ["Administrator", "Manager", "Editor", "Creator", "Lite", "Read-only"];
    roles.iter().position(|known| *known == role).map(|at| at + 1)
}

/// Whether a group of technicians works for a client. The projects team has a few, the others have all of them.
pub(super) fn works_for(group: &str, organization: &source::Organization) -> bool {
    group != "Projects" || organization.primary || invent::hash(&[group, &organization.short]).is_multiple_of(3)
}

impl Build {
    /// The lists of the account, its technicians and their groups.
    pub(super) fn lookups(&mut self, source: &Source) {
        let lists = &source.lookups;
        for (table, list) in [
            (Table::OrganizationTypes, &lists.organization_types),
            (Table::OrganizationStatuses, &lists.organization_statuses),
        ] {
            for entry in list {
                self.lookup(table, entry.id, &entry.name, json!({"synced": false}));
            }
        }
        for entry in &lists.configuration_types {
            let extra = json!({"configurations-count": 0, "_kind": entry.kind});
            self.lookup(Table::ConfigurationTypes, entry.id, &entry.name, extra);
        }
        for entry in &lists.configuration_statuses {
            self.lookup(Table::ConfigurationStatuses, entry.id, &entry.name, json!({}));
        }
        for entry in &lists.contact_types {
            self.lookup(Table::ContactTypes, entry.id, &entry.name, json!({}));
        }
        for entry in &lists.password_categories {
            self.lookup(Table::PasswordCategories, entry.id, &entry.name, json!({"passwords-count": 0}));
        }
        for name in &lists.platforms {
            self.lookup(Table::Platforms, None, name, json!({}));
        }
        for entry in &lists.operating_systems {
            let platform = self.find(Table::Platforms, entry.platform.as_deref().unwrap_or_default());
            let extra = json!({"platform-id": platform, "platform-name": entry.platform});
            self.lookup(Table::OperatingSystems, entry.id, &entry.name, extra);
        }
        self.makers(lists);
        self.countries(lists);
        for user in &lists.users {
            self.user(user);
        }
        for (group, members) in &lists.groups {
            let users: Vec<Value> = members.iter().map(|name| self.find(Table::Users, name)).collect();
            let organizations: Vec<u64> =
                source.organizations.iter().filter(|o| works_for(group, o)).map(|o| o.id).collect();
            self.lookup(Table::Groups, None, group, json!({"_users": users, "_organizations": organizations}));
        }
    }

    /// Manufacturers with their models.
    fn makers(&mut self, lists: &source::Lookups) {
        for (maker, models) in &lists.models {
            let maker_id = self.lookup(Table::Manufacturers, (maker == "Dell").then_some(512), maker, json!({}));
            for model in models {
                let (name, id) = model.split_once('=').unwrap_or((model, ""));
                let extra = json!({"manufacturer-id": maker_id, "manufacturer-name": maker});
                self.lookup(Table::Models, id.parse().ok(), name, extra);
            }
        }
    }

    /// Countries with their regions.
    fn countries(&mut self, lists: &source::Lookups) {
        for (country, regions) in &lists.countries {
            let (name, iso) = country.split_once('=').unwrap_or((country, ""));
            let country_id = self.lookup(Table::Countries, None, name, json!({"iso": iso}));
            for region in regions {
                let (name, iso) = region.split_once('=').unwrap_or((region, ""));
                let extra = json!({"iso": iso, "country-id": country_id});
                self.lookup(Table::Regions, None, name, extra);
            }
        }
    }

    /// A technician.
    fn user(&mut self, user: &source::User) {
        let name = user.name.join(" ");
        let mut rng = rng(&["user", &name]);
        let mail: String = name
            .to_lowercase()
            .chars()
            .map(|c| if c == ' ' { '.' } else { c })
            .filter(|c| c.is_ascii_alphanumeric() || *c == '.')
            .collect();
        let day = invent::date(invent::days(TODAY) - rng.i64(0..20));
        let seen = invent::moment(&mut rng, &day);
        let extra = json!({
            "first-name": user.name[0], "last-name": user.name[1], "email": format!("{mail}@northbeam.example"),
            "role-name": user.role, "role-id": role_id(&user.role), "avatar": null, "invitation-sent-at": "2019-01-07T09:00:00.000Z",
            "invitation-accepted-at": "2019-01-07T10:12:00.000Z", "current-sign-in-at": seen,
            "current-sign-in-ip": format!("203.0.113.{}", rng.u8(2..250)), "last-sign-in-at": seen,
            "last-sign-in-ip": "203.0.113.7", "reputation": rng.u32(10..4000), "my-glue": false,
            "my-glue-account-id": null, "salesforce-id": null,
        });
        self.lookup(Table::Users, user.id, &name, extra);
    }

    /// The types of flexible assets, the templates of checklists, and the fields of the types.
    pub(super) fn types(&mut self, source: &Source) {
        for kind in &source.assets.types {
            let id = match kind.id {
                Some(id) => id,
                None => self.id(Table::FlexibleAssetTypes, false, &[&kind.key]),
            };
            self.lookups.insert((Table::FlexibleAssetTypes, kind.key.clone()), id);
            self.put(
                Table::FlexibleAssetTypes,
                id,
                json!({
                    "name": kind.name, "description": kind.description, "icon": kind.icon, "enabled": kind.enabled,
                    "show-in-menu": true, "created-at": "2019-02-01T09:00:00.000Z",
                    "updated-at": "2025-06-11T10:00:00.000Z",
                }),
            );
        }
        self.templates(source);
        self.fields(source);
    }

    /// Templates of checklists with their tasks.
    fn templates(&mut self, source: &Source) {
        for template in &source.checklists.templates {
            let id = self.id(Table::ChecklistTemplates, false, &[&template.key]);
            self.lookups.insert((Table::ChecklistTemplates, template.key.clone()), id);
            self.put(
                Table::ChecklistTemplates,
                id,
                json!({
                    "name": template.name, "description": template.description, "restricted": false,
                    "resource-url": format!("{WEB}/checklist_templates/{id}"),
                    "created-at": "2021-04-06T09:00:00.000Z", "updated-at": "2026-01-20T10:00:00.000Z",
                }),
            );
            for (at, task) in template.tasks.iter().enumerate() {
                let (name, more) =
                    task.split_once(" | ").map_or((task.as_str(), None), |(name, more)| (name, Some(more)));
                let task_id = self.id(Table::ChecklistTemplateTasks, false, &[&template.key, &at.to_string()]);
                self.put(
                    Table::ChecklistTemplateTasks,
                    task_id,
                    json!({
                        "checklist-template-id": id, "name": name, "position": at + 1,
                        "description": more.map(|more| format!("<p>{}</p>", escaped(more))),
                        "created-at": "2021-04-06T09:00:00.000Z", "updated-at": "2026-01-20T10:00:00.000Z",
                    }),
                );
            }
        }
    }

    /// The fields of the types of flexible assets.
    fn fields(&mut self, source: &Source) {
        for kind in &source.assets.types {
            let type_id = self.find(Table::FlexibleAssetTypes, &kind.key);
            for (at, field) in kind.fields.iter().enumerate() {
                let tag = match field.tag.as_deref().map(|tag| tag.split_once(": ").ok_or(tag)) {
                    None => Value::Null,
                    Some(Err(class)) => json!(class),
                    Some(Ok((_, key))) => {
                        let other = self.find(Table::FlexibleAssetTypes, key);
                        json!(format!("FlexibleAssetType: {other}"))
                    }
                };
                let id = self.id(Table::FlexibleAssetFields, false, &[&kind.key, &field.key]);
                self.put(
                    Table::FlexibleAssetFields,
                    id,
                    json!({
                        "flexible-asset-type-id": type_id, "order": at + 1, "name": field.name,
                        "name-key": field.key, "kind": field.kind, "hint": field.hint, "tag-type": tag,
                        "required": field.required, "use-for-title": field.title, "expiration": field.expires,
                        "show-in-list": field.list, "decimals": field.decimals,
                        "default-value": field.options.as_ref().map(|options| options.replace(" | ", "\n")),
                        "created-at": "2019-02-01T09:00:00.000Z", "updated-at": "2025-06-11T10:00:00.000Z",
                    }),
                );
            }
        }
    }
}
