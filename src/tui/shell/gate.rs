//! The gate: the one way to a fetch of a secret.
//!
//! Whoever wants a secret says so with a [`Wanted`]. The gate looks at the record, at whether another client was come to
//! since the last secret, at the policy, and at what is to be known of the surroundings (`cautions`). If something has to be asked, it
//! asks all of it in one dialog; what comes of it is a [`Leave`], which only this module can make and which is good for
//! one fetch.
//!
//! A name that can be taken for another one, of the password or of its client, is a caution like those about the
//! surroundings. What was told goes with the leave as fixed words, and so into the audit trail: also what was accepted
//! before and is not asked again.

use std::collections::BTreeSet;

use super::Shell;
use crate::tui::component::Ctx;
use crate::tui::message::{Purpose, Wanted};
use crate::tui::notice::Notice;
use crate::tui::popups::gate::{Answer, Answers, Ask, Gate};
use crate::tui::widgets::field::Field;
use gluepot_core::audit::Caution;
use gluepot_core::model::{Kind, OrganizationId, Password, Record, RecordKey};
use gluepot_core::policy::ConfirmClient;
use gluepot_core::policy::Verdict;
use gluepot_core::text::Clean;

/// Leave to fetch one secret.
#[derive(PartialEq, Eq, Debug)]
pub struct Leave {
    wanted: Wanted,
    reason: Clean,
    ticket: Clean,
    cautions: BTreeSet<Caution>,
}

impl Leave {
    /// What may be fetched.
    pub fn wanted(&self) -> Wanted {
        self.wanted
    }

    /// The reason that was given; may be empty.
    pub fn reason(&self) -> &Clean {
        &self.reason
    }

    /// The ticket it is for; may be empty.
    pub fn ticket(&self) -> &Clean {
        &self.ticket
    }

    /// What the person was told and accepted.
    pub fn cautions(&self) -> &BTreeSet<Caution> {
        &self.cautions
    }

    /// The same leave after one more was told and accepted.
    pub(super) fn after(mut self, caution: Caution) -> Self {
        self.cautions.insert(caution);
        self
    }
}

/// What has to be known before a secret: sentences for the dialog, and for the trail words of these and of what was
/// accepted before.
#[derive(Default)]
pub(super) struct Cautions {
    pub(super) sentences: Vec<String>,
    pub(super) words: BTreeSet<Caution>,
}

/// What has to be asked before a secret.
#[derive(Default)]
struct Needs {
    asks: Vec<Ask>,
    because: Vec<String>,
}

impl Shell {
    /// Another organization is open from now on. The first one of a run needs no confirmation; after each change the
    /// first secret does.
    pub(super) fn come_to(&mut self, id: OrganizationId) {
        let is_first = self.cx.organization.is_none();
        if is_first {
            self.cx.stay.confirmed.insert(id);
        } else if self.cx.client_question() == ConfirmClient::EachChange {
            self.cx.stay.confirmed.clear();
        }
        // An alert that was put away is for this visit.
        self.browse.dismissed.clear();
        self.cx.organization = Some(id);
    }

    fn password(&self, key: RecordKey) -> Option<&Password> {
        match self.cx.store.record(key)?.as_ref() {
            Record::Password(password) if key.kind == Kind::Password => Some(password),
            _ => None,
        }
    }

    /// What to know of the names of a password and of its client: whose it is, and the sentence.
    fn doubtful_names(&self, password: RecordKey, organization: OrganizationId) -> Vec<(RecordKey, String)> {
        let client = RecordKey { kind: Kind::Organization, id: organization.0 };
        let sentence = |(key, label): (RecordKey, &str)| {
            let words = self.name_warning(self.cx.store.record(key)?)?;
            Some((key, format!("{label}: {words}")))
        };
        [(password, "Password"), (client, "Client")].into_iter().filter_map(sentence).collect()
    }

