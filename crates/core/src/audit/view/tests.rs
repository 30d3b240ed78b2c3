#![expect(clippy::unwrap_used, reason = "a failed set-up is a failed test")]

use super::super::read::Source;
use super::super::{Action, Audit, Event, Identity, Outcome, snapshot};
use super::csv::{COLUMNS, csv, quoted};
use super::note::{markdown, wording};
use super::show::{Layout, ascii, cells};
use super::*;
use crate::model::{Kind, OrganizationId, RecordKey, SourceId};
use crate::text::Clean;

/// A trail of four deeds of two people for two clients.
fn trail() -> (tempfile::TempDir, Vec<Source>) {
    let dir = tempfile::tempdir().unwrap();
    let deed = |user: &str, action, client: (u64, &str), name: &str, ticket: &str, outcomes: &[Outcome]| {
        let me = Identity { uid: 1000, user: user.into(), host: "jump1".into(), ..Identity::default() };
        let audit = Audit::open(dir.path(), me).unwrap();
        let intent = audit.intent(&Event {
            organization: Some((OrganizationId::new(SourceId::NONE, client.0), client.1.into())),
            ticket: ticket.into(),
            ..Event::new(action, RecordKey::new(SourceId::NONE, Kind::Password, 40 + client.0), name.into())
        });
        let intent = intent.unwrap();
        for outcome in outcomes {
            audit.outcome(&intent, outcome, None).unwrap();
        }
    };
    let copied = Outcome::Copied { way: "tmux".into(), certainty: "sent".into() };
    deed(
        "kim",
        Action::Reveal,
        (1, "Acme | Sons"),
        "Domain *admin*",
        "T-1",
        &[Outcome::Shown, Outcome::Hidden("time")],
    );
    deed("kim", Action::Copy, (2, "=Beta"), "Router, \"main\"\u{202E}", "T-1", &[copied]);
    deed("sam", Action::Reveal, (1, "Acme | Sons"), "ESXi\u{1b}[31m root", "", &[Outcome::Failed("no answer".into())]);
    deed("sam", Action::OpenLink, (1, "Acme | Sons"), "Portal", "t-1", &[Outcome::Opened]);
    let sources = snapshot(dir.path()).unwrap().sources;
    (dir, sources)
}

