#![expect(clippy::unwrap_used, reason = "a failed set-up is a failed test")]

use std::io::BufReader;
use std::path::Path;

use proptest::prelude::*;
use tempfile::TempDir;

use zeroize::Zeroizing;

use super::super::read::read_line;
use super::super::record::{self, Hash, Key, Line};
use super::super::torn::MAX_TORN;
use super::walk::{Expected, Place};
use super::*;

const TRAIL: [u8; 8] = [5; 8];

fn first_key() -> FirstKey {
    FirstKey { trail: TRAIL, key: Zeroizing::new([1; 32]) }
}

/// A trail of `n` records, each line with its line break, and what was expected of each with its key.
fn trail(records: u64) -> (Vec<Vec<u8>>, Vec<(Expected, Key)>) {
    let (mut head, mut key) = ([0; 32], first_key().key);
    let mut expected = Vec::new();
    let lines = (0..records)
        .map(|seq| {
            expected.push((Expected { trail: Some(TRAIL), next: Some(seq), head: Some(head) }, key.clone()));
            let kind = match seq {
                0 => "start",
                odd if odd % 2 == 1 => "intent",
                _ => "outcome",
            };
            let mut line = Line::new(kind, &TRAIL, seq);
            line.text("time", &format!("2026-11-22T13:{:02}:{:02}.000Z", seq / 60 % 60, seq % 60), 40);
            line.number("uid", 1000).text("user", "kim", 10).text("ticket", "T-4711 \"\u{1F600}\"", 40);
            if kind == "outcome" {
                line.number("of", seq - 1);
            }
            let sealed = line.seal(&head, &key);
            head = record::hash(sealed.trim_ascii_end());
            key = record::next_key(&key);
            sealed
        })
        .collect();
    (lines, expected)
}

fn check(dir: &Path, bytes: &[u8], keyed: bool, anchors: &Anchors) -> Report {
    let path = dir.join("audit.log");
    std::fs::write(&path, bytes).unwrap();
    verify(&[Source::at(&path).unwrap()], keyed.then(first_key).as_ref(), anchors).unwrap()
}

fn end_of(lines: &[Vec<u8>]) -> Anchors {
    let (hash, seq) = (record::hash(lines.last().unwrap().trim_ascii_end()), lines.len() as u64 - 1);
    let mut anchors = Anchors::default();
    anchors.add(Anchor { trail: TRAIL, seq, hash }).unwrap();
    anchors
}

/// What verify says about a trail of 1,000 records to which something was done: with the first key, and with the end
/// that `audit.key` remembers.
fn wrongs(harm: impl Fn(&mut Vec<Vec<u8>>)) -> [Option<(u64, Wrong)>; 2] {
    let (mut lines, _) = trail(1000);
    let end = end_of(&lines);
    harm(&mut lines);
    let dir = TempDir::new().unwrap();
    [(true, &Anchors::default()), (false, &end)].map(|(keyed, anchors)| {
        check(dir.path(), &lines.concat(), keyed, anchors).fault.map(|fault| (fault.line, fault.wrong))
    })
}

fn both(line: u64, wrong: Wrong) -> [Option<(u64, Wrong)>; 2] {
    [Some((line, wrong)); 2]
}

#[test]
fn a_trail_in_order_has_nothing_wrong() {
    let (lines, _) = trail(1000);
    let dir = TempDir::new().unwrap();
    let report = check(dir.path(), &lines.concat(), true, &end_of(&lines));
    assert_eq!(report.fault, None);
    assert_eq!((report.records, report.range, report.keyed, report.anchored), (1000, Some((0, 999)), true, 1));
    assert_eq!((report.open, report.open_first), (1, vec![999]));
    assert_eq!((report.clock_back, report.healed), (0, 0));
}

