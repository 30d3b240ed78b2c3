//! Attacks on a trail by a person who may write its files and does not have its first key: what is done, and whether it
//! is refused, found, and kept out of lists, sums and notes.

use super::view::{Filter, Format, note, report, show};
use super::*;

const TICKET: &str = "T-FORGED";

/// A forged record, in whatever form.
fn forged(trail: &str, seq: u64, more: &str) -> String {
    format!(
        "{{\"v\":1,\"trail\":\"{trail}\",\"seq\":{seq},\"kind\":\"intent\",\"time\":\"2026-01-01T00:00:00.000Z\",\"user\":\"alice\",\
         \"action\":\"reveal\",\"org\":1,\"org_name\":\"X\",\"record\":\"passwords\",\"record_id\":7,\"record_name\":\"Admin\",\
         \"ticket\":\"{TICKET}\"{more}}}"
    )
}

/// A trail of a start, and intents with outcomes, over several files.
fn small(known: &Known, reveals: usize) -> Audit {
    let audit = known.open_small().unwrap();
    for _ in 0..reveals {
        let intent = audit.intent(&event()).unwrap();
        audit.outcome(&intent, &Outcome::Shown, None).unwrap();
        audit.outcome(&intent, &Outcome::Hidden("time"), None).unwrap();
    }
    audit
}

fn seen(known: &Known) -> String {
    let sources = snapshot(known.dir.path()).unwrap().sources;
    let mut out = Vec::new();
    for format in [Format::Table, Format::Csv, Format::Jsonl] {
        show(&sources, &Filter::default(), format, 200, &mut out).unwrap();
    }
    report(&sources, &Filter::default(), 80, &mut out).unwrap();
    out.extend(note(&sources, TICKET).unwrap().text.unwrap_or_default().into_bytes());
    String::from_utf8(out).unwrap()
}

fn found(known: &Known) -> Option<Wrong> {
    let now = snapshot(known.dir.path()).unwrap();
    let mut anchors = Anchors::default();
    now.note.into_iter().for_each(|note| anchors.set_note(note));
    verify(&now.sources, None, &anchors).unwrap().fault.map(|fault| fault.wrong)
}

fn append(path: &Path, bytes: &[u8]) {
    fs::OpenOptions::new().append(true).open(path).unwrap().write_all(bytes).unwrap();
}