    /// Fetches a secret, at once where nothing has to be asked, else after a dialog. `cautions` are those about the
    /// surroundings that have to be read before.
    pub(super) fn pass_gate(&mut self, wanted: Wanted, cautions: Cautions) {
        self.cx.dirty = true;
        let Some(password) = self.password(wanted.key) else { return };
        if let Some(why) = self.password_refusal(password) {
            self.say(Notice::warning(why));
            return;
        }
        let Some(organization) = self.cx.client_of(password) else {
            self.say(Notice::error("Not fetched: the client of this password is unknown."));
            return;
        };
        let record = password.name.to_string();
        let needs = match self.needs(wanted, organization) {
            Ok(needs) => needs,
            Err(refusal) => return self.say(Notice::error(refusal)),
        };
        let Cautions { mut sentences, mut words } = cautions;
        let mut names = self.doubtful_names(wanted.key, organization);
        words.extend((!names.is_empty()).then_some(Caution::LookAlike));
        names.retain(|name| !self.cx.stay.accepted_names.contains(name));
        sentences.splice(0..0, names.iter().map(|(_, sentence)| sentence.clone()));
        if needs.asks.is_empty() && needs.because.is_empty() && sentences.is_empty() {
            let ticket = Clean::line(&self.cx.stay.ticket);
            let leave = Leave { wanted, reason: Clean::default(), ticket, cautions: words };
            self.fetch_secret(leave);
            return;
        }
        let all = needs.asks.iter().map(|&ask| self.answer_of(ask, organization)).collect();
        let answers = Answers { all, at: 0 };
        let client = self.cx.client_words(organization);
        let because = needs.because;
        let cautions = sentences;
        let gate = Gate { wanted, organization, client, record, because, cautions, words, names, answers };
        self.popups.push(gate);
    }

    /// What has to be asked, or why there is no leave at all.
    fn needs(&self, wanted: Wanted, organization: OrganizationId) -> Result<Needs, String> {
        let decision = self.cx.decide_secret(wanted);
        if let Some(refusal) = super::policy::refusal_of(&decision, "Not fetched") {
            return Err(refusal);
        }
        let mut needs = Needs::default();
        if self.cx.client_question() != ConfirmClient::Never && !self.cx.stay.confirmed.contains(&organization) {
            needs.asks.push(Ask::Client);
            let what = self.cx.client_names(organization).label.to_lowercase();
            needs.because.push(format!("You switched clients. Type the {what} to confirm:"));
        }
        if decision.verdict == Verdict::AskReason {
            needs.asks.extend([Ask::Reason, Ask::Ticket]);
        }
        if decision.verdict != Verdict::Allow {
            needs.because.push(format!("The {}.", decision.told()));
        }
        Ok(needs)
    }

    /// A field, filled with what is known already.
    pub(super) fn answer(&self, ask: Ask) -> Answer {
        let field = match ask {
            Ask::Ticket => Field::with(&self.cx.stay.ticket),
            Ask::Client | Ask::Reason => Field::default(),
        };
        Answer { ask, label: ask.label(), field, wrong: String::new() }
    }

    /// The same; for a client the field says which of its names no other client has.
    fn answer_of(&self, ask: Ask, organization: OrganizationId) -> Answer {
        let answer = self.answer(ask);
        if ask == Ask::Client { Answer { label: self.cx.client_names(organization).label, ..answer } } else { answer }
    }

    /// Looks at what was typed. All that is wrong is said beside its field, and what was typed stays.
    pub(super) fn submit_gate(&mut self) {
        let Some(mut gate) = self.popups.take::<Gate>() else { return };
        // What is asked may have changed while the dialog stood.
        let needs = match self.needs(gate.wanted, gate.organization) {
            Ok(needs) => needs,
            Err(refusal) => return self.say(Notice::error(refusal)),
        };
        for ask in needs.asks {
            if gate.answers.all.iter().all(|answer| answer.ask != ask) {
                gate.answers.all.push(self.answer_of(ask, gate.organization));
            }
        }
        for answer in &mut gate.answers.all {
            answer.wrong = self.wrong(answer.ask, answer.field.text(), gate.organization);
        }
        if let Some(at) = gate.answers.all.iter().position(|answer| !answer.wrong.is_empty()) {
            gate.answers.at = at;
            self.popups.put_back(gate);
            return;
        }
        let typed = |ask: Ask| gate.answers.all.iter().find(|a| a.ask == ask).map(|a| a.field.text());
        if typed(Ask::Client).is_some() {
            self.cx.stay.confirmed.insert(gate.organization);
        }
        // A ticket that was typed here is the one that is worked on.
        if let Some(ticket) = typed(Ask::Ticket) {
            self.cx.stay.ticket = super::tidy_ticket(ticket);
        }
        let reason = typed(Ask::Reason).map_or_else(Clean::default, |reason| Clean::line(reason.trim()));
        self.cx.stay.accepted_names.extend(gate.names);
        let leave =
            Leave { wanted: gate.wanted, reason, ticket: Clean::line(&self.cx.stay.ticket), cautions: gate.words };
        self.fetch_secret(leave);
    }

