//! Whether anything secret can be had without leave, without any screen.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use super::*;
use crate::audit::{AuditError, Caution, Intent, Keeping, Outcome};
use crate::model::{Common, Document, Kind, Organization, OrganizationId, Password, Record, RecordKey, SourceId};
use crate::policy::{self, Verdict};
use crate::secret::Secret;

const ACME: OrganizationId = OrganizationId { source: SourceId::NONE, id: 7 };
const KES: OrganizationId = OrganizationId { source: SourceId::NONE, id: 8 };
const KEY: RecordKey = RecordKey { source: SourceId::NONE, kind: Kind::Password, id: 42 };
const NOTE: RecordKey = RecordKey { source: SourceId::NONE, kind: Kind::Document, id: 9 };

fn access(rules: &str) -> Access {
    let file = policy::parse(rules, std::path::Path::new("/etc/p.toml")).expect("a policy");
    let policies = Policies::new(policy::File::Read(file), Policies::default().user);
    let who = Who { person: "kim".into(), acts_for_another: false, account: "northbeam".into() };
    Access::new(policies, ConfirmClient::EachChange, LockRules::default(), who)
}

/// What is known of a password and of a document of Acme.
struct World {
    client: Organization,
    password: Record,
    document: Record,
}

impl World {
    fn new() -> Self {
        let common = Common { organization_id: Some(ACME), ..Common::default() };
        let client = Organization { id: 7, name: "Acme Dental".into(), short_name: "ACM".into(), ..Default::default() };
        let password = Record::Password(Password {
            id: 42,
            name: "admin".into(),
            password_category_name: "Domain".into(),
            common: common.clone(),
            ..Password::default()
        });
        let document = Record::Document(Document { id: 9, name: "Notes".into(), common, ..Document::default() });
        Self { client, password, document }
    }

    fn about(&self, key: RecordKey) -> About<'_> {
        let record = Some(if key.kind == Kind::Document { &self.document } else { &self.password });
        let client = Some(&self.client);
        About { key, record, organization: Some(ACME), client, folder: Some("Servers".into()) }
    }

    fn facts(&self) -> Facts<'_> {
        let client = ClientNames::of(ACME, Some(&self.client), std::iter::once(&self.client));
        Facts { about: self.about(KEY), names: Names { words: "Acme Dental".into(), client, doubts: Vec::new() } }
    }
}

fn wanted(purpose: Purpose) -> Wanted {
    Wanted { key: KEY, purpose, version: None }
}

/// A stay in which the client that is open is confirmed.
fn confirmed() -> Stay {
    let mut stay = Stay::new(Some(" #48213 "));
    stay.enter(ACME, true, ConfirmClient::EachChange);
    stay
}

fn go(may: May) -> Permit {
    match may {
        May::Go(permit) => permit,
        other => panic!("{other:?}"),
    }
}

fn questions(may: May) -> Box<Questions> {
    match may {
        May::Ask(questions) => questions,
        other => panic!("{other:?}"),
    }
}

fn refusal(may: May) -> String {
    match may {
        May::Refused(refusal) => refusal.told("o"),
        other => panic!("{other:?}"),
    }
}

fn trail() -> (tempfile::TempDir, Arc<Trail>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let trail = Trail::new(folder.path().join("audit"), Keeping::default());
    (folder, Arc::new(trail))
}

fn text(trail: &Trail) -> String {
    std::fs::read_to_string(trail.folder().join("audit.log")).unwrap_or_default()
}

