//! Clients that can be taken for each other, and what may be typed for one.
//!
//! Two clients may have the same name, the same short name, or names that read the same. What is typed before a secret
//! must be a name that no other client has.

use std::collections::{HashMap, HashSet};

use crate::lookalike;
use crate::model::{Organization, OrganizationId, RecordKey};

/// A sentence about a name that can be taken for another one, and whose name it is.
pub type Doubt = (RecordKey, String);

/// What is known of the names of a secret and of its client.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Names {
    /// The client for a sentence, with what tells it apart where another reads the same
    pub words: String,
    /// What may be typed for the client
    pub client: ClientNames,
    /// Names that can be taken for others: of the password, of the client
    pub doubts: Vec<Doubt>,
}

/// The clients whose names can be taken for those of another one.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Twins(HashSet<OrganizationId>);

impl Twins {
    /// Looks through all clients that are known.
    pub fn among<'a>(clients: impl Iterator<Item = &'a Organization>) -> Self {
        let mut seen: HashMap<u64, OrganizationId> = HashMap::new();
        let mut all = HashSet::new();
        for client in clients {
            for looks in [&client.name, &client.short_name].into_iter().flat_map(|name| looks(name)) {
                let first = *seen.entry(looks).or_insert(client.organization_id());
                if first != client.organization_id() {
                    all.extend([first, client.organization_id()]);
                }
            }
        }
        Self(all)
    }

    /// Whether a client has a twin.
    pub fn has(&self, id: OrganizationId) -> bool {
        self.0.contains(&id)
    }
}

/// What a name looks like, whatever its signs, in small letters and in capitals: a Cyrillic letter may look like a Latin
/// one in one of the two only. Nothing where there is nothing to look at.
fn looks(name: &str) -> Vec<u64> {
    let small = folded(name);
    if small.is_empty() { Vec::new() } else { vec![lookalike::looks(&small), lookalike::looks(&small.to_uppercase())] }
}

/// What may be typed for a client, what that is called, and how the client is called when something else was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClientNames {
    accepted: Vec<String>,
    label: &'static str,
    told: String,
}

impl ClientNames {
    /// The short name or the whole name, if no other client is called so; else the id. `known` is the client as far as
    /// it is known, `all` every client there is.
    pub fn of<'a>(
        id: OrganizationId,
        known: Option<&Organization>,
        all: impl Iterator<Item = &'a Organization>,
    ) -> Self {
        let mut taken = HashSet::new();
        for other in all.filter(|other| other.organization_id() != id) {
            let short = short_of(&other.name, &other.short_name);
            taken.extend(looks(&other.name).into_iter().chain(looks(short)));
        }
        let known = known.map(|client| (client.name.as_str(), client.short_name.as_str()));
        Self::new(id, known, |text| looks(text).iter().any(|looks| taken.contains(looks)))
    }

    /// The same; `taken` says what others are called.
    fn new(id: OrganizationId, known: Option<(&str, &str)>, taken: impl Fn(&str) -> bool) -> Self {
        let (name, short) = known.unwrap_or_default();
        let short = short_of(name, short);
        let fits = |text: &&str| !folded(text).is_empty() && !taken(text);
        let accepted: Vec<String> = [name, short].into_iter().filter(fits).map(folded).collect();
        let whole = if folded(short) == folded(name) { name.to_owned() } else { format!("{name} ({short})") };
        if accepted.is_empty() {
            let named = folded(name).is_empty() && folded(short).is_empty();
            let told = if named { format!("organization {id}") } else { format!("{whole}, id {id}") };
            return Self { accepted: vec![id.to_string()], label: "Client id", told };
        }
        let label = if fits(&short) { "Short name" } else { "Full name" };
        Self { accepted, label, told: whole }
    }

    /// Which of its names is asked for.
    pub fn label(&self) -> &'static str {
        self.label
    }

    /// What is wrong with what was typed; empty when it means this client.
    pub(super) fn wrong(&self, typed: &str) -> String {
        if self.fits(typed) {
            String::new()
        } else if typed.trim().is_empty() {
            "Type it to continue.".into()
        } else {
            format!("No match. This password belongs to {}.", self.told)
        }
    }

    /// Whether what was typed means this client.
    fn fits(&self, typed: &str) -> bool {
        let typed = folded(typed);
        !typed.is_empty() && self.accepted.contains(&typed)
    }
}