#[test]
fn what_is_wrong_has_a_word_of_its_own() {
    let words = [
        (Wrong::Torn, "torn"),
        (Wrong::Edited, "edited"),
        (Wrong::Deleted, "deleted"),
        (Wrong::Swapped, "swapped"),
        (Wrong::Repeated, "repeated"),
        (Wrong::Inserted, "inserted"),
        (Wrong::ChainBroken, "chain broken"),
        (Wrong::WrongMac, "MAC wrong"),
        (Wrong::SequenceGap, "sequence gap"),
        (Wrong::TailCut, "tail cut"),
        (Wrong::Lost, "lost"),
        (Wrong::Rewritten, "rewritten"),
        (Wrong::AnotherTrail, "another trail"),
        (Wrong::BeginningMissing, "beginning missing"),
        (Wrong::NoCopy, "no copy"),
        (Wrong::CopiesDiffer, "copies differ"),
    ];
    for (wrong, word) in words {
        assert_eq!(format!("{wrong:>17}"), format!("{word:>17}"));
    }
    assert!(Anchors::default().is_empty());
    assert_eq!(Anchors::default().len(), 0);
    let anchors = end_of(&trail(3).0);
    assert!(!anchors.is_empty() && anchors.len() == 1);
}

#[test]
fn an_edited_record_is_named() {
    let edit = |lines: &mut Vec<Vec<u8>>, at: usize, from: &str, to: &str| {
        lines[at] = String::from_utf8(lines[at].clone()).unwrap().replacen(from, to, 1).into_bytes();
    };
    assert_eq!(wrongs(|lines| edit(lines, 500, "kim", "sam")), both(501, Wrong::Edited));
    assert_eq!(wrongs(|lines| edit(lines, 500, "\"seq\":500", "\"seq\":520")), both(501, Wrong::Edited));
    assert_eq!(wrongs(|lines| edit(lines, 500, "\"seq\":500", "\"seq\":410")), both(501, Wrong::Edited));
    assert_eq!(wrongs(|lines| edit(lines, 500, "{", "[")), both(501, Wrong::Edited));
    assert_eq!(wrongs(|lines| edit(lines, 500, "prev\":\"", "prev\":\"0")), both(501, Wrong::Edited));
    assert_eq!(wrongs(|lines| edit(lines, 500, "0505", "0606")), both(501, Wrong::Edited));
    assert_eq!(wrongs(|lines| edit(lines, 999, "\"seq\":999", "\"seq\":410")), both(1000, Wrong::Edited));
    assert_eq!(wrongs(|lines| edit(lines, 999, "{", "[")), both(1000, Wrong::Edited));
    // Without the key it is the one of the two that does not follow.
    let [keyed, noted] = wrongs(|lines| edit(lines, 998, "kim", "sam"));
    assert_eq!((keyed, noted), (Some((999, Wrong::Edited)), Some((1000, Wrong::ChainBroken))));
    let [keyed, noted] = wrongs(|lines| edit(lines, 999, "kim", "sam"));
    assert_eq!((keyed, noted), (Some((1000, Wrong::Edited)), Some((1000, Wrong::Rewritten))));
}

#[test]
fn removed_records_are_named() {
    for (range, line) in [(0..1, 1), (0..10, 1), (500..501, 501), (500..600, 501)] {
        let harm = |lines: &mut Vec<Vec<u8>>| drop(lines.drain(range.clone()));
        assert_eq!(wrongs(harm), both(line, Wrong::Deleted), "{range:?}");
    }
    let [keyed, noted] = wrongs(|lines| lines.truncate(900));
    assert_eq!(keyed, None, "nothing in the file tells of what follows");
    assert_eq!(noted, Some((900, Wrong::TailCut)));
    let [keyed, noted] = wrongs(Vec::clear);
    assert_eq!((keyed, noted), (None, Some((0, Wrong::Lost))));
}

#[test]
fn moved_and_doubled_records_are_named() {
    assert_eq!(wrongs(|lines| lines.swap(500, 501)), both(501, Wrong::Swapped));
    assert_eq!(wrongs(|lines| lines.swap(500, 800)), both(501, Wrong::Swapped));
    assert_eq!(wrongs(|lines| lines.swap(998, 999)), both(999, Wrong::Swapped));
    assert_eq!(wrongs(|lines| lines.insert(501, lines[500].clone())), both(502, Wrong::Repeated));
    assert_eq!(wrongs(|lines| lines.insert(700, lines[3].clone())), both(701, Wrong::Repeated));
    assert_eq!(wrongs(|lines| lines.push(lines[999].clone())), both(1001, Wrong::Repeated));
}

