//! What the bytes so far are, and what a string of them can be.

/// Whether the key map binds this key, which has Alt.
pub type IsBound = Box<dyn Fn(crossterm::event::KeyEvent) -> bool + Send>;

/// Longer than any answer: the clipboard, which a terminal may send as one, is cut at 1 MiB by those that do.
const LONGEST_STRING: usize = 1 << 20;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum State {
    /// Between two keys
    Ground,
    /// ESC
    Escape,
    /// `CSI`, with the bytes so far; with the key that it is with Esc if nothing follows
    Sequence { key: Option<char> },
    /// `CSI` and more bytes than any key has
    LongSequence,
    /// `CSI [`
    Console,
    /// `CSI M`, with the bytes so far
    Mouse,
    /// `SS3`
    SingleShift { key: Option<char> },
    /// Some bytes of a character, which needs this many
    Character { needs: usize },
    /// A string
    Text(Text),
    /// Pasted text
    Paste,
}

/// What is known of a string whose bytes are dropped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Text {
    /// It is an OSC, which BEL also ends
    pub(super) is_command: bool,
    /// It began with a control character of eight bits, and may end with one
    pub(super) eight_bits: bool,
    /// The key that it is with Esc if nothing follows
    pub(super) key: Option<char>,
    /// The last byte was ESC
    pub(super) escape: bool,
    /// How many bytes of a character are still to come: 0x9c is one of many
    pub(super) rest: u8,
    /// The byte before was the first of U+0080 to U+00BF
    pub(super) high: bool,
    pub(super) length: usize,
    /// It may have ended or is too long
    pub(super) is_doubtful: bool,
}

/// What was taken for keys a moment ago.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Glow {
    /// ESC
    Escape,
    /// ESC and what begins a sequence
    Opening(u8),
    /// ESC at the end of a string
    Ending,
}

impl Text {
    /// A string that has just begun.
    pub(super) fn new(is_command: bool, eight_bits: bool) -> Self {
        Self { is_command, eight_bits, key: None, escape: false, rest: 0, high: false, length: 0, is_doubtful: false }
    }

    /// Takes a byte of the string that does not follow ESC. Says whether it ends the string.
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let in_character = self.rest > 0 && (0x80..=0xbf).contains(&byte);
        if in_character {
            self.rest -= 1;
        } else {
            self.rest = match byte {
                0xc2..=0xdf => 1,
                0xe0..=0xef => 2,
                0xf0..=0xf4 => 3,
                _ => 0,
            };
        }
        let is_end = byte == 0x9c && (!in_character || self.high);
        self.high = byte == 0xc2;
        match byte {
            0x1b => self.escape = true,
            0x07 if self.is_command => return true,
            0x18 | 0x1a => return true,
            _ if is_end && self.eight_bits => return true,
            // A string that begins with seven bits ends with them. It could also be text in an old character set.
            _ if is_end => self.is_doubtful = true,
            _ => {}
        }
        false
    }

    /// Counts a byte. What is longer than any answer is in doubt.
    pub(super) fn count(&mut self) {
        self.length += 1;
        self.is_doubtful |= self.length > LONGEST_STRING;
    }
}
