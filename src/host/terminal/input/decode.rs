//! The state machine: bytes in, events out, with a clock where bytes alone do not decide.

use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use zeroize::Zeroize as _;

use super::meaning;
use super::state::{Glow, IsBound, State, Text};

/// So long Esc may be the first byte of a key that arrives in pieces. Then it is the key Esc. People take it for "at
/// once"; the pieces of a key follow one another within a few milliseconds, over slow lines too.
const ESCAPE: Duration = Duration::from_millis(75);
/// So long what begins a sequence (`ESC [`) waits for its first byte. Then it was Esc and a bracket: tmux sends both
/// together, since it waits itself before it hands on an Esc.
const OPENING: Duration = Duration::from_millis(150);
/// So long the last byte but one of a string (ESC before the backslash) waits for the last one.
const ENDING: Duration = Duration::from_millis(300);
/// After so long without a byte, a sequence or string that has no end is dropped.
const SILENCE: Duration = Duration::from_secs(1);
/// The same for one that is longer than any answer.
const IMPATIENCE: Duration = Duration::from_millis(100);
/// The same for pasted text. Longer, since what follows it would be keys.
const PASTE: Duration = Duration::from_secs(10);
/// So long after an Esc that turned out to be one, several bytes in one piece may still be the rest of a sequence: a
/// person does not type `[0n` at one stroke.
const AFTERGLOW: Duration = Duration::from_secs(1);

/// No control sequence of a key is longer.
const LONGEST_SEQUENCE: usize = 64;
/// What is kept of pasted text. Fields take much less.
const LONGEST_PASTE: usize = 64 << 10;

const PASTE_END: &[u8] = b"\x1b[201~";

/// Makes events of the bytes that a terminal sends.
///
/// Where the bytes do not say whether more will come, time decides, as little as possible:
///
/// | What has arrived | is, after | |
/// |---|---|---|
/// | ESC | 75 ms | the key Esc |
/// | ESC and `[`, `O` or `]` | 150 ms | Esc and that key |
/// | ESC and `P`, `X`, `^` or `_` | 150 ms | Esc; the string continues |
/// | a sequence or string without its end | 1 s of silence | nothing; ESC ends it at once |
/// | a string of more than 1 MiB | 100 ms of silence | nothing |
/// | pasted text without its end | 10 s of silence | pasted text |
///
/// One case is undecidable: a sequence whose bytes arrive one by one, with more than 75 ms before each, is what a
/// person who types the same would send. In larger pieces it is recognised for a second more.
pub struct Decoder {
    state: State,
    /// What belongs to the state: the numbers of a sequence, the bytes of a character, pasted text
    held: Vec<u8>,
    /// When the last byte came
    last: Option<Instant>,
    glow: Option<(Glow, Instant)>,
    is_bound: IsBound,
}

impl Decoder {
    /// At the beginning of the stream.
    pub fn new(is_bound: IsBound) -> Self {
        Self { state: State::Ground, held: Vec::with_capacity(LONGEST_SEQUENCE), last: None, glow: None, is_bound }
    }

    /// Takes bytes that arrived in one piece.
    pub fn feed(&mut self, mut bytes: &[u8], now: Instant, events: &mut Vec<Event>) {
        if bytes.is_empty() {
            return;
        }
        let glow = self.glow.take().filter(|(_, since)| now.saturating_duration_since(*since) < AFTERGLOW);
        if let (State::Ground, Some((glow, _))) = (self.state, glow) {
            bytes = self.go_on(glow, bytes);
        }
        self.last = Some(now);
        for &byte in bytes {
            self.byte(byte, events);
        }
    }

    /// When [`Decoder::expire`] is wanted if nothing arrives.
    pub fn due(&self) -> Option<Instant> {
        let wait = match self.state {
            State::Ground => return None,
            State::Escape => ESCAPE,
            State::Sequence { key: Some(_) } if self.held.is_empty() => OPENING,
            State::SingleShift { key: Some(_) } => OPENING,
            State::Text(text) if text.key.is_some() && text.length == 0 => OPENING,
            State::Text(text) if text.escape => ENDING,
            State::Text(text) if text.is_doubtful => IMPATIENCE,
            State::Paste => PASTE,
            _ => SILENCE,
        };
        self.last.map(|last| last + wait)
    }