#[test]
fn inserted_lines_are_named() {
    for foreign in ["hello\n", "\n", "{\"v\":1}\n", "\u{0}\u{ff}\n"] {
        let insert = |lines: &mut Vec<Vec<u8>>| lines.insert(500, foreign.as_bytes().to_vec());
        assert_eq!(wrongs(insert), both(501, Wrong::Inserted), "{foreign:?}");
        let many = |lines: &mut Vec<Vec<u8>>| drop(lines.splice(500..500, vec![foreign.as_bytes().to_vec(); 20]));
        assert_eq!(wrongs(many), both(501, Wrong::Inserted), "{foreign:?}");
        let first = |lines: &mut Vec<Vec<u8>>| lines.insert(0, foreign.as_bytes().to_vec());
        assert_eq!(wrongs(first), both(1, Wrong::Inserted), "{foreign:?}");
        let last = |lines: &mut Vec<Vec<u8>>| lines.extend(vec![foreign.as_bytes().to_vec(); 2]);
        assert_eq!(wrongs(last), both(1001, Wrong::Torn), "{foreign:?}");
    }
    let forged = |lines: &mut Vec<Vec<u8>>| {
        let mut line = Line::new("intent", &TRAIL, 500);
        line.text("user", "sam", 10);
        let prev = record::hash(lines[499].trim_ascii_end());
        lines.insert(500, line.seal(&prev, &Zeroizing::new([9; 32])));
    };
    let [keyed, noted] = wrongs(forged);
    assert_eq!(keyed, Some((501, Wrong::Inserted)));
    assert!(noted.is_some(), "{noted:?}");
    let old_number = |lines: &mut Vec<Vec<u8>>| lines.insert(500, forged_line(&TRAIL, 410));
    assert_eq!(wrongs(old_number), both(501, Wrong::Inserted));
    let of_another_trail = |lines: &mut Vec<Vec<u8>>| lines.insert(500, forged_line(&[6; 8], 500));
    assert_eq!(wrongs(of_another_trail), both(501, Wrong::Inserted));
}

/// A forged record.
fn forged_line(trail: &[u8; 8], seq: u64) -> Vec<u8> {
    let mut line = Line::new("intent", trail, seq);
    line.text("user", "sam", 10);
    line.seal(&[8; 32], &Zeroizing::new([9; 32]))
}

#[test]
fn of_two_things_that_are_wrong_the_first_is_named_and_nothing_is_said_of_what_follows_that_is_not_so() {
    let change = |lines: &mut Vec<Vec<u8>>, with: &[&Vec<u8>], instead_of: usize| {
        lines.splice(500..500 + instead_of, with.iter().copied().cloned());
    };
    let (hello, hundred) = (b"hello\n".to_vec(), forged_line(&[6; 8], 100));
    // No record, and the one that has to follow does not follow from the one before.
    assert_eq!(wrongs(|lines| change(lines, &[&hello, &forged_line(&TRAIL, 500)], 1)), both(501, Wrong::Torn));
    // Records of another trail, also where some of this one are gone.
    assert_eq!(wrongs(|lines| change(lines, &[&hundred, &hundred], 1)), both(501, Wrong::AnotherTrail));
    assert_eq!(wrongs(|lines| change(lines, &[&hundred], 2)), both(501, Wrong::AnotherTrail));
    assert_eq!(wrongs(|lines| change(lines, &[&hundred], 1)), both(501, Wrong::Edited));
    // A number that was given before, in a record that is not that one, and the next is gone too.
    assert_eq!(wrongs(|lines| change(lines, &[&forged_line(&TRAIL, 410)], 2)), both(501, Wrong::SequenceGap));
}

#[test]
fn what_is_missing_is_told_by_its_numbers() {
    let dir = TempDir::new().unwrap();
    for (gone, told) in [
        (500..501, "record 500 before it is missing"),
        (500..502, "records 500 to 501 before it are missing"),
        (500..600, "records 500 to 599 before it are missing"),
    ] {
        let (mut lines, _) = trail(1000);
        lines.drain(gone);
        assert_eq!(check(dir.path(), &lines.concat(), true, &Anchors::default()).fault.unwrap().detail, told);
    }
}

/// A trail that is written record by record.
struct Chain {
    head: Hash,
    key: Key,
    next: u64,
    bytes: Vec<u8>,
}