#[test]
fn where_nothing_has_to_be_asked_there_is_leave_at_once_and_the_record_says_what_for() {
    let world = World::new();
    let wanted = Wanted { version: Some(3), ..wanted(Purpose::Copy) };
    let permit = go(access("").may(&confirmed(), wanted, &world.facts(), Cautions::default()));
    let (_folder, trail) = trail();
    let intent = permit.record(&trail).expect("it is recorded");
    let line = text(&trail);
    for part in [
        "\"action\":\"copy\",\"account\":\"northbeam\",\"org\":7,\"org_name\":\"Acme Dental\"",
        "\"record_id\":42,\"record_name\":\"admin\",\"version_id\":3,\"category\":\"Domain\",\"ticket\":\"48213\"",
    ] {
        assert!(line.contains(part), "{part}: {line}");
    }
    assert!(!line.contains("\"person\""), "each line names the user already");
    let fetch = intent.spend().expect("it is good for one fetch");
    assert_eq!((fetch.organization, fetch.password, fetch.version), (ACME, 42, Some(3)));
}

#[test]
fn a_process_that_acts_for_another_person_says_for_whom() {
    let world = World::new();
    let who = Who::on_behalf_of("sam".into(), "northbeam".into());
    let file =
        policy::parse("[[rule]]\nperson = 'alex'\nthen = 'deny'", std::path::Path::new("p.toml")).expect("rules");
    let policies = Policies::new(policy::File::Read(file), Policies::default().user);
    let with = |who| Access::new(policies.clone(), ConfirmClient::Once, LockRules::default(), who);
    let may = |who| with(who).may(&confirmed(), wanted(Purpose::Reveal), &world.facts(), Cautions::default());
    let (_folder, trail) = trail();
    let _ = go(may(who)).record(&trail).expect("it is recorded");
    assert!(text(&trail).contains("\"person\":\"sam\",\"account\":\"northbeam\""), "{}", text(&trail));
    let alex = Who::on_behalf_of("alex".into(), "northbeam".into());
    assert!(refusal(may(alex)).starts_with("Not fetched: policy denies this"));
    assert!(matches!(may(Who::default()), May::Refused(Refusal::Policy(_))), "the person is not known: it may be Alex");
}

#[test]
fn a_record_of_a_named_account_is_judged_and_recorded_by_that_one() {
    let source = SourceId::named("IT Glue", "second-of-access-tests");
    let mut world = World::new();
    if let Record::Password(password) = &mut world.password {
        password.common.source = source;
    }
    let key = RecordKey { source, ..KEY };
    let mut facts = world.facts();
    facts.about.key = key;
    let wanted = Wanted { key, ..wanted(Purpose::Reveal) };
    let may = |rules: &str| access(rules).may(&confirmed(), wanted, &facts, Cautions::default());
    assert_eq!(go(may("")).event().account.as_str(), "second-of-access-tests");
    assert!(matches!(may("[[rule]]\naccount = 'second-*'\nthen = 'deny'"), May::Refused(Refusal::Policy(_))));
    assert!(matches!(may("[[rule]]\naccount = 'northbeam'\nthen = 'deny'"), May::Go(_)));
}

#[test]
fn what_is_not_known_is_not_fetched() {
    let world = World::new();
    let may = |facts: &Facts<'_>| access("").may(&confirmed(), wanted(Purpose::Reveal), facts, Cautions::default());
    let mut facts = world.facts();
    facts.about.record = None;
    assert!(matches!(may(&facts), May::Refused(Refusal::Unknown)), "the record is not known");
    let mut facts = world.facts();
    facts.about.record = Some(&world.document);
    assert!(matches!(may(&facts), May::Refused(Refusal::Unknown)), "it is no password");
    let mut facts = world.facts();
    facts.about.key.id = 43;
    assert!(matches!(may(&facts), May::Refused(Refusal::Unknown)), "the facts are of another one");
    let mut facts = world.facts();
    facts.about.organization = None;
    assert!(matches!(may(&facts), May::Refused(Refusal::NoClient)));
    let none = About { key: KEY, record: None, organization: Some(ACME), client: None, folder: None };
    let decision = access("[[rule]]\norganization = 8\nthen = 'deny'").decide_secret(wanted(Purpose::Reveal), &none);
    assert_eq!(decision.verdict, Verdict::Deny, "of an unknown record every rule may be the one that counts");
}

