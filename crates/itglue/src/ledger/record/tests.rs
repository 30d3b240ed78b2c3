//! What counts for how long, and who has to wait until when.

use proptest::prelude::*;

use super::*;

const PACE: Pace = Pace { per_second: 8, per_window: 100, window: Duration::from_secs(300), at_once: 6 };
const TAKE: Deed = Deed::Take { interactive: true, unrecorded: 0 };

#[test]
fn a_record_is_read_as_it_was_written_and_every_changed_byte_is_seen() {
    let mut record = Record::new(300_000);
    for second in 0..400 {
        record.apply(TAKE, PACE, 5_000_000 + second * 1_000);
    }
    record.apply(Deed::Refused { retry_after: None, jitter: 0.5 }, PACE, 5_500_000);
    let bytes = record.write();
    assert_eq!(Record::read(&bytes), Some(record));
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 0x10;
        assert_eq!(Record::read(&changed), None, "byte {at}");
    }
    assert_eq!(Record::read(&bytes[..bytes.len() - 1]), None);
    assert_eq!(Record::read(&[&bytes[..], &[0]].concat()), None);
    assert_eq!(Record::read(b""), None);
}

#[test]
fn a_file_of_another_version_is_not_read_though_its_sum_is_right() {
    let mut bytes = Record::new(300_000).write();
    bytes[..8].copy_from_slice(b"gluequo2");
    let sum = checksum(&bytes[..SIZE - 8]);
    bytes[SIZE - 8..].copy_from_slice(&sum);
    assert_eq!(Record::read(&bytes), None);
}

proptest! {
    /// At any time: no window exceeds the limit, and a wait that was requested is enough and no
    /// longer than a request takes to leave.
    #[test]
    fn no_window_holds_more_than_the_limit(
        steps in prop::collection::vec(prop_oneof![2 => 0_u64..200, 1 => 0_u64..9_000], 1..600)
    ) {
        let mut record = Record::new(300_000);
        let (mut now, mut sent) = (7_000_000_u64, Vec::new());
        for step in steps {
            now += step;
            let view = record.apply(TAKE, PACE, now);
            if view.taken {
                sent.push(now);
            } else {
                prop_assert!(sent.len() >= 100, "refused although only {} were sent", sent.len());
                let leaves = sent[sent.len() - 100] + 301_000;
                now += millis(view.wait);
                prop_assert!(now <= leaves, "told to wait {} ms too long", now - leaves);
                prop_assert!(record.apply(TAKE, PACE, now).taken, "the wait was too short");
                sent.push(now);
            }
            let in_window = sent.iter().filter(|at| now - **at < 300_000).count();
            prop_assert!(in_window <= 100, "{in_window}");
        }
    }
}

/// What is in use at a moment, and in how many milliseconds the oldest of it leaves.
fn seen(record: &mut Record, now: u64) -> (u32, u64) {
    let view = record.apply(Deed::Look, PACE, now);
    (view.used, millis(view.resets_in))
}

#[test]
fn a_request_counts_until_its_second_has_left_the_window() {
    let mut record = Record::new(300_000);
    assert_eq!(seen(&mut record, 9_000_700), (0, 0));
    record.apply(TAKE, PACE, 9_000_700);
    record.apply(TAKE, PACE, 9_002_000);
    assert_eq!(seen(&mut record, 9_002_000), (2, 299_000));
    assert_eq!(seen(&mut record, 9_300_999), (2, 1));
    assert_eq!(seen(&mut record, 9_301_000), (1, 2_000), "the first has left");
    assert_eq!(seen(&mut record, 9_302_999), (1, 1));
    assert_eq!(seen(&mut record, 9_303_000), (0, 0));
    // After a longer silence than a window nothing of it is left.
    record.apply(TAKE, PACE, 9_303_000);
    assert_eq!(seen(&mut record, 9_604_000), (0, 0));
    record.apply(TAKE, PACE, 9_604_000);
    assert_eq!(seen(&mut record, 19_604_000), (0, 0));
}