impl Chain {
    fn begin() -> Self {
        let mut chain = Self { head: [0; 32], key: first_key().key, next: 0, bytes: Vec::new() };
        chain.add("start", |_| {});
        chain
    }

    fn add(&mut self, kind: &str, fill: impl FnOnce(&mut Line)) -> u64 {
        let mut line = Line::new(kind, &TRAIL, self.next);
        fill(&mut line);
        let sealed = line.seal(&self.head, &self.key);
        self.head = record::hash(sealed.trim_ascii_end());
        self.key = record::next_key(&self.key);
        self.bytes.extend(sealed);
        self.next += 1;
        self.next - 1
    }

    fn outcome(&mut self, of: u64, result: &str) {
        self.add("outcome", |line| {
            line.number("of", of).text("result", result, 20);
        });
    }

    /// Lines that a crash left, noted with a length.
    fn torn(&mut self, lines: &[&[u8]], told: usize) {
        for (at, line) in lines.iter().enumerate() {
            // What readers keep of a line.
            let kept = &line[..line.len().min(record::MAX_LINE)];
            self.head = if at == 0 { record::hash(kept) } else { record::hash_after(&self.head, kept) };
            self.bytes.extend([line, &b"\n"[..]].concat());
        }
        self.add("recovery", |line| {
            line.number("bytes", told as u64);
        });
    }

    /// With the first key and without.
    fn reports(&self) -> [Report; 2] {
        let dir = TempDir::new().unwrap();
        [true, false].map(|keyed| check(dir.path(), &self.bytes, keyed, &Anchors::default()))
    }

    fn wrongs(&self) -> [Option<(u64, Wrong)>; 2] {
        self.reports().map(|report| report.fault.map(|fault| (fault.line, fault.wrong)))
    }
}

#[test]
fn lines_that_were_not_written_whole_are_in_order_where_a_record_tells_how_long_they_are() {
    for lines in [&[&b"{\"v\":1"[..]][..], &[b"one", b"", b"three"]] {
        let length = lines.iter().map(|line| line.len() + 1).sum::<usize>();
        // The last line break came with the record, or was there already.
        for told in [length, length - 1] {
            let mut chain = Chain::begin();
            chain.torn(lines, told);
            chain.add("intent", |_| {});
            for report in chain.reports() {
                assert_eq!((report.fault, report.healed, report.records), (None, 1, 3), "{told}");
            }
        }
        for told in [0, length - 2, length + 1] {
            let mut chain = Chain::begin();
            chain.torn(lines, told);
            assert_eq!(chain.wrongs(), both(2, Wrong::Torn), "{told}");
        }
    }
    let mut chain = Chain::begin();
    chain.torn(&[b""], 1);
    let speaks_of_nothing = String::from_utf8(chain.bytes.clone()).unwrap().replace("recovery", "intent");
    let dir = TempDir::new().unwrap();
    let report = check(dir.path(), speaks_of_nothing.as_bytes(), false, &Anchors::default());
    assert!(report.fault.is_some(), "another record does not heal: {report:?}");
}

#[test]
fn lines_that_were_noted_as_not_whole_can_be_neither_changed_nor_removed() {
    let mut chain = Chain::begin();
    chain.torn(&[b"one", b"two", b"three"], 14);
    chain.add("intent", |_| {});
    let text = String::from_utf8(chain.bytes.clone()).unwrap();
    for (was, is, wrong) in [
        ("one", "eno", Wrong::Torn),
        ("two", "owt", Wrong::Torn),
        ("three", "eerht", Wrong::Torn),
        ("one\ntwo\nthree\n", "", Wrong::ChainBroken),
    ] {
        chain.bytes = text.replacen(was, is, 1).into_bytes();
        assert_eq!(chain.wrongs(), both(2, wrong), "{was:?} to {is:?}");
    }
}

#[test]
fn more_lines_than_a_crash_leaves_or_a_longer_one_are_wrong_whatever_a_record_says_of_them() {
    let (line, rest) = (vec![b'x'; (1 << 13) - 1], vec![b'x'; (1 << 13) + 1]);
    let mut lines = vec![&line[..]; MAX_TORN as usize >> 13];
    let mut chain = Chain::begin();
    chain.torn(&lines, MAX_TORN as usize);
    assert_eq!(chain.wrongs(), [None; 2], "as much as a crash may leave");
    lines[7] = &rest;
    let mut chain = Chain::begin();
    chain.torn(&lines, MAX_TORN as usize + 2);
    assert_eq!(chain.wrongs(), both(2, Wrong::Inserted), "more");
    let mut chain = Chain::begin();
    chain.torn(&[&vec![b'x'; record::MAX_LINE + 1]], record::MAX_LINE + 2);
    assert_eq!(chain.wrongs(), both(2, Wrong::Edited), "longer than a record");
}