#[test]
fn a_line_that_nobody_wrote_is_refused_found_and_shown_nowhere_before_and_after_the_next_reveal() {
    type Forge = fn(&str, u64, &str) -> Vec<u8>;
    let cases: [(&str, Forge); 19] = [
        ("far ahead", |t, _, _| (forged(t, 4711, "") + "\n").into()),
        ("the next number", |t, n, _| (forged(t, n, "") + "\n").into()),
        ("linked to the last record", |t, n, p| {
            (forged(t, n, &format!(",\"prev\":\"{p}\",\"mac\":\"{}\"", "0".repeat(64))) + "\n").into()
        }),
        ("a number that was given", |t, _, _| (forged(t, 1, "") + "\n").into()),
        ("of another trail", |_, n, _| (forged("0101010101010101", n, "") + "\n").into()),
        ("without a line break", |t, n, _| forged(t, n, "").into()),
        ("with blanks behind", |t, n, _| (forged(t, n, "") + "   ").into()),
        ("with something behind", |t, n, _| (forged(t, n, "") + " x").into()),
        ("with a beginning of a record behind", |t, n, _| (forged(t, n, "") + "\n{\"v\":1,\"trail\":").into()),
        ("behind the beginning of one", |t, n, _| format!("{{\"v\":1,\"tr\n{}\n", forged(t, n, "")).into()),
        ("behind an empty line", |t, n, _| format!("\n{}", forged(t, n, "")).into()),
        ("with a member twice", |t, n, _| (forged(t, n, ",\"seq\":1,\"user\":\"bob\"") + "\n").into()),
        ("with a zero byte behind", |t, n, _| (forged(t, n, "") + "\0").into()),
        ("behind zero bytes", |t, n, _| ("\0\0\0\n".to_owned() + &forged(t, n, "") + "\n").into()),
        ("behind blanks", |t, n, _| (" ".to_owned() + &forged(t, n, "") + "\n").into()),
        ("a long one", |t, n, _| (forged(t, n, &format!(",\"x\":\"{}\"", "x".repeat(70_000))) + "\n").into()),
        ("many", |t, n, _| (0..400).flat_map(|at| (forged(t, n + at, "") + "\n").into_bytes()).collect()),
        ("an outcome that hides", |t, n, _| {
            format!("{{\"trail\":\"{t}\",\"seq\":{n},\"kind\":\"outcome\",\"of\":1,\"result\":\"hidden\",\"why\":\"{TICKET}\"}}\n").into()
        }),
        ("a recovery that speaks of it", |t, n, p| {
            let line = forged(t, n, "") + "\n";
            let recovery = format!(
                "{{\"v\":1,\"trail\":\"{t}\",\"seq\":{n},\"kind\":\"recovery\",\"bytes\":{},\"prev\":\"{p}\",\"mac\":\"{}\"}}\n",
                line.len(),
                "0".repeat(64)
            );
            (line + &recovery).into()
        }),
    ];
    for (what, forge) in cases {
        let known = Known::new();
        let audit = small(&known, 2);
        let state = known.state();
        let line = forge(&record::hex(&state.trail), state.next, &record::hex(&state.head));
        append(&known.log(), &line);
        for _ in 0..2 {
            assert!(!seen(&known).contains(TICKET), "{what} is shown: {}", seen(&known));
            assert_eq!(found(&known), Some(Wrong::Inserted), "{what}");
            let error = audit.intent(&event()).expect_err(what);
            assert!(matches!(error, AuditError::Inserted { .. }), "{what}: {error}");
            assert!(error.to_string().contains("gluepot audit restart"), "{error}");
        }
        assert!(seen(&known).contains("left out"), "{what}");
        // What archives it leaves a trail that is in order.
        drop(audit);
        let _ = restart(known.dir.path(), me(), patient(FULL), "forged lines", |_| Ok(())).unwrap();
        assert_eq!(found(&known), None, "{what}, archived");
        assert!(!seen(&known).contains(TICKET), "{what}, archived");
    }
}

/// An older program took a forged line for the rest of a crash and sealed that.
#[test]
fn a_forged_line_that_was_healed_before_is_found_and_left_out() {
    let known = Known::new();
    drop(small(&known, 1));
    let state = known.state();
    let line = forged(&record::hex(&state.trail), 4711, "");
    let audit = known.open().unwrap();
    let mut recovery = Line::new("recovery", &state.trail, state.next);
    recovery.text("why", "a record was not written whole", 100).number("bytes", line.len() as u64 + 1);
    let sealed = recovery.seal(&record::hash(line.as_bytes()), &state.key);
    append(&known.log(), format!("{line}\n").as_bytes());
    append(&known.log(), &sealed);
    let mut after = known.state();
    after.size += line.len() as u64 + 1;
    after.advance(sealed.trim_ascii_end(), sealed.len() as u64);
    known.set_state(&after);
    let _ = audit.intent(&event()).unwrap();
    assert_eq!(found(&known), Some(Wrong::Inserted));
    assert!(!seen(&known).contains(TICKET), "{}", seen(&known));
}

#[test]
fn forged_lines_in_closed_files_and_between_records_are_found_and_left_out_and_the_rest_is_shown() {
    for place in 0..4 {
        let known = Known::new();
        let audit = small(&known, 6);
        let whole = seen(&known).matches("reveal: hidden").count();
        let state = known.state();
        let line = forged(&record::hex(&state.trail), 5, "") + "\n";
        let logs = known.logs();
        let before = |path: &Path, at: usize| {
            let text = fs::read_to_string(path).unwrap();
            let mut lines: Vec<_> = text.split_inclusive('\n').collect();
            lines.insert(at, &line);
            fs::write(path, lines.concat()).unwrap();
        };
        match place {
            0 => before(&logs[0], 2),
            1 => append(&logs[0], line.as_bytes()),
            2 => before(&logs[1], 1),
            _ => {
                let path = known.dir.path().join(closed_name(2));
                fs::write(&path, line.replace("\"intent\"", "\"continue\"")).unwrap();
            }
        }
        assert!(found(&known).is_some(), "{place}");
        let text = seen(&known);
        assert!(!text.contains(TICKET) && text.contains("left out"), "{place}: {text}");
        assert_eq!(text.matches("reveal: hidden").count(), whole, "{place}: {text}");
        drop(audit);
    }
}