    /// What is wrong with an answer; empty when nothing is.
    fn wrong(&self, ask: Ask, typed: &str, organization: OrganizationId) -> String {
        let typed = typed.trim();
        match ask {
            Ask::Client => {
                let names = self.cx.client_names(organization);
                if names.fits(typed) {
                    String::new()
                } else if typed.is_empty() {
                    "Type it to continue.".into()
                } else {
                    format!("No match. This password belongs to {}.", names.told)
                }
            }
            Ask::Reason | Ask::Ticket => wrong_words(ask, typed).into(),
        }
    }
}

impl Ctx {
    /// How often it is asked whose a secret is: by the policies, which are stronger, and the setting.
    pub(in crate::tui) fn client_question(&self) -> ConfirmClient {
        self.policies.confirm_client(self.config.ui.confirm_client)
    }

    /// Whose a password is.
    pub(in crate::tui) fn client_of(&self, password: &Password) -> Option<OrganizationId> {
        password.common.organization_id.or(self.organization)
    }
}

/// What is wrong with a reason or a ticket; empty when nothing is.
pub(super) fn wrong_words(ask: Ask, typed: &str) -> &'static str {
    match ask {
        Ask::Reason if typed.chars().filter(|c| c.is_alphanumeric()).count() < 3 => "Give a reason in a few words.",
        Ask::Ticket if super::tidy_ticket(typed).is_empty() => "Ticket number required.",
        Ask::Client | Ask::Reason | Ask::Ticket => "",
    }
}

/// What may be typed for a client, what that is called, and how the client is called when something else was.
pub(in crate::tui) struct ClientNames {
    accepted: Vec<String>,
    pub(super) label: &'static str,
    told: String,
}

/// The short name of a client; of one without, the first words of its name that have four letters together.
pub(super) fn short_of<'a>(name: &'a str, short: &'a str) -> &'a str {
    if short.trim().is_empty() { first_words(name) } else { short }
}

impl ClientNames {
    /// The short name or the whole name, if no other client is called so; else the id. `taken` says what others are
    /// called.
    pub(super) fn new(id: OrganizationId, known: Option<(&str, &str)>, taken: impl Fn(&str) -> bool) -> Self {
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
        let label = if fits(&short) { Ask::Client.label() } else { "Full name" };
        Self { accepted, label, told: whole }
    }

    /// Whether what was typed means this client.
    pub(super) fn fits(&self, typed: &str) -> bool {
        let typed = folded(typed);
        !typed.is_empty() && self.accepted.contains(&typed)
    }
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
pub(super) fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Purpose {
    /// The question above the dialog.
    pub(in crate::tui) fn question(self) -> &'static str {
        match self {
            Self::Reveal => "Show this password?",
            Self::Copy => "Copy this password?",
            Self::Console => "Spell out this password?",
            Self::HandOver => "Send this password to the pane?",
        }
    }

    /// What the letter that agrees does (`gate::YES`).
    pub(in crate::tui) fn verb(self) -> &'static str {
        match self {
            Self::Reveal => "show",
            Self::Copy => "copy",
            Self::Console => "spell out",
            Self::HandOver => "send",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(known: Option<(&str, &str)>, typed: &str) -> bool {
        ClientNames::new(OrganizationId(47), known, |_| false).fits(typed)
    }

    #[test]
    fn what_another_client_is_called_is_no_answer() {
        let known = Some(("Harbour & Pine Dental", "HPD"));
        let label = |taken: &[&str]| ClientNames::new(OrganizationId(47), known, |text| taken.contains(&text)).label;
        let accepts = |taken: &[&str], typed: &str| {
            ClientNames::new(OrganizationId(47), known, |text| taken.contains(&text)).fits(typed)
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
    fn one_more_caution_takes_nothing_from_a_leave() {
        let wanted =
            Wanted { key: RecordKey { kind: Kind::Password, id: 1 }, purpose: Purpose::Copy, version: Some(2) };
        let cautions = [Caution::LookAlike].into();
        let leave = Leave { wanted, reason: "disk full".into(), ticket: "48213".into(), cautions };
        let leave = leave.after(Caution::ControlCharacters);
        assert_eq!(*leave.cautions(), [Caution::LookAlike, Caution::ControlCharacters].into());
        assert_eq!((leave.wanted(), leave.reason().as_str(), leave.ticket().as_str()), (wanted, "disk full", "48213"));
    }

    #[test]
    fn each_purpose_says_what_yes_does() {
        let said = [Purpose::Reveal, Purpose::Copy, Purpose::Console, Purpose::HandOver].map(Purpose::verb);
        assert_eq!(said, ["show", "copy", "spell out", "send"]);
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
}