    /// Nothing more arrived in time: decides what the bytes so far are.
    pub fn expire(&mut self, now: Instant, events: &mut Vec<Event>) {
        if self.due().is_none_or(|due| due > now) {
            return;
        }
        let state = std::mem::replace(&mut self.state, State::Ground);
        match state {
            State::Escape => {
                events.push(escape());
                self.glow = Some((Glow::Escape, now));
            }
            State::Sequence { key: Some(key) } if self.held.is_empty() => self.was_typed(key, now, events),
            State::SingleShift { key: Some(key) } => self.was_typed(key, now, events),
            State::Text(text) => match text.key.filter(|_| text.length == 0) {
                Some(key) if text.is_command => self.was_typed(key, now, events),
                // No key of that kind does anything unless it is bound, and what follows must not be keys.
                Some(_) => {
                    events.push(escape());
                    self.state = State::Text(Text { key: None, ..text });
                    self.last = Some(now);
                }
                None if text.escape => {
                    events.push(escape());
                    self.glow = Some((Glow::Ending, now));
                }
                None => {}
            },
            State::Paste => self.paste(events),
            _ => {}
        }
        self.held.zeroize();
    }

    fn was_typed(&mut self, key: char, now: Instant, events: &mut Vec<Event>) {
        events.extend([escape(), Event::Key(meaning::typed(key))]);
        self.glow = Some((Glow::Opening(key as u8), now));
    }

