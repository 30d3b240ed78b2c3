//! What a record looks like as one row of a list, what a filter looks at, and the orders a list can have.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::net::IpAddr;

use jiff::civil::Date;

use crate::present::format;
use gluepot_core::model::Record;

/// The orders a list can have.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Sort {
    /// By name; lists with folders show them as a tree
    #[default]
    Name,
    /// Latest change first
    Updated,
    /// By type, category or status, then name
    Type,
    /// By IP address
    Address,
    /// By user name
    UserName,
    /// Oldest value first
    PasswordAge,
    /// By date to watch
    Date,
}

impl Sort {
    /// The words for the menu.
    pub fn label(self) -> &'static str {
        match self {
            Self::Name => "by name",
            Self::Updated => "recently updated",
            Self::Type => "by type",
            Self::Address => "by IP address",
            Self::UserName => "by user name",
            Self::PasswordAge => "oldest value first",
            Self::Date => "by date",
        }
    }

    /// The word for the title of a list that is not in the order of names.
    pub fn word(self) -> Option<&'static str> {
        match self {
            Self::Name => None,
            Self::Updated => Some("by change"),
            Self::Type => Some("by type"),
            Self::Address => Some("by IP"),
            Self::UserName => Some("by user"),
            Self::PasswordAge => Some("by age"),
            Self::Date => Some("by date"),
        }
    }

    /// Compares two records in this order; equal ones go by name and then by id, so that the order is stable.
    pub fn compare(self, a: &Record, b: &Record) -> Ordering {
        let first = match self {
            Self::Name => Ordering::Equal,
            Self::Updated => {
                let at = |r: &Record| r.common().and_then(|c| c.updated_at);
                at(b).cmp(&at(a))
            }
            Self::Type => by_name(type_of(a), type_of(b)),
            Self::Address => address(a).cmp(&address(b)),
            Self::UserName => {
                let (a, b) = (user_name(a), user_name(b));
                a.is_empty().cmp(&b.is_empty()).then_with(|| by_name(a, b))
            }
            Self::PasswordAge => password_age(a).cmp(&password_age(b)),
            Self::Date => last_if_empty(date(a), date(b)),
        };
        first.then_with(|| by_name(sort_name(a), sort_name(b))).then_with(|| a.id().cmp(&b.id()))
    }
}

/// The name a record is sorted by: people by their last name.
fn sort_name(record: &Record) -> &str {
    match record {
        Record::Contact(contact) if !contact.last_name.is_empty() => &contact.last_name,
        Record::Expiration(expiration) => &expiration.expiration_date,
        other => other.name(),
    }
}

fn type_of(record: &Record) -> &str {
    match record {
        Record::Organization(r) => &r.organization_type_name,
        Record::Configuration(r) => &r.configuration_type_name,
        Record::Password(r) => &r.password_category_name,
        Record::FlexibleAsset(r) => &r.flexible_asset_type_name,
        Record::Contact(r) => &r.contact_type_name,
        Record::Expiration(r) => &r.resource_type_name,
        _ => "",
    }
}

fn address(record: &Record) -> (bool, Option<IpAddr>) {
    let ip = match record {
        Record::Configuration(r) => r.primary_ip.trim().parse().ok(),
        _ => None,
    };
    (ip.is_none(), ip)
}

fn user_name(record: &Record) -> &str {
    match record {
        Record::Password(r) => &r.username,
        _ => "",
    }
}

fn password_age(record: &Record) -> (bool, Option<jiff::Timestamp>) {
    let at = match record {
        Record::Password(r) => r.password_updated_at,
        _ => None,
    };
    (at.is_none(), at)
}

fn date(record: &Record) -> &str {
    match record {
        Record::Configuration(r) => &r.warranty_expires_at,
        Record::Domain(r) => &r.expires_on,
        Record::Expiration(r) => &r.expiration_date,
        Record::Checklist(r) => &r.due_date,
        _ => "",
    }
}

fn last_if_empty(a: &str, b: &str) -> Ordering {
    a.is_empty().cmp(&b.is_empty()).then_with(|| a.cmp(b))
}

/// Compares names as people expect: without regard to case, numbers by their value.
pub fn by_name(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.trim_start(), b.trim_start());
    loop {
        let (Some(x), Some(y)) = (a.chars().next(), b.chars().next()) else {
            return a.len().cmp(&b.len());
        };
        if x.is_ascii_digit() && y.is_ascii_digit() {
            let (n, rest_a) = leading_number(a);
            let (m, rest_b) = leading_number(b);
            // Without leading zeros the longer run of digits is the larger number.
            match n.len().cmp(&m.len()).then_with(|| n.cmp(m)) {
                Ordering::Equal => (a, b) = (rest_a, rest_b),
                other => return other,
            }
            continue;
        }
        let order = if x.is_ascii() && y.is_ascii() {
            x.to_ascii_lowercase().cmp(&y.to_ascii_lowercase())
        } else {
            x.to_lowercase().cmp(y.to_lowercase())
        };
        match order {
            Ordering::Equal => (a, b) = (&a[x.len_utf8()..], &b[y.len_utf8()..]),
            other => return other,
        }
    }
}

fn leading_number(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    (digits.trim_start_matches('0'), rest)
}

