//! What a complete control sequence means: a key, the mouse, the focus, or nothing for us.

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyEventState, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

/// `CSI`, these bytes, and the last one. `None` for anything but a key: reports, answers and unknown sequences.
pub(super) fn control_sequence(body: &[u8], last: u8) -> Option<Event> {
    if let Some(body) = body.strip_prefix(b"<") {
        return mouse_sgr(body, last);
    }
    // Answers of the terminal are marked by a sign before the numbers or between them and the last byte.
    if !body.iter().all(|byte| matches!(byte, b'0'..=b';')) {
        return None;
    }
    let numbers = Numbers::of(body)?;
    match last {
        b'I' if body.is_empty() => Some(Event::FocusGained),
        b'O' if body.is_empty() => Some(Event::FocusLost),
        b'Z' => Some(Event::Key(KeyEvent::new(KeyCode::BackTab, KeyModifiers::SHIFT))),
        b'M' => mouse_rxvt(&numbers),
        b'~' => numbered(&numbers),
        b'u' => by_code_point(&numbers),
        // A cursor report is `row;column R`, so what looks like F3 with Shift is none.
        b'R' => None,
        last => {
            let code = cursor_key(last)?;
            let (modifiers, kind, state) = numbers.modifiers(usize::from(numbers.count() > 1));
            Some(Event::Key(KeyEvent::new_with_kind_and_state(code, modifiers, kind, state)))
        }
    }
}

/// The key of `SS3` (`ESC O`) and this byte.
pub(super) fn single_shift(last: u8) -> Option<Event> {
    let code = if last == b'R' { KeyCode::F(3) } else { cursor_key(last)? };
    Some(Event::Key(code.into()))
}

/// The first function keys as the Linux console sends them: `CSI [` and this byte.
pub(super) fn of_console(last: u8) -> Option<Event> {
    matches!(last, b'A'..=b'E').then(|| Event::Key(KeyCode::F(1 + last - b'A').into()))
}

/// The mouse as the oldest terminals send it: `CSI M` and three bytes.
pub(super) fn mouse_bytes(bytes: &[u8]) -> Option<Event> {
    let [button, column, row] = *bytes else { return None };
    let (kind, modifiers) = button_of(button.checked_sub(32)?)?;
    let place = |byte: u8| byte.checked_sub(33).map(u16::from);
    Some(Event::Mouse(MouseEvent { kind, column: place(column)?, row: place(row)?, modifiers }))
}

/// A character as it is typed. A capital is said to have Shift.
pub(super) fn typed(c: char) -> KeyEvent {
    let modifiers = if c.is_uppercase() { KeyModifiers::SHIFT } else { KeyModifiers::NONE };
    KeyEvent::new(KeyCode::Char(c), modifiers)
}

/// A byte below 0x80 other than Esc.
pub(super) fn ascii(byte: u8) -> KeyEvent {
    let control = |c: u8| KeyEvent::new(KeyCode::Char(char::from(c)), KeyModifiers::CONTROL);
    match byte {
        b'\r' => KeyCode::Enter.into(),
        b'\t' => KeyCode::Tab.into(),
        0x7f => KeyCode::Backspace.into(),
        0 => control(b' '),
        0x01..=0x1a => control(byte - 1 + b'a'),
        0x1c..=0x1f => control(byte - 0x1c + b'4'),
        _ => typed(char::from(byte)),
    }
}

/// The numbers of a sequence: `;` between them, `:` between the parts of one.
struct Numbers(Vec<Vec<Option<u32>>>);

impl Numbers {
    /// `None` if one has more digits than any key needs.
    fn of(body: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(body).ok()?;
        let part = |text: &str| if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) };
        let number = |text: &str| text.split(':').map(part).collect::<Option<Vec<_>>>();
        text.split(';').map(number).collect::<Option<Vec<_>>>().map(Self)
    }

    fn count(&self) -> usize {
        self.0.len()
    }

    fn part(&self, number: usize, part: usize) -> Option<u32> {
        self.0.get(number)?.get(part).copied().flatten()
    }

    fn first(&self) -> Option<u32> {
        self.part(0, 0)
    }

    /// What the number at this place says about modifiers, of press or release, and of the locks.
    fn modifiers(&self, at: usize) -> (KeyModifiers, KeyEventKind, KeyEventState) {
        let mask = self.part(at, 0).unwrap_or(1).saturating_sub(1);
        let flags = [
            KeyModifiers::SHIFT,
            KeyModifiers::ALT,
            KeyModifiers::CONTROL,
            KeyModifiers::SUPER,
            KeyModifiers::HYPER,
            KeyModifiers::META,
        ];
        let set = |bit: usize| mask & (1 << bit) != 0;
        let modifiers = (0..flags.len()).filter(|&bit| set(bit)).map(|bit| flags[bit]).collect();
        let kind = match self.part(at, 1) {
            Some(2) => KeyEventKind::Repeat,
            Some(3) => KeyEventKind::Release,
            _ => KeyEventKind::Press,
        };
        let mut state = KeyEventState::NONE;
        state.set(KeyEventState::CAPS_LOCK, set(6));
        state.set(KeyEventState::NUM_LOCK, set(7));
        (modifiers, kind, state)
    }
}

fn cursor_key(last: u8) -> Option<KeyCode> {
    Some(match last {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        b'P' => KeyCode::F(1),
        b'Q' => KeyCode::F(2),
        b'S' => KeyCode::F(4),
        _ => return None,
    })
}

