use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEventKind};
use proptest::collection::vec;
use proptest::prelude::*;

use super::Decoder;

fn decoder() -> Decoder {
    Decoder::new(Box::new(|key| key.code == KeyCode::Char('x') && key.modifiers.contains(KeyModifiers::ALT)))
}

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// Bytes as they arrive: some, and how long it is before the next.
fn events(pieces: &[(&[u8], u64)]) -> Vec<Event> {
    let (mut decoder, mut now, mut events) = (decoder(), Instant::now(), Vec::new());
    for &(bytes, pause) in pieces {
        decoder.feed(bytes, now, &mut events);
        let until = now + millis(pause);
        while let Some(due) = decoder.due().filter(|&due| due < until) {
            decoder.expire(due, &mut events);
        }
        now = until;
    }
    events
}

/// Without a pause, then nothing for a while.
fn all(bytes: &[u8]) -> Vec<Event> {
    events(&[(bytes, 60_000)])
}

fn key(code: KeyCode) -> Event {
    Event::Key(code.into())
}

fn letter(c: char) -> Event {
    Event::Key(super::meaning::typed(c))
}

fn with(code: KeyCode, modifiers: KeyModifiers) -> Event {
    Event::Key(KeyEvent::new(code, modifiers))
}

const ESC: KeyCode = KeyCode::Esc;

/// What terminals answer and report, one of each kind and some that were seen to do harm.
const ANSWERS: &[&[u8]] = &[
    b"\x1bP0+r\x1b\\",
    b"\x1bP1+r696e646e=1b\x1b\\",
    b"\x1bP>|contour 0.4.3\x1b\\",
    b"\x1bP>|XTerm(390)q\x1b\\",
    b"\x1bP1$r0 q\x1b\\",
    b"\x1bP!|7E565445\x1b\\",
    b"\x1bP=1;1s\x1b\\",
    b"\x1b]11;rgb:1c1c/1c1c/1c1c\x1b\\",
    b"\x1b]10;rgb:cccc/cccc/cccc\x07",
    b"\x1b]4;1;rgb:cd/00/00\x1b\\",
    b"\x1b]52;c;cXFxcXE=\x07",
    b"\x1b]l a title with q, y and \xc3\xbc and \xe2\x9c\x93\x1b\\",
    b"\x1b_Gi=31;OK\x1b\\",
    b"\x1b^qqqq\x1b\\",
    b"\x1bXqqqq\x1b\\",
    b"\x1bP\x1b\x1b]11;rgb:0/0/0\x1b\x1b\\\x1b\\",
    b"\x1b[?62;22;52c",
    b"\x1b[>41;390;0c",
    b"\x1b[=0c",
    b"\x1b[12;40R",
    b"\x1b[1;2R",
    b"\x1b[?12;40;1R",
    b"\x1b[0n",
    b"\x1b[3n",
    b"\x1b[?997;1n",
    b"\x1b[?2026;2$y",
    b"\x1b[4;2$y",
    b"\x1b[?1u",
    b"\x1b[>1u",
    b"\x1b[4;600;800t",
    b"\x1b[8;24;80t",
    b"\x1b[2;1;1;112;112;1;0x",
    b"\x1b[?1;0;256S",
    b"\x1b[201~",
    b"\x9b0n",
    b"\xc2\x9b0n",
    b"\x900+r\x9c",
    b"\xc2\x900+r\xc2\x9c",
    b"\x9d11;rgb:0/0/0\x9c",
    b"\x9fqqqq\x9c",
    b"\x9eqq\xe2\x9c\x93qq\x1b\\",
    b"\x98qqqq\x1b\\",
];

#[test]
fn an_answer_is_no_key_in_whichever_two_pieces_it_comes() {
    for answer in ANSWERS {
        let expected = if answer.ends_with(b"\x1b\\\x1b\\") { vec![key(ESC)] } else { vec![] };
        for cut in 0..answer.len() {
            for pause in [0, 5, 50, 70] {
                assert_eq!(
                    events(&[(&answer[..cut], pause), (&answer[cut..], 60_000)]),
                    expected,
                    "{answer:?} at {cut}"
                );
            }
        }
        let (mut then_a_key, mut expected) = (answer.to_vec(), expected);
        then_a_key.push(b'j');
        expected.push(letter('j'));
        assert_eq!(all(&then_a_key), expected, "{answer:?}");
    }
}

