//! Checklists, links between records, certificates, tickets.

use serde_json::{Value, json};

use super::builder::{Build, Plan, Source, escaped};
use crate::data::invent::{self, TODAY, rng};
use crate::data::source;
use crate::world::Table;

impl Build {
    /// Checklists with their tasks.
    pub(super) fn checklists(&mut self, source: &Source, plans: &[Plan<'_>]) {
        for list in &source.checklists.checklists {
            let Some(plan) = plans.iter().find(|p| p.source.short == list.organization) else {
                self.problem(format!("checklist {}: no organization {}", list.name, list.organization));
                continue;
            };
            let Some(template) = source.checklists.templates.iter().find(|t| t.key == list.template) else {
                self.problem(format!("checklist {}: no template {}", list.name, list.template));
                continue;
            };
            let organization = plan.source;
            let Some(entry) = plan.names.get(&format!("checklist:{}", list.name)).cloned() else { continue };
            let id = entry.id;
            let template_id = self.find(Table::ChecklistTemplates, &list.template);
            let assignee = match &list.assignee {
                Some(name) => self.find(Table::Users, name),
                None => Value::Null,
            };
            let completed = list.done >= template.tasks.len();
            let mut rng = rng(&[&organization.short, &entry.name, "checklist"]);
            let today = invent::days(TODAY);
            let begun = (today - rng.i64(18..75)).max(invent::days(&organization.created) + 1);
            let created = invent::moment(&mut rng, &invent::date(begun));
            // One task after the other, the last of those done some days ago at most.
            let step = (today - begun) / (list.done.max(1) as i64 + 1);
            let mut times: Vec<String> = Vec::new();
            for at in 0..list.done.min(template.tasks.len()) {
                let day = begun + 1 + step * at as i64 + rng.i64(0..=step.max(0) / 2);
                times.push(invent::moment(&mut rng, &invent::date(day.min(today))));
            }
            times.sort();
            let updated = times.last().unwrap_or(&created).clone();
            let (created, updated) = Self::times(organization, &entry, &created, &updated);
            let common = Self::common(organization, &entry, &created, &updated);
            self.row(
                common,
                Table::Checklists,
                id,
                json!({
                    "description": template.description, "checklist-template-id": template_id,
                    "completed": completed, "completed-at": completed.then_some(&updated), "assignee-id": assignee,
                    "assignee-name": list.assignee, "due-date": list.due, "archived": list.archived,
                    "percent-complete": list.done.min(template.tasks.len()) * 100 / template.tasks.len().max(1),
                }),
            );
            self.tasks(organization, list, template, &Tasks { list: id, times: &times, assignee, created: &created });
        }
    }

    fn tasks(
        &mut self,
        organization: &source::Organization,
        list: &source::Checklist,
        template: &source::ChecklistTemplate,
        tasks: &Tasks<'_>,
    ) {
        let Tasks { list: id, times, assignee, created } = tasks;
        for (at, task) in template.tasks.iter().enumerate() {
            let (name, description) = name_and_text(task);
            let done = at < list.done;
            let words = [id.to_string(), at.to_string()];
            let task_id = self.id(Table::ChecklistTasks, organization.long_ids, &[&words[0], &words[1]]);
            self.put(
                Table::ChecklistTasks,
                task_id,
                json!({
                    "checklist-id": id, "name": name, "description": description, "position": at + 1,
                    "completed": done, "completed-at": times.get(at), "assignee-id": assignee,
                    "assignee-name": list.assignee,
                    "due-date": list.due, "created-at": created,
                    "updated-at": times.get(at).map_or(*created, String::as_str),
                }),
            );
        }
    }

    /// What ties records together: certificates, links, files, tickets.
    pub(super) fn relations(&mut self, source: &Source, plans: &[Plan<'_>]) {
        self.certificates(source, plans);
        self.links(source, plans);
        for attachment in &source.relations.attachments {
            for plan in plans.iter().filter(|p| attachment.organizations.contains(&p.source.short)) {
                match plan.names.get(&attachment.to).cloned() {
                    Some(entry) => self.attachment(plan.source, &entry, &attachment.file),
                    None => self.problem(format!("{}: no {} for a file", plan.source.short, attachment.to)),
                }
            }
        }
        self.tickets(source, plans);
    }

    fn certificates(&mut self, source: &Source, plans: &[Plan<'_>]) {
        for certificate in &source.relations.certificates {
            let Some(plan) = plans.iter().find(|p| p.source.short == certificate.organization) else {
                self.problem(format!("{}: no organization {}", certificate.name, certificate.organization));
                continue;
            };
            let Some(entry) = plan.names.get(&format!("certificate:{}", certificate.name)).cloned() else { continue };
            let common = Self::common(plan.source, &entry, "2025-12-01T02:00:00.000Z", "2026-11-01T02:00:00.000Z");
            let own = json!({"host": certificate.name, "issued-by": "R11, Let's Encrypt", "valid-until": certificate.expires});
            self.row(common, Table::SslCertificates, entry.id, own);
            self.expiration(plan, &entry, "SSL Certificate", "expires-on", &certificate.expires);
        }
    }

    fn links(&mut self, source: &Source, plans: &[Plan<'_>]) {
        for relation in &source.relations.relations {
            let all = relation.organizations.iter().any(|o| o == "*");
            for plan in plans {
                let named = relation.organizations.iter().any(|o| o == &plan.source.short);
                if !named && !all {
                    continue;
                }
                match (plan.names.get(&relation.from), plan.names.get(&relation.to)) {
                    (Some(from), Some(to)) => {
                        self.world.relate((from.table, from.id), (to.table, to.id), &relation.notes);
                    }
                    _ if named => {
                        let what = format!("{}: {} to {}", plan.source.short, relation.from, relation.to);
                        self.problem(what);
                    }
                    _ => {}
                }
            }
        }
    }

    fn tickets(&mut self, source: &Source, plans: &[Plan<'_>]) {
        for ticket in &source.relations.tickets {
            let found = plans
                .iter()
                .find(|p| p.source.short == ticket.organization)
                .and_then(|plan| Some((plan, plan.names.get(&ticket.on)?.clone())));
            let Some((plan, on)) = found else {
                self.problem(format!("ticket {}: no {}", ticket.number, ticket.on));
                continue;
            };
            self.put(
                Table::Tickets,
                ticket.number,
                json!({
                    "organization-id": plan.source.id, "organization-name": plan.source.name,
                    "name": format!("#{} {}", ticket.number, ticket.name), "ticket-number": ticket.number.to_string(),
                    "title": ticket.name, "status": ticket.status, "priority": ticket.priority, "board": "Service desk",
                    "ticket-created-at": "2026-10-02T07:40:00.000Z", "ticket-updated-at": "2026-10-05T12:00:00.000Z",
                    "_parent": {"table": on.table.type_name(), "id": on.id},
                }),
            );
            self.world.relate((on.table, on.id), (Table::Tickets, ticket.number), "Ticket");
        }
    }
}

/// What the tasks of a checklist have in common.
struct Tasks<'a> {
    list: u64,
    /// When those done were done
    times: &'a [String],
    assignee: Value,
    created: &'a str,
}

/// The name of a task and the text after its bar.
fn name_and_text(task: &str) -> (String, Option<String>) {
    match task.split_once(" | ") {
        Some((name, more)) => (name.to_owned(), Some(format!("<p>{}</p>", escaped(more)))),
        None => (task.to_owned(), None),
    }
}