#[test]
fn a_window_of_another_length_is_counted_in_parts_of_its_own() {
    let pace = Pace { window: Duration::from_secs(30), ..PACE };
    let mut record = Record::new(30_000);
    for at in [9_000_000, 9_000_099, 9_000_100] {
        record.apply(TAKE, pace, at);
    }
    let used = |record: &mut Record, now| record.apply(Deed::Look, pace, now).used;
    assert_eq!(used(&mut record, 9_030_099), 3);
    assert_eq!(used(&mut record, 9_030_100), 1);
    assert_eq!(used(&mut record, 9_030_200), 0);
}

#[test]
fn who_has_to_wait_is_told_until_when() {
    // Ten, and later the rest: a pressed key waits for one of them to leave, background work for eleven.
    let mut record = Record::new(300_000);
    for at in std::iter::repeat_n(9_000_000, 10).chain(std::iter::repeat_n(9_007_000, 90)) {
        assert!(record.apply(TAKE, PACE, at).taken);
    }
    let background = Deed::Take { interactive: false, unrecorded: 0 };
    let view = record.apply(TAKE, PACE, 9_100_000);
    assert_eq!((view.taken, millis(view.wait), view.used), (false, 201_000, 100));
    let view = record.apply(background, PACE, 9_100_000);
    assert_eq!((view.taken, millis(view.wait)), (false, 208_000));
    assert!(record.apply(TAKE, PACE, 9_301_000).taken);

    // A pause that IT Glue asked for, to its end; what was requested later does not shorten it.
    let mut record = Record::new(300_000);
    let refused = |seconds| Deed::Refused { retry_after: Some(Duration::from_secs(seconds)), jitter: 0.0 };
    assert_eq!(millis(record.apply(refused(20), PACE, 9_000_000).pause), 20_000);
    let view = record.apply(TAKE, PACE, 9_004_500);
    assert_eq!((view.taken, millis(view.wait), millis(view.pause)), (false, 15_500, 15_500));
    assert_eq!(millis(record.apply(refused(3), PACE, 9_005_000).pause), 15_000);
    assert!(!record.apply(TAKE, PACE, 9_019_999).taken);
    assert!(record.apply(TAKE, PACE, 9_020_000).taken);
}

#[test]
fn while_one_process_asks_whether_it_is_over_the_others_wait_for_its_answer() {
    let mut record = Record::new(300_000);
    let mut now = 9_000_000;
    for _ in 0..BREAKER {
        record.apply(Deed::Refused { retry_after: None, jitter: 0.0 }, PACE, now);
        now = record.paused_until;
    }
    assert!(record.apply(TAKE, PACE, now).taken, "nobody has asked yet");
    let view = record.apply(TAKE, PACE, now + 1_500);
    assert_eq!((view.taken, millis(view.wait)), (false, 3_500));
    assert!(record.apply(TAKE, PACE, now + 5_000).taken, "no answer came: the next one asks");

    // Four refusals are not a reason yet.
    let mut record = Record::new(300_000);
    for _ in 1..BREAKER {
        record.apply(Deed::Refused { retry_after: None, jitter: 0.0 }, PACE, now);
        now = record.paused_until;
    }
    assert!(record.apply(TAKE, PACE, now).taken && record.apply(TAKE, PACE, now + 1).taken);
}

#[test]
fn what_a_429_takes_away_comes_back_by_a_tenth_a_minute() {
    let limit = |record: &mut Record, now| record.apply(Deed::Look, PACE, now).limit;
    let refused = Deed::Refused { retry_after: None, jitter: 0.0 };
    let mut record = Record::new(300_000);
    assert_eq!(limit(&mut record, 9_000_000), 100);
    for _ in 0..40 {
        record.apply(TAKE, PACE, 9_000_000);
    }
    assert_eq!(record.apply(refused, PACE, 9_000_000).limit, 30, "what was used, less a quarter");
    assert_eq!(record.limit_for_keys(PACE, 9_000_000), 40, "keys may use what was in use");
    assert_eq!(limit(&mut record, 9_030_000), 35);
    assert_eq!(limit(&mut record, 9_180_000), 60);
    assert_eq!(limit(&mut record, 9_600_000), 100, "and no more than there was");
    assert_eq!(record.limit_for_keys(PACE, 9_600_000), 100);
    // Who had sent nothing keeps a twentieth.
    let mut record = Record::new(300_000);
    assert_eq!(record.apply(refused, PACE, 9_000_000).limit, 5);
    // A file that made no sense: a quarter at first.
    let mut record = Record::careful(PACE, 9_000_000);
    assert_eq!(limit(&mut record, 9_000_000), 25);
    assert_eq!(limit(&mut record, 9_060_000), 35);
}