#[test]
fn a_vaulted_password_and_one_that_a_policy_denies_are_refused_before_anything_is_asked() {
    let mut world = World::new();
    for (rule, purpose, denied) in [
        ("actions = 'copy'", Purpose::Copy, true),
        ("actions = 'copy'", Purpose::HandOver, true),
        ("actions = 'copy'", Purpose::Reveal, false),
        ("actions = 'console'", Purpose::Console, true),
        ("organization = 'ACM'", Purpose::Reveal, true),
        ("category = 'Domain'", Purpose::Reveal, true),
        ("folder = 'Servers'", Purpose::Reveal, true),
        ("folder = 'Open'", Purpose::Reveal, false),
        ("account = 'northbeam'", Purpose::Reveal, true),
        ("person = 'kim'", Purpose::Reveal, true),
        ("person = 'sam'", Purpose::Reveal, false),
    ] {
        let access = access(&format!("[[rule]]\n{rule}\nthen = 'deny'\nwhy = 'no'"));
        // Another client was opened since: the refusal comes before that question.
        let may = access.may(&Stay::default(), wanted(purpose), &world.facts(), Cautions::default());
        assert_eq!(matches!(may, May::Refused(Refusal::Policy(_))), denied, "{rule} {purpose:?}");
        if denied {
            assert_eq!(refusal(may), "Not fetched: no (p.toml, line 1).");
        }
    }
    let mut facts = world.facts();
    facts.about.folder = None;
    let unknown = access("[[rule]]\nfolder = 'Safe'\nthen = 'deny'");
    let may = unknown.may(&confirmed(), wanted(Purpose::Reveal), &facts, Cautions::default());
    assert!(matches!(may, May::Refused(Refusal::Policy(_))), "the folder may be the one that is meant");

    if let Record::Password(password) = &mut world.password {
        password.vault_id = Some(5);
    }
    let may = access("").may(&confirmed(), wanted(Purpose::Reveal), &world.facts(), Cautions::default());
    let words = "admin is vaulted: IT Glue's API cannot reveal it. Open it in the web app (o).";
    assert_eq!(refusal(may), words);
}

#[test]
fn after_a_change_of_client_the_first_secret_asks_whose_it_is_once() {
    let (world, access) = (World::new(), access(""));
    let mut stay = confirmed();
    stay.enter(KES, false, ConfirmClient::EachChange);
    let ask = |stay: &Stay| access.may(stay, wanted(Purpose::Reveal), &world.facts(), Cautions::default());
    let asked = questions(ask(&stay));
    assert_eq!(asked.asks, [Question { ask: Ask::Client, label: "Short name" }]);
    assert_eq!(asked.because, ["You switched clients. Type the short name to confirm:"]);
    let reply = |text: &str| vec![(Ask::Client, text.to_owned())];
    for (text, wrong) in
        [("", "Type it to continue."), ("KES", "No match. This password belongs to Acme Dental (ACM).")]
    {
        let again = questions(ask(&stay));
        let Answered::Wrong(_, wrongs) = access.answer(&mut stay, again, &world.facts(), &reply(text)) else {
            panic!("{text} is no answer")
        };
        assert_eq!(wrongs, [(Ask::Client, wrong.to_owned())]);
    }
    let again = questions(ask(&stay));
    let Answered::Wrong(..) = access.answer(&mut stay, again, &world.facts(), &[]) else {
        panic!("no answer is no answer")
    };
    let answered = access.answer(&mut stay, asked, &world.facts(), &reply("acm"));
    assert!(matches!(answered, Answered::Go(_)));
    go(ask(&stay)).given().expect("it is not asked again");
}