#[test]
fn an_edited_record_is_left_out_and_those_behind_it_are_shown() {
    let known = Known::new();
    let audit = known.open().unwrap();
    for _ in 0..5 {
        let _ = audit.intent(&event()).unwrap();
    }
    let text = fs::read_to_string(known.log()).unwrap();
    let edited: String = text
        .split_inclusive('\n')
        .enumerate()
        .map(|(at, line)| if at == 2 { line.replace("T-4711", TICKET) } else { line.to_owned() })
        .collect();
    fs::write(known.log(), edited).unwrap();
    let shown = seen(&known);
    assert!(!shown.contains(TICKET), "{shown}");
    assert_eq!(shown.matches("\"kind\":\"intent\"").count(), 4, "{shown}");
}

#[test]
fn a_file_that_is_deleted_shows_whichever_it_is() {
    for gone in 0..4 {
        let known = Known::new();
        drop(small(&known, 8));
        let logs = known.logs();
        assert!(logs.len() > 3);
        let last = logs.len() - 1;
        let wanted = match gone {
            0 => Wrong::BeginningMissing,
            1 | 2 => Wrong::Deleted,
            _ => Wrong::TailCut,
        };
        fs::remove_file(
            &logs[match gone {
                0 | 1 => gone,
                2 => last - 1,
                _ => last,
            }],
        )
        .unwrap();
        assert_eq!(found(&known), Some(wanted), "{gone}");
    }
    // An archived folder is also part of the history.
    let known = Known::new();
    drop(small(&known, 1));
    let (_, aside) = restart(known.dir.path(), me(), patient(FULL), "a new key", |_| Ok(())).unwrap();
    assert_eq!(found(&known), None);
    fs::rename(&aside, known.dir.path().join("elsewhere")).unwrap();
    assert_eq!(found(&known), Some(Wrong::BeginningMissing));
    let sources = snapshot(known.dir.path()).unwrap().sources;
    assert_eq!(
        verify_from(&sources, None, &Anchors::default(), Some(0)).unwrap().fault,
        None,
        "told that it is elsewhere"
    );
}

/// Copies as a log system has them, and the first key.
fn copies(known: &Known) -> (Vec<String>, FirstKey) {
    let copies = known.lines().iter().map(|line| format!("Nov 22 13:00:00 jump1 gluepot[7]: {line}")).collect();
    (copies, FirstKey { trail: known.first.trail, key: known.first.key.clone() })
}

fn compared(known: &Known, key: Option<&FirstKey>, copies: &[String]) -> Report {
    let mut anchors = key.map(Anchors::checked_with).unwrap_or_default();
    anchors.read(copies.join("\n").as_bytes()).unwrap();
    let now = snapshot(known.dir.path()).unwrap();
    now.note.into_iter().for_each(|note| anchors.set_note(note));
    verify(&now.sources, key, &anchors).unwrap()
}

#[test]
fn a_record_without_a_copy_is_named_and_those_from_before_the_first_copy_are_told_apart() {
    let known = Known::new();
    drop(small(&known, 3));
    let (all, key) = copies(&known);
    let wrong = |copies: &[String]| compared(&known, Some(&key), copies).fault.map(|fault| fault.wrong);
    let report = compared(&known, Some(&key), &all);
    assert_eq!((report.fault, report.copies_from, report.uncopied), (None, Some(0), 0));
    let report = compared(&known, Some(&key), &all[4..]);
    assert_eq!((report.fault, report.copies_from, report.uncopied), (None, Some(4), 0), "the sink was set up later");
    let mut some = all.clone();
    some.remove(6);
    some.pop();
    let report = compared(&known, Some(&key), &some);
    let last = all.len() as u64 - 1;
    assert_eq!(report.uncopied_first, [(6, 6), (last, last)]);
    assert_eq!(report.fault.unwrap().wrong, Wrong::NoCopy);
    assert_eq!(wrong(&all[..all.len() - 1]), Some(Wrong::NoCopy), "the last one is sealed with today's key");
    assert_eq!(wrong(&all[..1]), Some(Wrong::NoCopy));
}