#[test]
fn a_record_whose_line_break_is_gone_is_torn() {
    let [keyed, noted] = wrongs(|lines| {
        lines.last_mut().unwrap().pop();
    });
    assert_eq!((keyed, noted), (Some((1000, Wrong::Torn)), Some((1000, Wrong::Torn))));
}

#[test]
fn values_that_were_shown_and_have_no_end_are_counted() {
    let mut chain = Chain::begin();
    let [shown, hidden, ended, again, other_way_round] = [(); 5].map(|()| chain.add("intent", |_| {}));
    for (of, results) in [
        (shown, &["shown"][..]),
        (hidden, &["shown", "hidden"]),
        (ended, &["shown", "ended"]),
        (again, &["shown", "hidden", "shown"]),
        (other_way_round, &["hidden", "shown"]),
    ] {
        for result in results {
            chain.outcome(of, result);
        }
    }
    for report in chain.reports() {
        assert_eq!((report.shown, report.shown_first), (2, vec![shown, again]));
        assert_eq!((report.open, report.fault), (0, None));
    }
}

#[test]
fn of_more_than_there_is_room_for_only_the_number_is_known() {
    let mut chain = Chain::begin();
    let intents = [(); 5].map(|()| chain.add("intent", |_| {}));
    for of in intents {
        chain.outcome(of, "shown");
    }
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("audit.log");
    std::fs::write(&path, &chain.bytes).unwrap();
    let sources = [Source::at(&path).unwrap()];
    let look = |room| {
        let (anchors, first_key) = (Anchors::default(), first_key());
        let mut walk = Walk::new(&sources, Some(&first_key), &anchors, room);
        assert_eq!(walk.run().unwrap(), None);
        walk.into_report(None)
    };
    let all = look(5);
    assert_eq!((all.open, all.shown, all.shown_first), (0, 5, intents.to_vec()));
    let three = look(3);
    assert_eq!((three.open, three.shown, three.shown_first), (2, 5, intents[..3].to_vec()));
    // An end that came before its beginning is remembered as long as there is room.
    let mut chain = Chain::begin();
    let two = [(); 2].map(|()| chain.add("intent", |_| {}));
    for result in ["hidden", "shown"] {
        for of in two {
            chain.outcome(of, result);
        }
    }
    std::fs::write(&path, &chain.bytes).unwrap();
    let sources = [Source::at(&path).unwrap()];
    let shown = |room| {
        let anchors = Anchors::default();
        let mut walk = Walk::new(&sources, None, &anchors, room);
        assert_eq!(walk.run().unwrap(), None);
        walk.into_report(None).shown
    };
    assert_eq!((shown(2), shown(1)), (0, 1));
}

#[test]
fn clocks_that_went_back_and_copies_that_were_not_sent_are_counted() {
    let mut chain = Chain::begin();
    for (time, back, unsent) in
        [("13:00", false, 0), ("13:01", false, 2), ("13:00", false, 0), ("13:00", false, 0), ("13:02", true, 3)]
    {
        chain.add("intent", |line| {
            line.text("time", time, 10).flag("clock_back", back).number("unsent", unsent);
        });
    }
    for report in chain.reports() {
        assert_eq!((report.clock_back, report.first_clock_back), (2, Some(3)), "an earlier time, and one that says so");
        assert_eq!(report.unsent, 5);
    }
}