/// Longer than a key may take: Esc at most, of what could be one.
#[test]
fn an_answer_that_stalls_is_esc_at_most() {
    for answer in ANSWERS {
        for cut in 2..answer.len() {
            for pause in [200, 800] {
                let got = events(&[(&answer[..cut], pause), (&answer[cut..], 60_000)]);
                let fine = |event: &Event| {
                    // A single byte in each piece is what a person types.
                    let typed = answer.len() - cut == 1 || cut <= 2;
                    *event == key(ESC) || typed
                };
                assert!(got.iter().all(fine), "{answer:?} at {cut}, {pause} ms: {got:?}");
            }
        }
    }
    // What reveals, quits and copies stays without effect even then.
    for (first, rest) in [(&b"\x1b"[..], &b"P0+r\x1b\\"[..]), (b"\x1bP", b"0+r\x1b\\"), (b"\x1b]", b"11;rgb:q\x07")] {
        let got = events(&[(first, 400), (rest, 60_000)]);
        assert!(!got.contains(&letter('r')) && !got.contains(&letter('q')), "{first:?}: {got:?}");
    }
}

#[test]
fn esc_with_a_key_behind_it_is_esc_and_that_key() {
    for byte in (b' '..=b'~').filter(|byte| !b"[]OPX^_\\x".contains(byte)) {
        let expected = vec![key(ESC), letter(char::from(byte))];
        assert_eq!(all(&[0x1b, byte]), expected, "in one piece");
        for pause in [1, 20, 70, 100, 400] {
            assert_eq!(events(&[(b"\x1b", pause), (&[byte], 60_000)]), expected, "after {pause} ms");
        }
    }
    assert_eq!(all("\x1bü".as_bytes()), [key(ESC), letter('ü')]);
    assert_eq!(all(b"\x1b\r"), [key(ESC), key(KeyCode::Enter)]);
    assert_eq!(all(b"\x1b\x1b"), [key(ESC), key(ESC)]);
    assert_eq!(all(b"\x1b\x1b[A"), [key(ESC), key(KeyCode::Up)]);
    // tmux holds an Esc back and sends it with the next key: the brackets go through the history.
    for c in ['[', ']', 'O'] {
        assert_eq!(all(&[0x1b, c as u8]), [key(ESC), letter(c)]);
        assert_eq!(events(&[(b"\x1b", 200), (&[c as u8], 60_000)]), [key(ESC), letter(c)]);
    }
    for c in *b"PX^_\\" {
        assert_eq!(all(&[0x1b, c]), [key(ESC)]);
    }
}

#[test]
fn esc_alone_is_esc_in_less_than_a_tenth_of_a_second() {
    let (mut decoder, now, mut events) = (decoder(), Instant::now(), Vec::new());
    decoder.feed(b"\x1b", now, &mut events);
    let due = decoder.due().expect("it waits");
    assert!(events.is_empty() && due - now < millis(100));
    decoder.expire(due, &mut events);
    assert_eq!(events, [key(ESC)]);
    assert_eq!(decoder.due(), None, "nothing is waited for");
}

#[test]
fn alt_is_only_what_the_key_map_binds() {
    assert_eq!(all(b"\x1bx"), [with(KeyCode::Char('x'), KeyModifiers::ALT)]);
    assert_eq!(all(b"\x1by"), [key(ESC), letter('y')]);
    assert_eq!(all(b"\x1b[1;3D"), [with(KeyCode::Left, KeyModifiers::ALT)]);
}

#[test]
fn a_key_in_pieces_is_one_key() {
    for (bytes, expected) in KEYS {
        for cut in 1..bytes.len() {
            for pause in [0, 5, 60] {
                let got = events(&[(&bytes[..cut], pause), (&bytes[cut..], 60_000)]);
                assert_eq!(got, [expected()], "{bytes:?} at {cut} after {pause} ms");
            }
        }
    }
}

type Made = fn() -> Event;

