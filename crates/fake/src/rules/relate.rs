//! Related items: links people make between two records.

use serde_json::{Value, json};

use super::item::items;
use super::writer::Writer;
use crate::answer::Answer;
use crate::world::{Table, number};

impl Writer<'_> {
    /// POST of a related item on a record.
    pub(crate) fn relate(&mut self, record: (Table, u64), body: Option<&Value>) -> Answer {
        if !self.world.contains(record.0, record.1) {
            return Answer::not_found();
        }
        let (items, many) = match items(body) {
            Ok(items) => items,
            Err(answer) => return answer,
        };
        let mut made = Vec::new();
        for item in items {
            let Some(label) = item.attributes.get("destination-type").and_then(Value::as_str) else {
                return Answer::missing("destination_type");
            };
            let destination = Table::by_name(label).map(|table| (table, number(&item.attributes, "destination-id")));
            let Some(to) = destination.filter(|to| *to != record && self.world.contains(to.0, to.1)) else {
                return Answer::invalid("destination", "must exist");
            };
            let notes = item.attributes.get("notes").and_then(Value::as_str).unwrap_or_default();
            match self.world.relate(record, to, notes) {
                Some(id) => made.push(id),
                None => return Answer::invalid("base", "a similar or inverse relation already exists"),
            }
        }
        let mut data: Vec<Value> = made.into_iter().filter_map(|id| self.renderer().link(id, record)).collect();
        let data = if many { Value::Array(data) } else { data.pop().unwrap_or(Value::Null) };
        Answer::json(201, json!({"data": data}))
    }

    /// PATCH of the notes of a related item.
    pub(crate) fn annotate(&mut self, record: (Table, u64), link: u64, body: Option<&Value>) -> Answer {
        let belongs = self.world.link(link).is_some_and(|link| link.from == record || link.to == record);
        if !belongs {
            return Answer::not_found();
        }
        let (items, _) = match items(body) {
            Ok(items) => items,
            Err(answer) => return answer,
        };
        if let Some(notes) = items.first().and_then(|item| item.attributes.get("notes")) {
            let notes = notes.as_str().unwrap_or_default().to_owned();
            self.world.set_link_notes(link, &notes);
        }
        Answer::json(200, json!({"data": self.renderer().link(link, record)}))
    }

    /// DELETE of related items.
    pub(crate) fn unrelate(&mut self, record: (Table, u64), link: Option<u64>, body: Option<&Value>) -> Answer {
        let links: Vec<u64> = match link {
            Some(link) => vec![link],
            None => match items(body) {
                Ok((items, _)) => items.iter().filter_map(|item| item.id).collect(),
                Err(answer) => return answer,
            },
        };
        let belongs = |id: &u64| self.world.link(*id).is_some_and(|link| link.from == record || link.to == record);
        if links.is_empty() || !links.iter().all(belongs) {
            return Answer::not_found();
        }
        let data: Vec<Value> = links.iter().filter_map(|&id| self.renderer().link(id, record)).collect();
        for link in links {
            self.world.unrelate(link);
        }
        Answer::json(200, json!({"data": data}))
    }
}