#[test]
fn what_was_sent_without_the_file_is_counted_with_the_next_request() {
    let mut record = Record::new(300_000);
    let view = record.apply(Deed::Take { interactive: true, unrecorded: 7 }, PACE, 9_000_000);
    assert_eq!((view.taken, view.used), (true, 8));
    let view = record.apply(Deed::Take { interactive: true, unrecorded: 92 }, PACE, 9_000_001);
    assert_eq!((view.taken, view.used), (false, 100), "counted also where it leaves no room");
    let view = record.apply(Deed::Take { interactive: true, unrecorded: 200_000 }, PACE, 9_000_002);
    assert_eq!(view.used, u32::from(u16::MAX), "more than a part can hold is as much as it can");
}

#[test]
fn background_work_leaves_a_tenth_to_whoever_presses_a_key() {
    let mut record = Record::new(300_000);
    let background = Deed::Take { interactive: false, unrecorded: 0 };
    let taken = (0..200).filter(|_| record.apply(background, PACE, 9_000_000).taken).count();
    assert_eq!(taken, 90);
    let taken = (0..200).filter(|_| record.apply(TAKE, PACE, 9_000_000).taken).count();
    assert_eq!(taken, 10);
}

#[test]
fn a_429_quiets_everybody_and_the_breaker_lets_one_ask() {
    let mut record = Record::new(300_000);
    let mut now = 9_000_000;
    for _ in 0..4 {
        record.apply(TAKE, PACE, now);
    }
    for strike in 1..=5 {
        let refused = Deed::Refused { retry_after: None, jitter: 0.0 };
        let view = record.apply(refused, PACE, now);
        assert_eq!(view.strikes, strike);
        assert_eq!(record.apply(refused, PACE, now + 1).strikes, strike, "refused together counts once");
        assert!(view.pause >= QUIET);
        assert!(!record.apply(TAKE, PACE, now + 4_999).taken);
        now = record.paused_until;
    }
    assert!(record.limit(PACE, now) < 40, "a smaller share afterwards");
    assert!(record.apply(TAKE, PACE, now).taken);
    assert!(!record.apply(TAKE, PACE, now + 4_999).taken, "one at a time");
    record.apply(Deed::Answered, PACE, now + 5_000);
    assert!(record.apply(TAKE, PACE, now + 5_001).taken);
    assert_eq!(record.limit(PACE, now + 600_000), 100, "won back");
}

#[test]
fn after_a_429_keys_go_on_when_the_pause_is_over_and_the_rest_waits_for_room() {
    let pace = Pace { per_window: 3_000, ..PACE };
    let mut record = Record::new(300_000);
    let mut now = 9_000_000;
    for _ in 0..1_000 {
        assert!(record.apply(TAKE, pace, now).taken);
    }
    let refused = Deed::Refused { retry_after: None, jitter: 0.0 };
    let background = Deed::Take { interactive: false, unrecorded: 0 };
    assert_eq!(record.apply(refused, pace, now).limit, 750);
    now = record.paused_until;
    assert!(!record.apply(background, pace, now).taken);
    let taken = (0..100).filter(|_| record.apply(TAKE, pace, now).taken).count();
    assert!((20..=30).contains(&taken), "what was won back in five seconds: {taken}");
    // Refused once more: now keys wait as well, but not for long.
    record.apply(refused, pace, now);
    now = record.paused_until;
    let view = record.apply(TAKE, pace, now);
    assert!(!view.taken && view.wait > Duration::ZERO);
    assert!(record.apply(TAKE, pace, now + 60_000).taken);
}

#[test]
fn a_clock_that_is_behind_and_a_pause_without_end_do_no_harm() {
    let mut record = Record::new(300_000);
    record.apply(TAKE, PACE, 9_000_000);
    record.paused_until = u64::MAX;
    let view = record.apply(TAKE, PACE, 1_000);
    assert!(view.pause <= LONGEST + QUIET && !view.taken);
}