    /// Bytes behind something that was taken for keys: if they are the rest of a sequence, they are read as that. Gives
    /// those that are still to be read.
    fn go_on<'a>(&mut self, glow: Glow, bytes: &'a [u8]) -> &'a [u8] {
        match (glow, bytes) {
            (Glow::Ending, [b'\\', rest @ ..]) => rest,
            (Glow::Escape | Glow::Ending, [first @ (b'[' | b'O' | b']' | b'P' | b'X' | b'^' | b'_'), rest @ ..])
                if !rest.is_empty() =>
            {
                self.open(*first, None);
                rest
            }
            (Glow::Opening(first), [_, _, ..]) => {
                self.open(first, None);
                bytes
            }
            _ => bytes,
        }
    }

    fn byte(&mut self, byte: u8, events: &mut Vec<Event>) {
        match self.state {
            State::Ground => self.ground(byte, events),
            State::Escape => self.after_escape(byte, events),
            State::Sequence { .. } => self.sequence(byte, events),
            State::LongSequence => match byte {
                0x20..=0x3f => {}
                0x40..=0x7e => self.state = State::Ground,
                _ => self.begin_again(byte, events),
            },
            State::Console => {
                if byte < 0x20 {
                    self.begin_again(byte, events);
                } else {
                    self.state = State::Ground;
                    events.extend(meaning::of_console(byte));
                }
            }
            State::Mouse => self.mouse(byte, events),
            State::SingleShift { .. } => self.single_shift(byte, events),
            State::Character { needs } => self.character(byte, needs, events),
            State::Text(text) => self.text(byte, text, events),
            State::Paste => self.pasted(byte, events),
        }
    }

    fn mouse(&mut self, byte: u8, events: &mut Vec<Event>) {
        if byte < 0x20 {
            return self.begin_again(byte, events);
        }
        self.held.push(byte);
        if self.held.len() == 3 {
            events.extend(meaning::mouse_bytes(&self.held));
            self.end();
        }
    }

    fn single_shift(&mut self, byte: u8, events: &mut Vec<Event>) {
        // A number before the last byte is a modifier; no key that is known has one.
        if byte.is_ascii_digit() || byte == b';' {
            self.state = State::SingleShift { key: None };
        } else if (0x20..0x7f).contains(&byte) {
            self.state = State::Ground;
            events.extend(meaning::single_shift(byte));
        } else {
            self.begin_again(byte, events);
        }
    }

    fn pasted(&mut self, byte: u8, events: &mut Vec<Event>) {
        if self.held.len() < LONGEST_PASTE {
            self.held.push(byte);
        } else {
            // Enough is kept to see the end.
            let tail = self.held.len() - PASTE_END.len();
            self.held.copy_within(tail + 1.., tail);
            let last = self.held.len() - 1;
            self.held[last] = byte;
        }
        if self.held.ends_with(PASTE_END) {
            self.held.truncate(self.held.len() - PASTE_END.len());
            self.state = State::Ground;
            self.paste(events);
        }
    }

    fn ground(&mut self, byte: u8, events: &mut Vec<Event>) {
        match byte {
            0x1b => self.state = State::Escape,
            0x00..=0x7f => events.push(Event::Key(meaning::ascii(byte))),
            0x80..=0x9f => self.control(byte),
            0xc2..=0xf4 => {
                self.held.push(byte);
                let needs = match byte {
                    0xc2..=0xdf => 2,
                    0xe0..=0xef => 3,
                    _ => 4,
                };
                self.state = State::Character { needs };
            }
            // No character begins with it.
            0xa0..=0xc1 | 0xf5..=0xff => {}
        }
    }

    fn after_escape(&mut self, byte: u8, events: &mut Vec<Event>) {
        self.state = State::Ground;
        match byte {
            b'[' | b'O' | b']' | b'P' | b'X' | b'^' | b'_' => self.open(byte, Some(char::from(byte))),
            0x1b => {
                events.push(escape());
                self.state = State::Escape;
            }
            // The end of a string that did not begin here.
            b'\\' => events.push(escape()),
            0x00..=0x7f => {
                let key = meaning::ascii(byte);
                let with_alt = KeyEvent { modifiers: key.modifiers | KeyModifiers::ALT, ..key };
                if (self.is_bound)(with_alt) {
                    events.push(Event::Key(with_alt));
                } else {
                    events.extend([escape(), Event::Key(key)]);
                }
            }
            _ => {
                events.push(escape());
                self.ground(byte, events);
            }
        }
    }

    /// Begins what ESC and this byte begin.
    fn open(&mut self, byte: u8, key: Option<char>) {
        self.held.zeroize();
        self.state = match byte {
            b'[' => State::Sequence { key },
            b'O' => State::SingleShift { key },
            _ => State::Text(Text { key, ..Text::new(byte == b']', false) }),
        };
    }

    /// A control character of eight bits.
    fn control(&mut self, byte: u8) {
        self.held.zeroize();
        self.state = match byte {
            0x9b => State::Sequence { key: None },
            0x8f => State::SingleShift { key: None },
            0x90 | 0x98 | 0x9d | 0x9e | 0x9f => State::Text(Text::new(byte == 0x9d, true)),
            _ => State::Ground,
        };
    }

    /// A byte that belongs to no sequence ends the one that it is in: a pressed key counts.
    fn begin_again(&mut self, byte: u8, events: &mut Vec<Event>) {
        self.end();
        // The two that terminals take for "forget the sequence".
        if !matches!(byte, 0x18 | 0x1a) {
            self.ground(byte, events);
        }
    }

    fn end(&mut self) {
        self.state = State::Ground;
        self.held.zeroize();
    }

    fn sequence(&mut self, byte: u8, events: &mut Vec<Event>) {
        match byte {
            0x20..=0x3f if self.held.len() == LONGEST_SEQUENCE => {
                self.held.zeroize();
                self.state = State::LongSequence;
            }
            0x20..=0x3f => self.held.push(byte),
            b'[' if self.held.is_empty() => self.state = State::Console,
            b'M' if self.held.is_empty() => self.state = State::Mouse,
            b'~' if self.held == b"200" => {
                self.held.zeroize();
                self.state = State::Paste;
            }
            0x40..=0x7e => {
                events.extend(meaning::control_sequence(&self.held, byte));
                self.end();
            }
            _ => self.begin_again(byte, events),
        }
    }

    fn character(&mut self, byte: u8, needs: usize, events: &mut Vec<Event>) {
        if !(0x80..=0xbf).contains(&byte) {
            self.end();
            return self.ground(byte, events);
        }
        self.held.push(byte);
        if self.held.len() < needs {
            return;
        }
        let c = std::str::from_utf8(&self.held).ok().and_then(|text| text.chars().next());
        self.end();
        match c {
            Some(c @ '\u{80}'..='\u{9f}') => self.control(c as u8),
            Some(c) => events.push(Event::Key(meaning::typed(c))),
            None => {}
        }
    }

    fn text(&mut self, byte: u8, mut text: Text, events: &mut Vec<Event>) {
        text.count();
        if std::mem::take(&mut text.escape) {
            match byte {
                b'\\' => return self.state = State::Ground,
                // A string inside a string is written with two.
                0x1b => text.escape = true,
                b'[' | b'O' | b']' | b'P' | b'X' | b'^' | b'_' => return self.open(byte, None),
                _ => {
                    self.state = State::Escape;
                    return self.byte(byte, events);
                }
            }
            self.state = State::Text(text);
            return;
        }
        self.state = if text.take(byte) { State::Ground } else { State::Text(text) };
    }

    fn paste(&mut self, events: &mut Vec<Event>) {
        events.push(Event::Paste(String::from_utf8_lossy(&self.held).into_owned()));
        self.held.zeroize();
    }
}

fn escape() -> Event {
    Event::Key(KeyCode::Esc.into())
}
