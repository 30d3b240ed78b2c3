//! Placeholders, images and Markdown: from a text of the assets to the HTML that IT Glue keeps.

use serde_json::{Value, json};

use super::builder::{Build, Plan, Target, WEB, escaped};
use crate::data::invent::hash;
use crate::data::source;
use crate::world::Table;

impl Build {
    /// Resolves `{{…}}`. The document's id is needed for images.
    pub(super) fn expand(
        &mut self,
        plans: &[Plan<'_>],
        plan: &Plan<'_>,
        text: &str,
        kind: Target,
        document: u64,
    ) -> String {
        let mut out = String::with_capacity(text.len() + 64);
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            out.push_str(before);
            let Some((inside, behind)) = after.split_once("}}") else {
                out.push_str("{{");
                rest = after;
                continue;
            };
            let value = self.placeholder(plans, plan, inside, kind, document);
            out.push_str(&value);
            rest = behind;
        }
        out.push_str(rest);
        out
    }

    /// What a placeholder stands for.
    fn placeholder(
        &mut self,
        plans: &[Plan<'_>],
        plan: &Plan<'_>,
        inside: &str,
        kind: Target,
        document: u64,
    ) -> String {
        let organization = plan.source;
        let plain = |text: &str| if kind == Target::Html { escaped(text) } else { text.to_owned() };
        let mut words = inside.splitn(2, ' ');
        let (first, others) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        if first == "image" {
            return self.image(organization, others, document);
        }
        if let Some(word) = of_organization(organization, first, others) {
            return if first.starts_with("org.") || first == "pick" { plain(&word) } else { word };
        }
        let (target, form) = inside.split_once('|').unwrap_or((inside, "link"));
        let (target, fallback) = match target.split_once('?') {
            Some((target, fallback)) => (target, Some(fallback)),
            None => (target, None),
        };
        let found = match target.split_once('/') {
            Some((other, selector)) if plans.iter().any(|p| p.source.short == other) => {
                plans.iter().find(|p| p.source.short == other).and_then(|p| p.names.get(selector))
            }
            _ => plan.names.get(target),
        };
        let Some(entry) = found.cloned() else {
            return match fallback {
                Some(words) => plain(words),
                None => {
                    self.problem(format!("{}: nothing is called {target}", organization.short));
                    String::new()
                }
            };
        };
        match form {
            "name" => plain(&entry.name),
            "ip" => entry.ip,
            "host" => entry.host,
            "id" => entry.id.to_string(),
            "path" => entry.path,
            "url" => format!("{WEB}{}", entry.path),
            "absolute" => format!("<a href=\"{WEB}{}\">{}</a>", entry.path, escaped(&entry.name)),
            "link" if kind == Target::Plain => entry.name,
            "link" => format!("<a href=\"{}\">{}</a>", entry.path, escaped(&entry.name)),
            other => {
                self.problem(format!("{}: {inside}: unknown form {other}", organization.short));
                String::new()
            }
        }
    }

    /// `name size`: makes the row of the image and gives the element.
    pub(super) fn image(&mut self, organization: &source::Organization, words: &str, document: u64) -> String {
        let id = self.image_row(organization, words, document, "document", document);
        let caption = words.rsplit_once('.').map_or(words, |(name, _)| name);
        format!("<img src=\"/{}/docs/{document}/images/{id}\" alt=\"{}\">", organization.id, escaped(caption))
    }

    /// The row of an image.
    pub(super) fn image_row(
        &mut self,
        organization: &source::Organization,
        words: &str,
        document: u64,
        target: &str,
        target_id: u64,
    ) -> u64 {
        let (name, size) = words.rsplit_once(' ').unwrap_or((words, "0"));
        let size: u64 = size.parse().unwrap_or_default();
        let id = if document == 7_301_455 && name == "rack.jpg" {
            99_120
        } else {
            self.id(Table::DocumentImages, organization.long_ids, &[&document.to_string(), name])
        };
        let gallery = if target == "gallery" { json!(target_id) } else { Value::Null };
        self.put(
            Table::DocumentImages,
            id,
            json!({
                "name": name, "size": size, "document-id": document, "document-gallery-id": gallery,
                "target": {"type": target, "id": target_id}, "original-src": null, "slim-src": null,
                "thumbnail-src": null,
                "inline-resource-url": format!("/{}/docs/{document}/images/{id}", organization.id),
                "created-at": "2024-02-11T09:00:00.000Z", "updated-at": "2024-02-11T09:00:00.000Z",
            }),
        );
        id
    }

    /// A text of the assets as the HTML that IT Glue keeps.
    pub(super) fn html(
        &mut self,
        plans: &[Plan<'_>],
        plan: &Plan<'_>,
        text: &str,
        markdown: bool,
        document: u64,
    ) -> String {
        if !markdown {
            return self.expand(plans, plan, text, Target::Html, document);
        }
        let text = self.expand(plans, plan, text, Target::Markdown, document);
        let options = pulldown_cmark::Options::ENABLE_TABLES
            | pulldown_cmark::Options::ENABLE_TASKLISTS
            | pulldown_cmark::Options::ENABLE_STRIKETHROUGH
            | pulldown_cmark::Options::ENABLE_DEFINITION_LIST;
        let mut out = String::with_capacity(text.len() * 3 / 2);
        pulldown_cmark::html::push_html(&mut out, pulldown_cmark::Parser::new_ext(&text, options));
        out
    }
}

/// What a placeholder says about the organization itself.
fn of_organization(organization: &source::Organization, first: &str, others: &str) -> Option<String> {
    Some(match first {
        "org.name" => organization.name.clone(),
        "org.short" => organization.short.clone(),
        "org.prefix" => organization.prefix.as_deref().unwrap_or(&organization.short).to_owned(),
        "org.lan" => organization.lan.clone(),
        "org.mail" => organization.mail.clone(),
        "org.id" => organization.id.to_string(),
        "org.public" => format!("203.0.113.{}", hash(&[&organization.short, "public"]) % 250 + 2),
        "pick" => {
            let choices: Vec<&str> = others.split(';').map(str::trim).collect();
            let at = hash(&[&organization.short, others]) as usize % choices.len().max(1);
            choices.get(at).copied().unwrap_or_default().to_owned()
        }
        "number" => {
            let mut numbers = others.split_whitespace().filter_map(|word| word.parse::<u64>().ok());
            let (low, high) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(100));
            let step = numbers.next().unwrap_or(1).max(1);
            let steps = (high.saturating_sub(low)) / step + 1;
            (low + hash(&[&organization.short, others, "n"]) % steps * step).to_string()
        }
        _ => return None,
    })
}