/// The right of a row, dim: the one thing a technician looks for next.
pub fn aside(record: &Record) -> Cow<'_, str> {
    match record {
        Record::Organization(r) => {
            if r.organization_status_name.is_empty() || r.organization_status_name.eq_ignore_ascii_case("active") {
                r.short_name.as_str().into()
            } else {
                r.organization_status_name.as_str().into()
            }
        }
        Record::Document(r) if r.is_uploaded => "file".into(),
        Record::Document(r) if r.published_at.is_none() => "draft".into(),
        Record::Configuration(r) if !r.primary_ip.is_empty() => r.primary_ip.as_str().into(),
        Record::Configuration(r) => r.configuration_type_name.as_ref().into(),
        Record::Password(r) if r.vault_id.is_some() => "vaulted".into(),
        Record::Password(r) if r.otp_enabled && r.username.is_empty() => "OTP".into(),
        Record::Password(r) => r.username.as_str().into(),
        Record::Contact(r) => r.title.as_str().into(),
        Record::Location(r) => r.city.as_str().into(),
        Record::Domain(r) => date_alone(&r.expires_on),
        Record::Expiration(r) => date_alone(&r.expiration_date),
        Record::Checklist(r) if r.completed => "done".into(),
        Record::Checklist(r) => date_alone(&r.due_date),
        _ => "".into(),
    }
}

/// A date without the time that the API writes behind it.
fn date_alone(date: &str) -> Cow<'_, str> {
    format::day(date).map_or_else(|| date.into(), |day| day.to_string().into())
}

/// How near a date to watch is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Urgency {
    /// Past
    Overdue,
    /// Within a month
    Soon,
    /// Later
    Far,
}

/// A date to watch, as it is shown in a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dated {
    /// The day
    pub day: Date,
    /// What it is the date of; may be empty
    pub what: String,
    /// How far off it is: "in 12 days", "overdue 3 months"
    pub far: String,
    /// How near it is
    pub urgency: Urgency,
}

impl Dated {
    /// All of it.
    pub fn whole(&self) -> String {
        format!("{} {} · {}", self.what, self.day, self.far).trim_start().to_owned()
    }

    /// For the right of a row, from the longest form to the shortest.
    pub fn forms(&self) -> [String; 3] {
        [self.whole(), format!("{} · {}", self.day, self.far), self.day.to_string()]
    }

    /// The same if the day has its own column.
    pub fn forms_without_day(&self) -> [String; 2] {
        let whole = format!("{} · {}", self.what, self.far);
        [if self.what.is_empty() { self.far.clone() } else { whole }, self.far.clone()]
    }
}

/// The date that a row is about, if it is about one.
pub fn dated(record: &Record, today: Date) -> Option<Dated> {
    let (date, what) = match record {
        Record::Domain(r) => (&r.expires_on, "expires"),
        Record::Expiration(r) => {
            // As the API names it: warranty-expires-at
            let what = r.resource_attribute_name.split(['-', '_', ' ']).next().unwrap_or_default();
            (&r.expiration_date, if what.starts_with("expir") { r.resource_type_name.as_str() } else { what })
        }
        Record::Checklist(r) if !r.completed => (&r.due_date, "due"),
        _ => return None,
    };
    let day = format::day(date)?;
    let (far, urgency) = match (day - today).get_days() {
        ..0 => (overdue(day, today), Urgency::Overdue),
        0..30 => (format::ago_days(day, today), Urgency::Soon),
        _ => (format::ago_days(day, today), Urgency::Far),
    };
    let what = if urgency == Urgency::Overdue && what == "expires" { "expired" } else { what };
    Some(Dated { day, what: what.to_owned(), far, urgency })
}

/// "overdue 3 months"
fn overdue(day: Date, today: Date) -> String {
    let ago = format::ago_days(day, today);
    let long = ago.strip_suffix(" ago").unwrap_or("1 day");
    format!("overdue {long}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use gluepot_core::model::Configuration;

    #[test]
    fn dates_say_how_near_they_are() {
        let today: Date = "2026-11-28".parse().expect("a date");
        let told = |date: &str| {
            let record = Record::Expiration(gluepot_core::model::Expiration {
                expiration_date: date.into(),
                resource_attribute_name: "warranty-expires-at".into(),
                ..gluepot_core::model::Expiration::default()
            });
            dated(&record, today).map(|dated| (dated.whole(), dated.urgency))
        };
        let expected = [
            ("2027-08-31T00:00:00.000Z", "warranty 2027-08-31 · in 9 months", Urgency::Far),
            ("2026-12-10", "warranty 2026-12-10 · in 12 days", Urgency::Soon),
            ("2026-11-28", "warranty 2026-11-28 · today", Urgency::Soon),
            ("2026-11-27", "warranty 2026-11-27 · overdue 1 day", Urgency::Overdue),
            ("2026-08-20", "warranty 2026-08-20 · overdue 3 months", Urgency::Overdue),
        ];
        for (date, words, urgency) in expected {
            assert_eq!(told(date), Some((words.to_owned(), urgency)));
        }
        assert_eq!(told("soon"), None);
    }

    #[test]
    fn names_sort_as_people_expect() {
        let mut names = vec!["SRV10", "srv2", "SRV1", "Äpfel", "apfel", "srv02b", " SRV3"];
        names.sort_by(|a, b| by_name(a, b));
        assert_eq!(names, ["apfel", "SRV1", "srv2", "srv02b", " SRV3", "SRV10", "Äpfel"]);
    }

    #[test]
    fn addresses_sort_by_value_and_rows_without_one_come_last() {
        let with = |ip: &str, id| {
            Record::Configuration(Configuration { id, primary_ip: ip.into(), ..Configuration::default() })
        };
        let mut rows = [with("10.0.0.10", 1), with("", 2), with("10.0.0.9", 3)];
        rows.sort_by(|a, b| Sort::Address.compare(a, b));
        assert_eq!(rows.iter().map(Record::id).collect::<Vec<_>>(), [3, 1, 2]);
    }
}