#[test]
fn a_reason_and_a_ticket_are_both_required_and_go_with_the_permit() {
    let (world, access) = (World::new(), access("[[rule]]\nthen = 'ask-reason'"));
    let mut stay = Stay::new(None);
    stay.enter(ACME, true, ConfirmClient::EachChange);
    let ask = |stay: &Stay| questions(access.may(stay, wanted(Purpose::Console), &world.facts(), Cautions::default()));
    for (reason, ticket, wrong) in [
        ("ok", "7", ["Give a reason in a few words.", ""]),
        ("disk full", " # ", ["", "Ticket number required."]),
        ("", "", ["Give a reason in a few words.", "Ticket number required."]),
    ] {
        let replies = [(Ask::Reason, reason.to_owned()), (Ask::Ticket, ticket.to_owned())];
        let questions = ask(&stay);
        let Answered::Wrong(_, wrongs) = access.answer(&mut stay, questions, &world.facts(), &replies) else {
            panic!("{reason:?} {ticket:?}")
        };
        assert_eq!(wrongs.iter().map(|(_, wrong)| wrong.as_str()).collect::<Vec<_>>(), wrong);
    }
    let replies = [(Ask::Reason, " disk full ".to_owned()), (Ask::Ticket, "#481".to_owned())];
    let questions = ask(&stay);
    let Answered::Go(permit) = access.answer(&mut stay, questions, &world.facts(), &replies) else { panic!("both") };
    assert_eq!((permit.event().reason.as_str(), permit.event().ticket.as_str()), ("disk full", "481"));
    assert_eq!(stay.ticket(), "481", "it is the ticket that is worked on");
}

#[test]
fn what_is_asked_while_a_dialog_waits_is_asked_with_it() {
    let world = World::new();
    let mut stay = confirmed();
    stay.enter(KES, false, ConfirmClient::EachChange);
    let before = questions(access("").may(&stay, wanted(Purpose::Reveal), &world.facts(), Cautions::default()));
    let stricter = access("[[rule]]\nthen = 'ask-reason'");
    let replies = [(Ask::Client, "ACM".to_owned())];
    let Answered::Wrong(now, _) = stricter.answer(&mut stay, before, &world.facts(), &replies) else { panic!("more") };
    assert_eq!(
        now.asks.iter().map(|question| question.ask).collect::<Vec<_>>(),
        [Ask::Client, Ask::Reason, Ask::Ticket]
    );
    let denied = access("[[rule]]\nthen = 'deny'").answer(&mut stay, now, &world.facts(), &replies);
    assert!(matches!(denied, Answered::Refused(Refusal::Policy(_))));
}

#[test]
fn names_and_doubts_are_told_once_and_stay_on_record() {
    let (world, access, mut stay) = (World::new(), access(""), confirmed());
    let mut facts = world.facts();
    facts.names.doubts = vec![(KEY, "Password: it looks like another one.".into())];
    let doubt = Told { sentence: "sudo may record it.".into(), is_lasting_doubt: true };
    let cautions = || Cautions { told: vec![doubt.clone()], words: [Caution::Sudo].into() };
    let asked = questions(access.may(&stay, wanted(Purpose::Reveal), &facts, cautions()));
    assert_eq!(asked.cautions, ["Password: it looks like another one.", "sudo may record it."]);
    assert!(asked.asks.is_empty(), "a yes is enough");
    let Answered::Go(permit) = access.answer(&mut stay, asked, &facts, &[]) else { panic!("yes") };
    let both: std::collections::BTreeSet<_> = [Caution::Sudo, Caution::LookAlike].into();
    assert_eq!(permit.event().cautions, both);
    let again = go(access.may(&stay, wanted(Purpose::Reveal), &facts, cautions()));
    assert_eq!(again.event().cautions, both, "accepted before, not asked again, and on record");
    // For another purpose it is another doubt; beside a known observer all is told again.
    let copied = questions(access.may(&stay, wanted(Purpose::Copy), &facts, cautions()));
    assert!(copied.cautions.last().is_some_and(|last| last.starts_with("A copy also passes")));
    let mut more = cautions();
    more.told.push(Told { sentence: "asciinema was seen.".into(), is_lasting_doubt: false });
    let seen = questions(access.may(&stay, wanted(Purpose::Reveal), &facts, more));
    assert_eq!(seen.cautions, ["sudo may record it.", "asciinema was seen."]);
    stay.forget_doubts();
    assert_eq!(questions(access.may(&stay, wanted(Purpose::Reveal), &facts, cautions())).cautions.len(), 2);
}