const KEYS: &[(&[u8], Made)] = &[
    (b"j", || letter('j')),
    (b"G", || letter('G')),
    (b"\r", || key(KeyCode::Enter)),
    (b"\t", || key(KeyCode::Tab)),
    (b"\x7f", || key(KeyCode::Backspace)),
    (b"\x0b", || with(KeyCode::Char('k'), KeyModifiers::CONTROL)),
    (b"\x00", || with(KeyCode::Char(' '), KeyModifiers::CONTROL)),
    (b"\x1c", || with(KeyCode::Char('4'), KeyModifiers::CONTROL)),
    ("ü".as_bytes(), || letter('ü')),
    ("漢".as_bytes(), || letter('漢')),
    ("👍".as_bytes(), || letter('👍')),
    (b"\x1b[A", || key(KeyCode::Up)),
    (b"\x1b[D", || key(KeyCode::Left)),
    (b"\x1bOB", || key(KeyCode::Down)),
    (b"\x1bOP", || key(KeyCode::F(1))),
    (b"\x1bOR", || key(KeyCode::F(3))),
    (b"\x1b[[A", || key(KeyCode::F(1))),
    (b"\x1b[11~", || key(KeyCode::F(1))),
    (b"\x1b[24~", || key(KeyCode::F(12))),
    (b"\x1b[5~", || key(KeyCode::PageUp)),
    (b"\x1b[H", || key(KeyCode::Home)),
    (b"\x1b[8~", || key(KeyCode::End)),
    (b"\x1b[3;5~", || with(KeyCode::Delete, KeyModifiers::CONTROL)),
    (b"\x1b[1;5C", || with(KeyCode::Right, KeyModifiers::CONTROL)),
    (b"\x1b[1;3D", || with(KeyCode::Left, KeyModifiers::ALT)),
    (b"\x1b[1;2S", || with(KeyCode::F(4), KeyModifiers::SHIFT)),
    (b"\x1b[Z", || with(KeyCode::BackTab, KeyModifiers::SHIFT)),
    (b"\x1b[107;5u", || with(KeyCode::Char('k'), KeyModifiers::CONTROL)),
    (b"\x1b[27u", || key(ESC)),
    (b"\x9bA", || key(KeyCode::Up)),
    (b"\x1b[I", || Event::FocusGained),
    (b"\x1b[O", || Event::FocusLost),
    (b"\x1b[200~two\nlines \x1b[A\x1b[201~", || Event::Paste("two\nlines \x1b[A".to_owned())),
    (b"\x1b[<0;3;5M", || mouse(MouseEventKind::Down(MouseButton::Left), 2, 4)),
    (b"\x1b[<0;3;5m", || mouse(MouseEventKind::Up(MouseButton::Left), 2, 4)),
    (b"\x1b[<65;300;99M", || mouse(MouseEventKind::ScrollDown, 299, 98)),
    (b"\x1b[32;3;5M", || mouse(MouseEventKind::Down(MouseButton::Left), 2, 4)),
    (b"\x1b[M #%", || mouse(MouseEventKind::Down(MouseButton::Left), 2, 4)),
    (b"\x1b[M \xf3\xff", || mouse(MouseEventKind::Down(MouseButton::Left), 210, 222)),
];

fn mouse(kind: MouseEventKind, column: u16, row: u16) -> Event {
    Event::Mouse(crossterm::event::MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE })
}

#[test]
fn a_string_without_an_end_gives_the_keyboard_back() {
    for begun in [&b"\x1bP0+r"[..], b"\x1b]11;rgb:", b"\x1b_G", b"\x1b[1;", b"\x1b[M#", b"\xe2\x9c", b"\x1bP\xff"] {
        assert_eq!(events(&[(begun, 1_100), (b"j", 0)]), [letter('j')], "{begun:?}: after a second");
        let then_esc = events(&[(begun, 10), (b"\x1b", 200), (b"\x1b", 200), (b"j", 0)]);
        assert_eq!(then_esc.last(), Some(&letter('j')), "{begun:?}: {then_esc:?}");
        assert!(then_esc.contains(&key(ESC)), "{begun:?}");
    }
    // The longest: none of it is a key, and a tenth of a second of silence is its end.
    let mut endless = b"\x1bP".to_vec();
    endless.resize(3 << 20, b'q');
    assert_eq!(events(&[(&endless, 150), (b"j", 0)]), [letter('j')]);
    let mut numbers = b"\x1b[".to_vec();
    numbers.resize(100_000, b'1');
    assert_eq!(events(&[(&numbers, 1_100), (b"j", 0)]), [letter('j')]);
    // Pasted text is text, however long, and never keys.
    let mut paste = b"\x1b[200~".to_vec();
    paste.resize(300_000, b'q');
    let got = events(&[(&paste, 5_000), (b"more", 10_100), (b"j", 0)]);
    assert!(matches!(&got[..], [Event::Paste(text), last] if text.len() <= 64 << 10 && *last == letter('j')));
    paste.extend_from_slice(b"\x1b[201~j");
    let got = all(&paste);
    assert!(matches!(&got[..], [Event::Paste(text), last] if !text.contains('\x1b') && *last == letter('j')));
}