/// `CSI number ; modifiers ~`
fn numbered(numbers: &Numbers) -> Option<Event> {
    let function = |number: u32| KeyCode::F(number as u8);
    let code = match numbers.first()? {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        number @ 11..=15 => function(number - 10),
        number @ 17..=21 => function(number - 11),
        number @ 23..=26 => function(number - 12),
        number @ 28..=29 => function(number - 15),
        number @ 31..=34 => function(number - 17),
        _ => return None,
    };
    let (modifiers, kind, state) = numbers.modifiers(1);
    Some(Event::Key(KeyEvent::new_with_kind_and_state(code, modifiers, kind, state)))
}

/// `CSI code-point : shifted ; modifiers : kind u`, as kitty and others send keys when they were asked to. The program
/// does not ask; one that ran before may have, and left it on.
fn by_code_point(numbers: &Numbers) -> Option<Event> {
    let (mut modifiers, kind, mut state) = numbers.modifiers(1);
    let mut code = match numbers.first()? {
        0x1b => KeyCode::Esc,
        0x0d => KeyCode::Enter,
        0x09 if modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
        0x09 => KeyCode::Tab,
        0x7f => KeyCode::Backspace,
        number @ 57_376..=57_398 => KeyCode::F((number - 57_376 + 13) as u8),
        number @ 57_399..=57_426 => {
            state |= KeyEventState::KEYPAD;
            keypad(number - 57_399)?
        }
        // Keys that are no more than modifiers, locks and the buttons of a player.
        0xe000..=0xf8ff => return None,
        number => KeyCode::Char(char::from_u32(number).filter(|c| !c.is_control())?),
    };
    let shifted = numbers.part(0, 1).and_then(char::from_u32).filter(|c| !c.is_control());
    if let (true, Some(shifted)) = (modifiers.contains(KeyModifiers::SHIFT), shifted) {
        code = KeyCode::Char(shifted);
        modifiers -= KeyModifiers::SHIFT;
    }
    Some(Event::Key(KeyEvent::new_with_kind_and_state(code, modifiers, kind, state)))
}

fn keypad(number: u32) -> Option<KeyCode> {
    const SIGNS: [char; 15] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.', '/', '*', '-', '+'];
    Some(match number {
        0..=14 => KeyCode::Char(SIGNS[number as usize]),
        15 => KeyCode::Enter,
        16 => KeyCode::Char('='),
        17 => KeyCode::Char(','),
        18 => KeyCode::Left,
        19 => KeyCode::Right,
        20 => KeyCode::Up,
        21 => KeyCode::Down,
        22 => KeyCode::PageUp,
        23 => KeyCode::PageDown,
        24 => KeyCode::Home,
        25 => KeyCode::End,
        26 => KeyCode::Insert,
        27 => KeyCode::Delete,
        _ => return None,
    })
}

/// `CSI < button ; column ; row M`, or `m` when a button is let go.
fn mouse_sgr(body: &[u8], last: u8) -> Option<Event> {
    if !body.iter().all(|byte| byte.is_ascii_digit() || *byte == b';') || !matches!(last, b'M' | b'm') {
        return None;
    }
    let numbers = Numbers::of(body)?;
    let (kind, modifiers) = button_of(u8::try_from(numbers.first()?).ok()?)?;
    let kind = match kind {
        MouseEventKind::Down(button) if last == b'm' => MouseEventKind::Up(button),
        kind => kind,
    };
    mouse(&numbers, kind, modifiers)
}

/// `CSI button ; column ; row M`
fn mouse_rxvt(numbers: &Numbers) -> Option<Event> {
    let (kind, modifiers) = button_of(u8::try_from(numbers.first()?).ok()?.checked_sub(32)?)?;
    mouse(numbers, kind, modifiers)
}

fn mouse(numbers: &Numbers, kind: MouseEventKind, modifiers: KeyModifiers) -> Option<Event> {
    let place = |at: usize| u16::try_from(numbers.part(at, 0)?.checked_sub(1)?).ok();
    Some(Event::Mouse(MouseEvent { kind, column: place(1)?, row: place(2)?, modifiers }))
}

/// What the byte of a mouse report says: the button in bits 0, 1, 6 and 7, Shift, Alt and Ctrl in 2 to 4, a move in 5.
fn button_of(byte: u8) -> Option<(MouseEventKind, KeyModifiers)> {
    let number = (byte & 0b0000_0011) | ((byte & 0b1100_0000) >> 4);
    let moves = byte & 0b0010_0000 != 0;
    let kind = match (number, moves) {
        (0, false) => MouseEventKind::Down(MouseButton::Left),
        (1, false) => MouseEventKind::Down(MouseButton::Middle),
        (2, false) => MouseEventKind::Down(MouseButton::Right),
        (0, true) => MouseEventKind::Drag(MouseButton::Left),
        (1, true) => MouseEventKind::Drag(MouseButton::Middle),
        (2, true) => MouseEventKind::Drag(MouseButton::Right),
        (3, false) => MouseEventKind::Up(MouseButton::Left),
        (3..=5, true) => MouseEventKind::Moved,
        (4, false) => MouseEventKind::ScrollUp,
        (5, false) => MouseEventKind::ScrollDown,
        (6, false) => MouseEventKind::ScrollLeft,
        (7, false) => MouseEventKind::ScrollRight,
        _ => return None,
    };
    let mut modifiers = KeyModifiers::NONE;
    modifiers.set(KeyModifiers::SHIFT, byte & 0b0000_0100 != 0);
    modifiers.set(KeyModifiers::ALT, byte & 0b0000_1000 != 0);
    modifiers.set(KeyModifiers::CONTROL, byte & 0b0001_0000 != 0);
    Some((kind, modifiers))
}
