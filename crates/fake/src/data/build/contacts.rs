//! Rows of contacts.

use serde_json::{Value, json};

use super::builder::{Build, Plan, Regions};
use super::telephone::telephone;
use crate::data::invent::rng;
use crate::data::source;
use crate::world::Table;

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

impl Build {
    /// The contacts of an organization.
    pub(super) fn contacts(&mut self, plan: &Plan<'_>, regions: &Regions) {
        let source = plan.source;
        let first_place = plan.names.get("location:primary").cloned();
        for contact in &source.contacts {
            let [first, last, title, kind, flags @ ..] = contact.as_slice() else { continue };
            let Some(entry) = plan.names.get(&format!("contact:{first} {last}")).cloned() else { continue };
            let mut rng = rng(&[&source.short, first, last]);
            let kind_id = self.find(Table::ContactTypes, kind);
            let emails = emails(source, first, last, &mut rng);
            let home = source.locations.first().map_or("", |location| location.region.as_str());
            let country = self.find(Table::Regions, home).as_u64().and_then(|id| regions.get(&id));
            let phones = phones(home, country.map_or("", |(_, name)| name.as_str()), &mut rng);
            let notes = notes(kind, &mut rng);
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
    }
}

fn emails(source: &source::Organization, first: &str, last: &str, rng: &mut fastrand::Rng) -> Vec<Value> {
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
    let mut emails = vec![json!({"value": format!("{mail}@{}", source.mail), "label-name": "Work", "primary": true})];
    if rng.u8(..5) == 0 {
        let private = format!("{mail}@mail.example");
        emails.push(json!({"value": private, "label-name": "Home", "primary": false}));
    }
    emails
}

fn phones(home: &str, country: &str, rng: &mut fastrand::Rng) -> Vec<Value> {
    let extension = if rng.bool() { json!(rng.u32(100..400).to_string()) } else { Value::Null };
    let work = telephone(home, country, false, rng);
    let mut phones = vec![json!({"value": work, "extension": extension, "label-name": "Work", "primary": true})];
    if rng.bool() {
        let mobile = telephone(home, country, true, rng);
        phones.push(json!({"value": mobile, "extension": null, "label-name": "Mobile", "primary": false}));
    }
    phones
}

fn notes(kind: &str, rng: &mut fastrand::Rng) -> Value {
    match (kind, rng.u8(..3)) {
        ("Vendor", _) => json!("<p>Give the serial number first, they do not find us by name.</p>"),
        ("Decision maker", 0) => json!("<p>Approves <b>anything above 500</b>. Prefers a call.</p>"),
        ("End user", 0) => json!("Works mornings only."),
        ("Approver", 0) => {
            json!("<p>May approve new accounts and password resets. Call back on the number above.</p>")
        }
        _ => Value::Null,
    }
}