fn shown(filter: &Filter, format: Format) -> String {
    let (_dir, sources) = trail();
    let mut out = Vec::new();
    show(&sources, filter, format, WIDE, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn count(filter: Filter) -> usize {
    shown(&filter, Format::Jsonl).lines().count()
}

#[test]
fn filters_leave_what_was_asked_for() {
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(count(Filter::default()), 10);
    assert_eq!(count(Filter { user: some("kim"), ..Filter::default() }), 6, "the first record of the trail too");
    assert_eq!(count(Filter { organization: some("acme"), ..Filter::default() }), 7);
    assert_eq!(count(Filter { organization: some("2"), ..Filter::default() }), 2);
    assert_eq!(count(Filter { record: some("passwords/42"), ..Filter::default() }), 2);
    assert_eq!(count(Filter { record: some("portal"), ..Filter::default() }), 2);
    assert_eq!(count(Filter { ticket: some("T-1"), ..Filter::default() }), 7);
    assert_eq!(count(Filter { action: some("copy"), ..Filter::default() }), 2);
    assert_eq!(count(Filter { since: some("2999"), ..Filter::default() }), 0);
    assert_eq!(count(Filter { since: some("2000"), until: some("2999"), ..Filter::default() }), 10);
    assert_eq!(count(Filter { user: some("sam"), ticket: some("T-1"), ..Filter::default() }), 2);
}

#[test]
fn a_table_stands_straight_and_drives_no_terminal() {
    let table = shown(&Filter::default(), Format::Table);
    assert!(!table.contains(['\u{1b}', '\u{202E}']), "{table}");
    let header = table.lines().next().unwrap();
    let client = header.find("client").unwrap();
    for line in table.lines().filter(|line| line.contains("Acme")) {
        let before: String = line.chars().take(client).collect();
        assert!(!before.contains("Acme") && line.chars().skip(client).collect::<String>().starts_with("Acme"));
    }
    assert!(table.contains("reveal: hidden (time)"), "{table}");
    assert!(table.contains("copy: copied (tmux, sent)"), "{table}");
}

#[test]
fn lines_come_out_as_they_are_in_the_file() {
    let (_dir, sources) = trail();
    let mut out = Vec::new();
    show(&sources, &Filter::default(), Format::Jsonl, WIDE, &mut out).unwrap();
    assert_eq!(out, std::fs::read(&sources[0].path).unwrap());
    assert_eq!(ascii("{\"a\":\"\u{202E}\u{7}\"}".as_bytes()), "{\"a\":\"\\u202e\\u0007\"}");
}

#[test]
fn a_spreadsheet_gets_quoted_cells_and_no_formula() {
    let table = shown(&Filter { action: Some("copy".into()), ..Filter::default() }, Format::Csv);
    assert!(table.contains("\"'=Beta\"") && table.contains("\"Router, \"\"main\"\""), "{table}");
    assert!(
        table
            .lines()
            .next()
            .unwrap()
            .starts_with("time,trail,seq,kind,clock_back,back_ms,boot,up_ms,uid,user,login_uid,login,")
    );
}

#[test]
fn no_cell_begins_with_a_formula_whichever_character_separates_cells() {
    for hostile in [
        "=1+1",
        "a;=1+1",
        "a; =1+1",
        "a|@SUM(1)",
        "\u{ff1d}1+1",
        "a;\u{ff0b}1",
        "\u{ff0d}1",
        "\u{ff20}x",
        "  =1",
        "\t=1",
        "\r=1",
        "\"=1",
        "x\";=1;\"",
        "-2+3",
        "+49 30",
        "\u{a0}=1",
        ";;=1",
    ] {
        let cell = quoted(hostile);
        assert!(cell.starts_with('"') && cell.ends_with('"') && !cell.contains(['\t', '\r', '\n']), "{cell}");
        for part in cell.trim_matches('"').split([';', '|', '\t']) {
            let part = part.trim_start_matches(|c: char| c == '"' || c.is_whitespace());
            assert!(
                !part.starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']),
                "{hostile:?}: {cell}"
            );
        }
    }
    assert_eq!(quoted("Acme"), "\"Acme\"");
    assert_eq!(quoted("a \"b\", c-d"), "\"a \"\"b\"\", c-d\"");
    assert_eq!(csv(&Entry::default()).split(',').count(), COLUMNS.len());
}

#[test]
fn a_report_sums_per_person_and_client_and_names_what_had_no_ticket() {
    let (_dir, sources) = trail();
    let mut out = Vec::new();
    report(&sources, &Filter::default(), 80, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let numbers = |name: &str| -> Vec<u64> {
        let line = text.lines().find(|line| line.trim_start().starts_with(name)).unwrap();
        line[line.find(name).unwrap() + name.len()..].split_whitespace().map_while(|word| word.parse().ok()).collect()
    };
    assert_eq!(numbers("kim "), [1, 1, 0, 0, 0, 2], "{text}");
    assert_eq!(numbers("sam "), [1, 0, 1, 1, 1, 1], "{text}");
    assert_eq!(numbers("Acme | Sons"), [2, 0, 1, 1, 1, 2], "{text}");
    assert!(text.contains("without a ticket: 1\n") && text.lines().last().unwrap().contains("ESXi"), "{text}");
    assert!(text.contains("    on jump1\n"), "{text}");
    assert!(!text.contains('\u{1b}'));
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
}

#[test]
fn documents_that_were_read_and_lists_that_were_asked_for_are_told_as_that() {
    let dir = tempfile::tempdir().unwrap();
    let client = (OrganizationId::new(SourceId::NONE, 7), Clean::line("Acme"));
    let document = RecordKey::new(SourceId::NONE, Kind::Document, 5);
    let organization = RecordKey::new(SourceId::NONE, Kind::Organization, 7);
    for (user, action, record, name, outcome) in [
        ("kim", Action::ViewDocument, document, "Firewall *plan*", Outcome::Read),
        ("sam", Action::ViewDocument, document, "Firewall *plan*", Outcome::Read),
        ("sam", Action::ListPasswords, organization, "Acme", Outcome::Listed),
    ] {
        let me = Identity { uid: 1000, user: user.into(), ..Identity::default() };
        let audit = Audit::open(dir.path(), me).unwrap();
        let event = Event {
            organization: Some(client.clone()),
            ticket: "T-9".into(),
            reason: "broken".into(),
            ..Event::new(action, record, name.into())
        };
        let intent = audit.intent(&event).unwrap();
        audit.outcome(&intent, &outcome, None).unwrap();
    }
    let sources = snapshot(dir.path()).unwrap().sources;
    let mut out = Vec::new();
    report(&sources, &Filter::default(), 80, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let line = text.lines().find(|line| line.contains("Firewall *plan*")).unwrap();
    let numbers: Vec<_> = line.split_whitespace().rev().skip(1).take(2).collect();
    assert_eq!(numbers, ["2", "2"], "people and times: {text}");
    assert!(text.contains("without a ticket: 0\n"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    let text = note(&sources, "T-9").unwrap().text.unwrap();
    assert!(text.contains("- document **Firewall \\*plan\\***, id 5"), "{text}");
    assert!(text.contains(" UTC, kim: read the document\n"), "{text}");
    assert!(text.contains("- organization **Acme**, id 7\n") && text.contains("sam: listed the passwords\n"), "{text}");
    let only = Filter { action: Some("list-passwords".into()), ..Filter::default() };
    let mut out = Vec::new();
    show(&sources, &only, Format::Table, WIDE, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(text.contains("list-passwords: listed"), "{text}");
}

#[test]
fn a_table_is_as_wide_as_the_terminal_and_never_wider() {
    let (_dir, sources) = trail();
    for width in [80, 81, 100, 109, 110, 120, 143, 144, 200] {
        let mut out = Vec::new();
        show(&sources, &Filter::default(), Format::Table, width, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.lines().all(|line| line.chars().count() <= width), "{width}:\n{text}");
        assert_eq!(
            Layout::of(width).0.iter().filter(|&&column| column > 0).map(|column| column + 2).sum::<usize>(),
            width + 2
        );
        for wanted in ["kim", "sam", "T-1", "Acme", "reveal: hid", "Portal"] {
            assert!(text.contains(wanted), "{wanted} at {width}:\n{text}");
        }
    }
}

#[test]
fn accepted_cautions_stand_beside_the_intent_and_in_a_column_of_a_csv_file() {
    let entry = Entry { action: "reveal".into(), cautions: "tmux-clients,look-alike".into(), ..Entry::default() };
    assert_eq!(cells(&entry)[5], "reveal (tmux-clients, look-alike)");
    let shown = Entry { result: "shown".into(), person: "kim".into(), account: "northbeam".into(), ..entry };
    assert_eq!(cells(&shown)[5], "reveal: shown");
    assert_eq!(COLUMNS.last().map(|(name, _)| *name), Some("account"));
    assert!(csv(&shown).ends_with(",\"tmux-clients,look-alike\",\"kim\",\"northbeam\""), "{}", csv(&shown));
}

#[test]
fn whoever_a_process_acted_for_is_the_person() {
    let entry = Entry { user: "broker".into(), person: "kim".into(), host: "jump1".into(), ..Entry::default() };
    assert_eq!((person(&entry), who(&entry)), ("kim".to_owned(), "kim@jump1 by broker".to_owned()));
}

#[test]
fn who_logged_in_is_the_person_whoever_su_made_of_them() {
    let entry = Entry { user: "root".into(), login: "kim".into(), host: "jump1".into(), ..Entry::default() };
    assert_eq!((person(&entry), who(&entry)), ("kim".to_owned(), "kim@jump1 as root".to_owned()));
    let root = Filter { user: Some("root".into()), ..Filter::default() };
    let kim = Filter { user: Some("kim".into()), ..Filter::default() };
    assert!(root.fits(&entry) && kim.fits(&entry));
}

#[test]
fn every_action_has_words_for_a_ticket() {
    for action in Action::ALL {
        let (did, tried) = wording(action.word(), None, "User name");
        assert!(!did.contains("did ") && tried.starts_with("tried to "), "{action:?}: {did}, {tried}");
        assert!(!did.contains('-'), "not the word of the file: {did}");
    }
    assert_eq!(wording("reveal", Some(12), "").0, "showed version 12 of the password");
}

#[test]
fn markdown_is_escaped_where_it_would_mark_something_and_nowhere_else() {
    for plain in ["Harbour & Pine", "HPD\\svc_img", "C$", "a | b", "what! #12", "x > y", "R&D"] {
        let escaped = markdown(plain);
        assert!(escaped == plain || plain == "R&D" && escaped == "R\\&D", "{escaped}");
    }
    for (hostile, escaped) in [
        ("*a*", "\\*a\\*"),
        ("_a_", "\\_a\\_"),
        ("[a](b)", "\\[a](b)"),
        ("<b>", "\\<b>"),
        ("&lt;", "\\&lt;"),
        ("\\*", "\\\\\\*"),
        ("end\\", "end\\\\"),
        ("# a", "\\# a"),
        ("> a", "\\> a"),
        ("`a`", "\\`a\\`"),
    ] {
        assert_eq!(markdown(hostile), escaped);
    }
}

#[test]
fn a_note_says_what_was_used_for_the_ticket_and_stays_text() {
    let (_dir, sources) = trail();
    let text = note(&sources, "t-1").unwrap().text.unwrap();
    assert!(text.starts_with("## Ticket t-1: use of IT Glue\n"), "{text}");
    assert!(text.contains("### Acme | Sons") && text.contains("- password **Domain \\*admin\\***, id 41"), "{text}");
    assert!(text.contains("kim@jump1: showed the password; hidden: time"), "{text}");
    assert!(text.contains("kim@jump1, sam@jump1"), "{text}");
    assert!(!text.contains("ESXi"), "another deed: {text}");
    assert_eq!(note(&sources, "T-2").unwrap().text, None);
}

#[test]
fn a_value_whose_end_is_not_on_record_is_told_until_somebody_writes_it() {
    let (dir, _) = trail();
    let audit = Audit::open(dir.path(), Identity { user: "kim".into(), ..Identity::default() }).unwrap();
    let intent = audit
        .intent(&Event {
            ticket: "T-9".into(),
            ..Event::new(Action::Reveal, RecordKey::new(SourceId::NONE, Kind::Password, 9), "Left open".into())
        })
        .unwrap();
    audit.outcome(&intent, &Outcome::Shown, None).unwrap();
    let told = || {
        let sources = snapshot(dir.path()).unwrap().sources;
        let mut out = Vec::new();
        report(&sources, &Filter::default(), 80, &mut out).unwrap();
        let found = super::super::verify(&sources, None, &super::super::Anchors::default()).unwrap();
        (String::from_utf8(out).unwrap(), note(&sources, "T-9").unwrap().text.unwrap(), found.shown_first)
    };
    let (text, for_ticket, numbers) = told();
    let (_, list) = text.split_once("Shown, with no end on record: 1\n").unwrap();
    assert!(list.contains("Left open") && list.lines().count() == 1, "{text}");
    assert!(for_ticket.contains("showed the password; no end on record"), "{for_ticket}");
    assert_eq!(numbers, [intent.number()]);
    // The guard knows the place of the intent only.
    audit.outcome_of(&intent.reference(), &Outcome::Ended("the program was gone")).unwrap();
    let (text, for_ticket, numbers) = told();
    assert!(!text.contains("no end on record"), "{text}");
    assert!(for_ticket.contains("showed the password; ended (the program was gone)\n"), "{for_ticket}");
    assert_eq!(numbers, [] as [u64; 0]);
    // Before they were queued, two outcomes could reach the file the other way round.
    let event = Event {
        ticket: "T-9".into(),
        ..Event::new(Action::Reveal, RecordKey::new(SourceId::NONE, Kind::Password, 9), "Quick".into())
    };
    let quick = audit.intent(&event).unwrap();
    audit.outcome(&quick, &Outcome::Hidden("time"), None).unwrap();
    audit.outcome(&quick, &Outcome::Shown, None).unwrap();
    let (text, for_ticket, numbers) = told();
    assert!(!text.contains("no end on record") && !for_ticket.contains("no end on record"), "{text}{for_ticket}");
    assert_eq!(numbers, [] as [u64; 0]);
}