#[test]
fn a_trail_whose_first_logs_are_stored_away_is_checked_from_there_on() {
    let mut chain = Chain::begin();
    chain.add("intent", |_| {});
    let hash_of_one = chain.head;
    chain.bytes.clear();
    chain.add("continue", |line| {
        line.text("follows", "audit-000000000000.log", 30);
    });
    let hash_of_two = chain.head;
    chain.add("intent", |_| {});
    let mut anchors = Anchors::default();
    for (seq, hash) in [(0, [1; 32]), (1, hash_of_one), (2, hash_of_two), (3, chain.head)] {
        anchors.add(Anchor { trail: TRAIL, seq, hash }).unwrap();
    }
    let dir = TempDir::new().unwrap();
    let report = check(dir.path(), &chain.bytes, true, &anchors);
    let fault = report.fault.unwrap();
    assert_eq!((fault.wrong, report.range), (Wrong::BeginningMissing, Some((2, 3))));
    assert!(fault.detail.contains("--from 2") && report.further.is_none(), "{fault:?}");
    let sources = [Source::at(&dir.path().join("audit.log")).unwrap()];
    let from = |from| verify_from(&sources, Some(&first_key()), &anchors, Some(from)).unwrap();
    assert_eq!(from(1).fault.unwrap().wrong, Wrong::BeginningMissing, "record 1 is not here");
    let report = from(2);
    assert_eq!((report.fault, report.range), (None, Some((2, 3))));
    assert_eq!((report.anchors_before, report.anchored), (2, 2));
}

#[test]
fn the_name_of_a_closed_log_says_which_record_its_first_line_was() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("audit-000000000100.log");
    std::fs::write(&path, "no record\n").unwrap();
    let fault = verify(&[Source::at(&path).unwrap()], None, &Anchors::default()).unwrap().fault.unwrap();
    assert_eq!((fault.line, fault.wrong), (1, Wrong::Edited));
    assert!(fault.detail.contains("record 100 "), "{fault:?}");
}

#[test]
fn a_chain_computed_anew_without_the_key_is_found_by_the_key() {
    let (mut lines, _) = trail(100);
    let mut head = record::hash(lines[49].trim_ascii_end());
    for (seq, line) in lines.iter_mut().enumerate().skip(50) {
        let mut forged = Line::new("intent", &TRAIL, seq as u64);
        forged.text("time", "2026-11-22T13:59:59.000Z", 40);
        *line = forged.seal(&head, &Zeroizing::new([9; 32]));
        head = record::hash(line.trim_ascii_end());
    }
    let dir = TempDir::new().unwrap();
    let fault = check(dir.path(), &lines.concat(), true, &Anchors::default()).fault.unwrap();
    assert_eq!((fault.line, fault.wrong), (51, Wrong::WrongMac));
    assert_eq!(fault.detail, "it was not sealed with the key of its place");
    let other = FirstKey { trail: TRAIL, key: Zeroizing::new([2; 32]) };
    let sources = [Source::at(&dir.path().join("audit.log")).unwrap()];
    let fault = verify(&sources, Some(&other), &Anchors::default()).unwrap().fault.unwrap();
    assert_eq!((fault.line, fault.wrong), (1, Wrong::WrongMac));
    assert!(fault.detail.ends_with(", or the first key is not the one"), "{fault:?}");
    assert_eq!(check(dir.path(), &lines.concat(), false, &Anchors::default()).fault, None, "hashes alone agree");
    let anchored = check(dir.path(), &lines.concat(), false, &end_of(&trail(70).0)).fault.unwrap();
    assert_eq!((anchored.line, anchored.wrong), (70, Wrong::Rewritten));
}

#[test]
fn a_torn_end_is_told() {
    let [keyed, noted] = wrongs(|lines| lines.last_mut().unwrap().truncate(50));
    assert_eq!((keyed, noted), (Some((1000, Wrong::Torn)), Some((1000, Wrong::Torn))));
}

#[test]
fn a_number_nobody_reaches_does_not_keep_verify_busy() {
    let dir = TempDir::new().unwrap();
    let mut line = Line::new("continue", &TRAIL, u64::MAX);
    line.text("follows", "x", 10);
    let bytes = line.seal(&[7; 32], &Zeroizing::new([9; 32]));
    let fault = check(dir.path(), &bytes, true, &Anchors::default()).further.unwrap();
    assert!(fault.detail.contains("higher than any trail"), "{fault:?}");
}