#[test]
fn whoever_presses_a_key_in_the_middle_of_a_sequence_is_heard() {
    let interrupt = with(KeyCode::Char('c'), KeyModifiers::CONTROL);
    for begun in [&b"\x1b["[..], b"\x1b[1;", b"\x1bO", b"\x1b[M#", b"\xe2\x9c", b"\x1b[["] {
        let mut bytes = begun.to_vec();
        bytes.push(3);
        assert_eq!(all(&bytes), std::slice::from_ref(&interrupt), "{begun:?}");
    }
}

fn answer() -> impl Strategy<Value = Vec<u8>> {
    let text = vec(prop_oneof![0x20_u8..0x7f, Just(b'q'), Just(b'r'), 8_u8..14, 0xa0_u8..=0xff], 0..40);
    let string = (prop::sample::select(b"P]X^_".to_vec()), text, any::<bool>()).prop_map(|(kind, text, bell)| {
        let text: Vec<u8> = text.into_iter().filter(|byte| kind != b']' || *byte != 7).collect();
        let end: &[u8] = if kind == b']' && bell { b"\x07" } else { b"\x1b\\" };
        [&[0x1b, kind], &text[..], end].concat()
    });
    let numbers = vec(prop_oneof![Just(b';'), b'0'..=b'9'], 0..12);
    let report = (prop::sample::select(b"?>=".to_vec()), numbers, 0x40_u8..0x7f)
        .prop_map(|(sign, numbers, last)| [b"\x1b[", &[sign][..], &numbers, &[last]].concat());
    prop_oneof![3 => string, 3 => report, 1 => prop::sample::select(ANSWERS).prop_map(<[u8]>::to_vec)]
        .prop_filter("an answer with an answer inside ends in a stray ST", |bytes| !bytes.ends_with(b"\x1b\\\x1b\\"))
}

/// Cuts bytes at these places.
fn pieces(bytes: &[u8], cuts: &[prop::sample::Index], pause: u64) -> Vec<Event> {
    let mut places: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
    places.extend([0, bytes.len()]);
    places.sort_unstable();
    places.dedup();
    let pieces: Vec<(&[u8], u64)> = places.windows(2).map(|pair| (&bytes[pair[0]..pair[1]], pause)).collect();
    events(&pieces)
}

proptest! {
    #[test]
    fn answers_in_a_row_are_no_keys_wherever_they_are_cut(
        answers in vec(answer(), 1..6),
        cuts in vec(any::<prop::sample::Index>(), 0..12),
        pause in prop::sample::select(vec![0_u64, 5, 50, 70]),
    ) {
        prop_assert_eq!(pieces(&answers.concat(), &cuts, pause), []);
    }

    #[test]
    fn keys_are_the_same_wherever_they_are_cut(
        keys in vec(prop::sample::select(KEYS), 1..12),
        between in vec(answer(), 12),
        cuts in vec(any::<prop::sample::Index>(), 0..20),
        pause in prop::sample::select(vec![0_u64, 5, 50, 70]),
    ) {
        let expected: Vec<Event> = keys.iter().map(|(_, made)| made()).collect();
        let bytes: Vec<u8> = keys.iter().zip(&between).flat_map(|((key, _), answer)| [answer, *key].concat()).collect();
        prop_assert_eq!(pieces(&bytes, &cuts, pause), expected);
    }

    #[test]
    fn whatever_arrives_the_keyboard_comes_back(bytes in vec(any::<u8>(), 0..200)) {
        crate::properties::terminal_input(&bytes);
    }
}