#[test]
fn once_more_is_the_same_leave_with_one_more_caution_and_not_past_a_policy() {
    let world = World::new();
    let access = access("[[rule]]\nthen = 'ask'");
    let mut stay = confirmed();
    let asked = questions(access.may(&stay, wanted(Purpose::Copy), &world.facts(), Cautions::default()));
    let Answered::Go(permit) = access.answer(&mut stay, asked, &world.facts(), &[]) else { panic!("yes") };
    let given = permit.given().expect("a secret").clone();
    let more = access.again(given.clone(), &world.facts(), Caution::ControlCharacters).expect("it is the same");
    assert_eq!(more.event().cautions, [Caution::ControlCharacters].into());
    assert_eq!((more.event().ticket.as_str(), given.wanted()), ("48213", wanted(Purpose::Copy)));
    let denied = super::tests::access("[[rule]]\nthen = 'deny'");
    assert!(denied.again(given, &world.facts(), Caution::ControlCharacters).is_err());
}

#[test]
fn without_its_pin_its_trail_or_its_target_a_permit_is_no_intent() {
    let world = World::new();
    let (folder, trail) = trail();
    let asked_by = policy::parse("[lock]\npin = true", std::path::Path::new("/etc/p.toml")).expect("a policy");
    let policies = Policies::new(policy::File::Read(asked_by), Policies::default().user);
    let rules = LockRules::new(0, None, policies.pin_asked_by(), folder.path().join("pin"));
    let access = Access::new(policies, ConfirmClient::Once, rules, Who::default());
    let permit = |purpose| go(access.may(&confirmed(), wanted(purpose), &world.facts(), Cautions::default()));
    let error = permit(Purpose::Reveal).record(&trail).expect_err("no PIN is set");
    let words = "the policy asks for a PIN and none is set: gluepot pin set (p.toml, line 2)";
    assert_eq!((error.to_string().as_str(), error.advice()), (words, "set a PIN"));
    let error = permit(Purpose::HandOver).record(&trail).expect_err("no target");
    assert_eq!(error.to_string(), "no pane was chosen");
    assert_eq!(text(&trail), "", "nothing is on record");

    let free = super::tests::access("");
    let permit = |purpose| go(free.may(&confirmed(), wanted(purpose), &world.facts(), Cautions::default()));
    let intent = permit(Purpose::HandOver).handing_to("pane %2").record(&trail).expect("it has one");
    assert_eq!(intent.event().detail.as_str(), "pane %2");
    std::fs::write(folder.path().join("file"), "").expect("a file");
    let nowhere = Trail::new(folder.path().join("file/audit"), Keeping::default());
    let error = permit(Purpose::Reveal).record(&nowhere).expect_err("no folder can be there");
    assert!(matches!(error, Unrecorded::Trail(AuditError::Io { .. })), "{error:?}");
    assert!(nowhere.trouble().is_some());
}