/// The short name of a client; of one without, the first words of its name that have four letters together.
fn short_of<'a>(name: &'a str, short: &'a str) -> &'a str {
    if short.trim().is_empty() { first_words(name) } else { short }
}

/// The first words of a name that have four letters or digits together, so that "The Oak Clinic" is not "The".
fn first_words(name: &str) -> &str {
    let mut letters = 0;
    for (at, c) in name.char_indices() {
        if c.is_whitespace() && letters >= 4 {
            return &name[..at];
        }
        letters += usize::from(c.is_alphanumeric());
    }
    name.trim()
}

/// Letters and digits only, without a difference between capital and small ones.
fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SourceId;

    fn fits(known: Option<(&str, &str)>, typed: &str) -> bool {
        ClientNames::new(OrganizationId::new(SourceId::NONE, 47), known, |_| false).fits(typed)
    }

    #[test]
    fn what_another_client_is_called_is_no_answer() {
        let known = Some(("Harbour & Pine Dental", "HPD"));
        let label = |taken: &[&str]| {
            ClientNames::new(OrganizationId::new(SourceId::NONE, 47), known, |text| taken.contains(&text)).label
        };
        let accepts = |taken: &[&str], typed: &str| {
            ClientNames::new(OrganizationId::new(SourceId::NONE, 47), known, |text| taken.contains(&text)).fits(typed)
        };
        assert_eq!(label(&[]), "Short name");
        assert_eq!(label(&["HPD"]), "Full name");
        assert!(accepts(&["HPD"], "harbour & pine dental") && !accepts(&["HPD"], "hpd"));
        let both = ["HPD", "Harbour & Pine Dental"];
        assert_eq!(label(&both), "Client id");
        assert!(accepts(&both, "47") && !accepts(&both, "hpd") && !accepts(&both, "harbour & pine dental"));
    }

    #[test]
    fn a_client_is_known_by_its_short_name_or_its_whole_name() {
        let known = Some(("Harbour & Pine Dental", "HPD"));
        for typed in ["HPD", " hpd ", "h.p.d", "harbour & pine dental", "Harbour  Pine Dental"] {
            assert!(fits(known, typed), "{typed}");
        }
        for typed in ["", " ", "HP", "HPDX", "Harbour", "47", "&"] {
            assert!(!fits(known, typed), "{typed:?}");
        }
    }

    #[test]
    fn without_a_short_name_the_first_words_with_four_letters_do() {
        assert!(fits(Some(("Fjord Logistics", "")), "fjord"));
        assert!(fits(Some(("The Oak Clinic", " ")), "the oak"));
        assert!(!fits(Some(("The Oak Clinic", "")), "the"));
        assert!(fits(Some(("A B", "")), "a b") && !fits(Some(("A B", "")), "a"));
        assert!(fits(Some(("Ørsted Größe", "")), "ørsted"));
    }

    #[test]
    fn a_client_without_any_letter_in_its_name_is_known_by_its_number() {
        for known in [None, Some(("", "")), Some(("***", "-"))] {
            assert!(fits(known, "47") && !fits(known, "***") && !fits(known, ""), "{known:?}");
        }
    }

    #[test]
    fn clients_that_read_the_same_are_twins_and_must_be_told_apart() {
        let client = |id, name: &str, short: &str| Organization {
            id,
            name: name.into(),
            short_name: short.into(),
            ..Organization::default()
        };
        let all = [client(1, "Acme Dental", "ACM"), client(2, "\u{410}cme Dental", "AD"), client(3, "Other", "OT")];
        let twins = Twins::among(all.iter());
        let have = [1, 2, 3].map(|id| twins.has(OrganizationId::new(SourceId::NONE, id)));
        assert_eq!(have, [true, true, false]);
        let names = ClientNames::of(OrganizationId::new(SourceId::NONE, 1), all.first(), all.iter());
        assert_eq!(names.label(), "Short name");
        assert_eq!(names.wrong("acm"), "");
        assert_eq!(names.wrong("acme dental"), "No match. This password belongs to Acme Dental (ACM).");
        assert_eq!(names.wrong(" "), "Type it to continue.");
    }
}
