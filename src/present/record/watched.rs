//! What runs out or has to be done: domains, expirations, checklists.

use gluepot_core::model::{Checklist, ChecklistTask, Domain, Expiration, Extras, Kind};

use crate::present::format;
use crate::present::sheet::{Entry, Runs, Value};
use crate::present::writer::{Writer, clean, plain};

/// A date without the time that the API writes behind it.
fn day_of(date: &str) -> String {
    format::day(date).map_or_else(|| date.to_owned(), |day| day.to_string())
}

impl Writer<'_> {
    pub(super) fn domain(&mut self, r: &Domain) {
        self.text("Registrar", &r.registrar_name);
        self.day("Expires", &r.expires_on, Runs::Out);
        self.end("Domain");
        self.notes("Notes", &r.notes);
    }

    pub(super) fn expiration(&mut self, r: &Expiration) {
        self.day("Date", &r.expiration_date, Runs::Out);
        self.text("What", &r.resource_type_name);
        self.text("Which date", &r.resource_attribute_name.replace(['-', '_'], " "));
        self.text("Description", &r.description);
        let kind = Kind::of_label(&r.resource_type_name);
        match r.resource_id {
            Some(id) if kind.is_shown() => {
                self.jump("Record", self.key(kind, id), &r.resource_name);
            }
            _ => self.text("Record", &r.resource_name),
        }
        self.end("Expiration");
    }

    pub(super) fn checklist(&mut self, r: &Checklist, extras: Option<&Extras>) {
        self.text("Description", &plain(&r.description));
        self.flag("Completed", r.completed);
        self.time("Completed at", r.completed_at);
        self.day("Due", &r.due_date, Runs::Out);
        self.text("Assigned to", &r.assignee_name);
        self.end("Checklist");
        let tasks = extras.map(|extras| extras.tasks.as_slice()).filter(|tasks| !tasks.is_empty());
        self.list("Tasks", tasks.unwrap_or(&r.tasks).iter().map(task).collect());
    }
}

fn task(task: &ChecklistTask) -> Entry {
    let due = if task.due_date.is_empty() { String::new() } else { format!("due {}", day_of(&task.due_date)) };
    let description = plain(&task.description);
    let mut entry = Entry::new(Value::Text(clean(&task.name)))
        .aside(&task.assignee_name)
        .aside(due)
        .fact("completed", Value::Flag(task.completed))
        .fact("assigned_to", Value::text(&task.assignee_name))
        .fact("due", Value::text(day_of(&task.due_date)))
        .fact("description", Value::text(&description));
    entry.mark = Some(clean(if task.completed { "[x]" } else { "[ ]" }));
    entry.below = (!task.description.is_empty()).then_some(Value::Text(description));
    entry
}