#[test]
fn outcomes_are_written_in_their_order_and_told_to_the_listener() {
    let (world, free) = (World::new(), access(""));
    let (folder, trail) = trail();
    let permit = || go(free.may(&confirmed(), wanted(Purpose::Reveal), &world.facts(), Cautions::default()));
    let heard = Arc::new(Mutex::new(Vec::new()));
    let hear = heard.clone();
    trail.listen(move |written| {
        hear.lock().expect("it is not poisoned").push((format!("{:?}", written.outcome), written.result.is_ok()));
    });
    let intent = Arc::new(permit().record(&trail).expect("it is recorded"));
    trail.settle(intent.clone(), Outcome::Shown, Some("now".into()));
    trail.settle(intent.clone(), Outcome::Hidden("time"), None);
    assert_eq!(text(&trail).matches("\"outcome\"").count(), 0, "settling waits for nothing");
    trail.write();
    // Another process knows the intent by its place only.
    let other = Trail::new(trail.folder().to_owned(), Keeping::default());
    other.settle_for(intent.reference(), Outcome::Ended("killed"));
    other.write();
    let results: Vec<String> = text(&trail)
        .lines()
        .filter_map(|line| Some(line.split_once("\"result\":\"")?.1.split('"').next()?.to_owned()))
        .collect();
    assert_eq!(results, ["shown", "hidden", "ended"]);
    std::fs::remove_file(folder.path().join("audit/audit.log")).expect("it can go");
    trail.settle(intent, Outcome::Hidden("quit"), None);
    trail.write();
    let heard: Vec<bool> = heard.lock().expect("it is not poisoned").iter().map(|(_, good)| *good).collect();
    assert_eq!(heard, [true, true, false]);
}

#[tokio::test]
async fn a_fetch_asks_the_backend_only_with_an_intent_and_settles_what_gave_no_value() {
    let (world, free) = (World::new(), access(""));
    let (_folder, trail) = trail();
    let permit = || go(free.may(&confirmed(), wanted(Purpose::Reveal), &world.facts(), Cautions::default()));
    let never = std::future::pending::<()>;
    let secret = || Secret::new(zeroize::Zeroizing::new("maple".to_owned()));
    let seen = trail.clone();
    let reveal = |intent: Arc<Intent>| async move {
        assert!(text(&seen).contains("\"kind\":\"intent\""), "the record is on the disk before the request");
        assert_eq!(intent.number(), 1);
        Ok(Answer { value: Ok(secret()), date: Some("now".into()) })
    };
    let value = fetch(permit(), trail.clone(), || {}, reveal, never()).await;
    assert!(value.is_ok_and(|value| value.secret.expose() == "maple" && value.date.as_deref() == Some("now")));
    assert!(!text(&trail).contains("outcome"), "the caller that takes the value settles it");

    let empty = |_| async { Ok(Answer { value: Err("This password is empty."), date: None }) };
    assert_eq!(
        fetch(permit(), trail.clone(), || {}, empty, never()).await.err().as_deref(),
        Some("This password is empty.")
    );
    let broken = |_| async { Err("no route".to_owned()) };
    assert_eq!(fetch(permit(), trail.clone(), || {}, broken, never()).await.err().as_deref(), Some("no route"));
    let hangs = |_| std::future::pending::<Result<Answer, String>>();
    assert_eq!(fetch(permit(), trail.clone(), || {}, hangs, async {}).await.err().as_deref(), Some("Cancelled."));
    assert_eq!(text(&trail).matches("\"result\":\"failed\"").count(), 3, "{}", text(&trail));
    let nowhere = Arc::new(Trail::new(PathBuf::from("/proc/none"), Keeping::default()));
    let unasked = |_| async { panic!("it is asked for without a record") };
    let refused = fetch(permit(), nowhere, || {}, unasked, never()).await.err().unwrap_or_default();
    assert!(refused.starts_with("Not fetched: "), "{refused}");
}