/// Every byte of a file of 1,000 records is changed, one at a time. What comes before a change is as it was, so
/// each check begins at the changed line, with what is expected there.
#[test]
fn every_changed_byte_of_a_thousand_records_is_found() {
    let (lines, expected) = trail(1000);
    let end = end_of(&lines);
    let mut missed = 0;
    for (at, line) in lines.iter().enumerate() {
        let follower = lines.get(at + 1).map_or(&b""[..], |line| line);
        for byte in 0..line.len() {
            let mut bytes = [line, follower].concat();
            bytes[byte] ^= 1 << (byte % 8);
            for keyed in [true, false] {
                let nothing = Anchors::default();
                let (expected, key) = &expected[at];
                let mut walk = Walk::new(&[], None, if keyed { &nothing } else { &end }, MAX_OPEN);
                (walk.expected, walk.key) = (*expected, keyed.then(|| key.clone()));
                let (mut reader, mut buffer, mut found) = (BufReader::new(&bytes[..]), Vec::new(), false);
                let mut number = 1;
                while let Some(read) = read_line(&mut reader, &mut buffer).unwrap() {
                    number += 1;
                    found |= walk.look(Place { source: 0, line: number }, &buffer, read).unwrap().is_some();
                }
                missed += usize::from(!found && walk.pending.is_none());
            }
        }
    }
    assert_eq!(missed, 0);
}

/// A million records of the length real ones have, in one file, with the first key and the end.
#[test]
#[ignore = "a measurement: cargo test -p gluepot-core --release --lib audit::verify::tests::time -- --ignored --nocapture"]
#[expect(clippy::print_stderr, reason = "a measurement is printed")]
fn time_of_a_million_records() {
    use std::io::Write as _;

    let dir = TempDir::new().unwrap();
    let path = dir.path().join("audit.log");
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
    let (mut head, mut key) = ([0; 32], first_key().key);
    for seq in 0..1_000_000 {
        let mut line = Line::new(if seq == 0 { "start" } else { "intent" }, &TRAIL, seq);
        line.text("time", "2026-11-22T13:00:00.000Z", 40).text("boot", &"b".repeat(36), 40).number("up_ms", 1_234_567);
        line.number("uid", 1000).text("user", "kim.larsen", 20).number("login_uid", 1000).text("tty", "/dev/pts/3", 20);
        line.text("ssh", "192.0.2.17 51622", 40)
            .text("host", "jump1", 20)
            .number("pid", 12345)
            .text("version", "0.1.0", 9);
        line.text("action", "reveal", 9).number("org", 4711).text("org_name", "Harbor Point Dental", 60);
        line.text("record", "passwords", 20).number("record_id", 123_456).text(
            "record_name",
            "Domain administrator",
            60,
        );
        line.text("category", "Servers", 20).text("ticket", "T-20261122", 20).text("reason", "user locked out", 60);
        let sealed = line.seal(&head, &key);
        head = record::hash(sealed.trim_ascii_end());
        key = record::next_key(&key);
        file.write_all(&sealed).unwrap();
    }
    file.flush().unwrap();
    drop(file);
    let size = std::fs::metadata(&path).unwrap().len();
    let before = std::time::Instant::now();
    let report = verify(&[Source::at(&path).unwrap()], Some(&first_key()), &Anchors::default()).unwrap();
    let took = before.elapsed();
    assert_eq!((report.fault, report.records), (None, 1_000_000));
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default().to_owned();
    eprintln!("a million records, {size} bytes: {took:?}; {peak}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_is_done_to_a_line_is_found(at in 0usize..1000, to in 0usize..1000, what in 0..5, byte in any::<prop::sample::Index>(), bits in 1u8..) {
        let done = wrongs(|lines| match what {
            0 => { let byte = byte.index(lines[at].len()); lines[at][byte] ^= bits; }
            1 => { lines.remove(at); }
            2 => lines.swap(at, if at == to { (to + 1) % 1000 } else { to }),
            3 => { let line = lines[at].clone(); lines.insert(to, line); }
            _ => lines.insert(at, vec![bits, b'\n']),
        });
        // A reader who knows the end notices that the last line is missing.
        prop_assert!(done[0].is_some() || what == 1 && at == 999, "with the key");
        prop_assert!(done[1].is_some(), "with the end");
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(prop_oneof![Just(b'\n'), Just(b'"'), any::<u8>()], 0..300)) {
        let dir = TempDir::new().unwrap();
        let report = check(dir.path(), &bytes, true, &Anchors::default());
        prop_assert!(report.fault.is_some() || bytes.is_empty());
    }
}