#[test]
fn a_forged_copy_accuses_nobody_where_the_key_is_there_to_tell() {
    let known = Known::new();
    drop(small(&known, 3));
    let (all, key) = copies(&known);
    let trail = record::hex(&known.first.trail);
    let zeros = "0".repeat(64);
    let seal = format!(",\"prev\":\"{zeros}\",\"mac\":\"{zeros}\"");
    for (what, line) in [
        ("ahead of the end", forged(&trail, 99_999, &seal)),
        ("far ahead", forged(&trail, u64::MAX, &seal)),
        ("another form of a record", forged(&trail, 4, &seal)),
        ("another form of the last", forged(&trail, all.len() as u64 - 1, &seal)),
        (
            "one that was cut",
            format!("{{\"copy\":true,\"trail\":\"{trail}\",\"seq\":99,\"cut\":true,\"hash\":\"{zeros}\"}}"),
        ),
        (
            "one that was cut, with a seal",
            format!(
                "{{\"copy\":true,\"trail\":\"{trail}\",\"seq\":4,\"cut\":true,\"hash\":\"{zeros}\",\"seal\":\"{zeros}\"}}"
            ),
        ),
        ("a copy with a letter changed", all[4].replace("T-4711", "T-4712")),
    ] {
        for lines in
            [[&all[..], std::slice::from_ref(&line)].concat(), [std::slice::from_ref(&line), &all[..]].concat()]
        {
            let report = compared(&known, Some(&key), &lines);
            assert_eq!((report.fault, report.forged_copies), (None, 1), "{what}");
            let fault = compared(&known, None, &lines).fault.expect(what);
            assert!(matches!(fault.wrong, Wrong::TailCut | Wrong::CopiesDiffer), "{what}: {fault:?}");
            assert!(fault.detail.contains("says nothing about who") && fault.detail.contains("--key"), "{fault:?}");
        }
    }
    // What is true is trusted: an end that was cut off, by a copy with its seal.
    let text = fs::read_to_string(known.log()).unwrap();
    let lines: Vec<_> = text.split_inclusive('\n').collect();
    fs::write(known.log(), lines[..lines.len() - 1].concat()).unwrap();
    fs::remove_file(known.dir.path().join("audit.key")).unwrap();
    assert_eq!(compared(&known, Some(&key), &all).fault.unwrap().wrong, Wrong::TailCut);
}

/// Two hosts share the files and not the lock: one writes from what it read before the other wrote.
#[test]
fn a_record_that_was_overtaken_is_put_right_by_whoever_wrote_it_and_nothing_acknowledged_is_left_out() {
    for late in 1..3 {
        let known = Known::new();
        let (one, other) = (known.open().unwrap(), known.open().unwrap());
        let _ = other.intent(&event()).unwrap();
        let error = one
            .locked(|trail| {
                // As if the lock did not reach there: the other writes in between.
                let old = fs::read(known.dir.path().join("audit.key")).unwrap();
                let mut second = Trail::open(&other, None)?;
                for _ in 0..late {
                    second.append("intent", |line, _| describe(line, &event()))?;
                }
                if late == 2 {
                    fs::write(known.dir.path().join("audit.key"), old).unwrap();
                }
                trail.append("intent", |line, _| describe(line, &Event { ticket: TICKET.into(), ..event() }))
            })
            .unwrap_err();
        assert!(matches!(error, AuditError::Altered { .. }), "{error}");
        let _ = one.intent(&event()).unwrap();
        let _ = other.intent(&event()).unwrap();
        assert_eq!(found(&known), None, "{late}");
        let text = seen(&known);
        assert!(!text.contains("left out") && !text.contains(TICKET), "{text}");
        assert_eq!(text.matches("\"kind\":\"intent\"").count(), 3 + late, "{text}");
    }
}