#[test]
fn a_step_is_open_for_a_stay_after_its_question_and_its_record() {
    let (world, step) = (World::new(), Step::View(NOTE));
    let about = || world.about(NOTE);
    let free = access("");
    assert!(!free.concerns(&step) && free.decide_step(&step, &about()).verdict == Verdict::Allow);
    let deny = access("[[rule]]\nactions = 'view'\nthen = 'deny'");
    let standing = |access: &Access, stay: &Stay| {
        format!("{:?}", access.standing(stay, &step, &access.decide_step(&step, &about())))
    };
    assert_eq!(standing(&deny, &confirmed()), "Denied");
    assert!(matches!(deny.take(&mut confirmed(), &step, &about()), Taken::Nothing));

    let asks = access("[[rule]]\nactions = 'view'\nthen = 'ask-reason'");
    let mut stay = confirmed();
    assert_eq!(standing(&asks, &stay), "Asks");
    let Taken::Ask(decision) = asks.take(&mut stay, &step, &about()) else { panic!("it asks") };
    let questions = asks.ask_step(step.clone(), &decision, Vec::new());
    let StepAnswered::Wrong(questions, wrongs) = asks.answer_step(&mut stay, questions, &about(), &[]) else {
        panic!("a reason is required")
    };
    assert_eq!(wrongs.len(), 2);
    let replies = [(Ask::Reason, "audit of notes".to_owned()), (Ask::Ticket, "12".to_owned())];
    let StepAnswered::Record(_, permit) = asks.answer_step(&mut stay, questions, &about(), &replies) else {
        panic!("it is recorded")
    };
    assert_eq!(permit.event().reason.as_str(), "audit of notes");
    assert_eq!(standing(&asks, &stay), "Recording");
    let (_folder, trail) = trail();
    let intent = permit.record(&trail).expect("it is recorded");
    assert!(intent.spend().is_err(), "it opens no password");
    let opening = stay.recorded(stay.number(), &step, Ok(&intent)).expect("it may continue");
    stay.open(opening);
    assert_eq!(standing(&asks, &stay), "Open");
    // A rule that is stricter by now asks again, and so does the next stay.
    assert_eq!(standing(&deny, &stay), "Denied");
    let before = stay.number();
    assert_eq!(stay.end(), Some(Vec::new()));
    assert_eq!(standing(&asks, &stay), "Asks");
    assert!(stay.recorded(before, &step, Ok(&intent)).is_none(), "a record of an earlier stay opens nothing");
}

#[test]
fn a_step_that_could_not_be_recorded_says_why_and_is_tried_again() {
    let world = World::new();
    let (records, step) = (access("[[rule]]\nthen = 'allow'\naudit = true"), Step::List(ACME));
    let about = || About::organization(ACME, Some(&world.client));
    let mut stay = confirmed();
    let Taken::Record(permit) = records.take(&mut stay, &step, &about()) else { panic!("it is recorded") };
    assert_eq!((permit.event().record.kind, permit.event().record.id), (Kind::Organization, 7));
    assert!(matches!(records.take(&mut stay, &step, &about()), Taken::Nothing), "one record is enough");
    assert!(stay.recorded(stay.number(), &step, Err("disk full")).is_none());
    let decision = records.decide_step(&step, &about());
    assert_eq!(records.standing(&stay, &step, &decision), Standing::Failed("disk full"));
    stay.set_ticket("99");
    let Taken::Record(permit) = records.take(&mut stay, &step, &about()) else { panic!("it is tried again") };
    assert_eq!(permit.event().ticket.as_str(), "99", "for the ticket of now");
    assert_eq!(stay.end(), Some(vec![ACME]), "the list was asked for by leave");
}

#[test]
fn an_address_needs_what_its_policy_says_each_time() {
    let world = World::new();
    let step = Step::Link { address: "https://example.net/".into(), from: NOTE };
    let link = |rules: &str, agreed| access(rules).link(&confirmed(), &step, &world.about(NOTE), agreed);
    assert!(matches!(link("", false), LinkMay::Use(None)));
    assert!(
        matches!(link("[[rule]]\nthen = 'deny'", true), LinkMay::Refused(words) if words.starts_with("Not opened: "))
    );
    assert!(matches!(link("[[rule]]\nthen = 'ask'", false), LinkMay::Ask(_)));
    assert!(matches!(link("[[rule]]\nthen = 'ask'", true), LinkMay::Use(None)));
    assert!(matches!(link("[[rule]]\nthen = 'ask-reason'", true), LinkMay::Ask(_)), "a yes is no reason");
    let LinkMay::Use(Some(permit)) = link("[[rule]]\nthen = 'allow'\naudit = true", false) else { panic!("recorded") };
    assert_eq!((permit.event().detail.as_str(), permit.event().ticket.as_str()), ("https://example.net/", "48213"));
}
