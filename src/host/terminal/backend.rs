//! Frames as bytes: what changed between two of them, in few sequences of the fixed list.
//!
//! A backend of our own, for three reasons. The usual one asks the terminal for the cursor's position whenever the
//! screen is cleared, after a stop or for another size, and the answer has to be found among the keys: the program
//! would wait for it, and ends when none comes. It resets every colour by name after each frame, which over a slow
//! line is a good part of one step of the cursor. And under `NO_COLOR` it writes colours as empty sequences, each of
//! which switches off bold and reverse as well.

use std::io::{self, Write};

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr as _;

use gluepot_core::text::overhang;

/// Draws by writing to `W`, which is flushed once a frame.
#[derive(Debug)]
pub struct Drawing<W> {
    out: W,
    cursor: Position,
    cursor_is_shown: bool,
}

/// What the terminal draws with. A frame begins and ends with [`PLAIN`].
#[derive(Clone, Copy, PartialEq, Eq)]
struct Look {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

const PLAIN: Look = Look { fg: Color::Reset, bg: Color::Reset, modifier: Modifier::empty() };

const MODIFIERS: [(Modifier, u8); 9] = [
    (Modifier::BOLD, 1),
    (Modifier::DIM, 2),
    (Modifier::ITALIC, 3),
    (Modifier::UNDERLINED, 4),
    (Modifier::SLOW_BLINK, 5),
    (Modifier::RAPID_BLINK, 6),
    (Modifier::REVERSED, 7),
    (Modifier::HIDDEN, 8),
    (Modifier::CROSSED_OUT, 9),
];

impl<W: Write> Drawing<W> {
    /// Draws on `out`.
    pub fn new(out: W) -> Self {
        Self { out, cursor: Position::ORIGIN, cursor_is_shown: false }
    }

    /// Puts a cursor that is not shown into the corner. When its window becomes lower, a multiplexer without an alternate
    /// screen moves the rows above the cursor into its history and drops those below it.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn park_cursor(&mut self) -> io::Result<()> {
        if self.cursor_is_shown { Ok(()) } else { self.out.write_all(b"\x1b[1;1H") }
    }

    /// Goes from one look to another by one sequence. What can only be switched off by switching off everything is
    /// switched on again.
    fn turn(&mut self, mut from: Look, to: Look) -> io::Result<()> {
        if from == to {
            return Ok(());
        }
        self.out.write_all(b"\x1b[")?;
        let mut separator = "";
        let mut say = |out: &mut W, code: std::fmt::Arguments<'_>| {
            let written = write!(out, "{separator}{code}");
            separator = ";";
            written
        };
        if to == PLAIN || !to.modifier.contains(from.modifier) {
            say(&mut self.out, format_args!("0"))?;
            from = PLAIN;
        }
        for (modifier, code) in MODIFIERS {
            if to.modifier.contains(modifier) && !from.modifier.contains(modifier) {
                say(&mut self.out, format_args!("{code}"))?;
            }
        }
        for (was, is, base) in [(from.fg, to.fg, 30), (from.bg, to.bg, 40)] {
            if was == is {
                continue;
            }
            match (is, named(is)) {
                (_, Some(number)) if number < 8 => say(&mut self.out, format_args!("{}", base + number))?,
                (_, Some(number)) => say(&mut self.out, format_args!("{}", base + 60 + number - 8))?,
                (Color::Indexed(number), _) => say(&mut self.out, format_args!("{};5;{number}", base + 8))?,
                (Color::Rgb(r, g, b), _) => say(&mut self.out, format_args!("{};2;{r};{g};{b}", base + 8))?,
                _ => say(&mut self.out, format_args!("{}", base + 9))?,
            }
        }
        self.out.write_all(b"m")
    }
}

/// The number of one of the terminal's own 16 colours.
fn named(color: Color) -> Option<u16> {
    Some(match color {
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
        Color::Reset | Color::Indexed(_) | Color::Rgb(..) => return None,
    })
}

impl<W: Write> Backend for Drawing<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut look = PLAIN;
        let mut last = None;
        for (x, y, cell) in content {
            // Only the cell right behind needs no position. After a wide character one is sent, and after any that
            // terminals may take for wider or narrower than we do: the rest of the row must not move with it.
            let place = |out: &mut W| write!(out, "\x1b[{};{}H", y + 1, x + 1);
            if last.is_none_or(|(before, row)| (x, y) != (before + 1, row)) {
                place(&mut self.out)?;
            }
            let next = Look { fg: cell.fg, bg: cell.bg, modifier: cell.modifier };
            self.turn(look, next)?;
            look = next;
            let sure = overhang(cell.symbol()).is_none();
            if !sure && cell.symbol().width() > 1 {
                // Where the terminal takes it for narrow, nothing old shows beside it.
                self.out.write_all(b"  ")?;
                place(&mut self.out)?;
            }
            last = sure.then_some((x, y));
            self.out.write_all(cell.symbol().as_bytes())?;
        }
        self.turn(look, PLAIN)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.cursor_is_shown = false;
        self.out.write_all(b"\x1b[?25l")
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.cursor_is_shown = true;
        self.out.write_all(b"\x1b[?25h")
    }

    /// Where it was put last. The terminal is not asked.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.cursor = position.into();
        write!(self.out, "\x1b[{};{}H", self.cursor.y + 1, self.cursor.x + 1)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    /// A part of the screen is only cleared where the program does not own all of it; here it always does.
    fn clear_region(&mut self, _: ClearType) -> io::Result<()> {
        self.out.write_all(super::sequences::ERASE.as_bytes())
    }

    fn size(&self) -> io::Result<Size> {
        let (width, height) = super::tty::size()?;
        Ok(Size { width, height })
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size()?, pixels: Size::ZERO })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "writing to memory never fails")]
mod tests {
    use ratatui::style::Style;

    use super::*;

    fn drawn(cells: &[(u16, u16, &str, Style)]) -> String {
        let cells: Vec<_> = cells
            .iter()
            .map(|(x, y, symbol, style)| {
                let mut cell = Cell::default();
                cell.set_symbol(symbol).set_style(*style);
                (*x, *y, cell)
            })
            .collect();
        let mut drawing = Drawing::new(Vec::new());
        drawing.draw(cells.iter().map(|(x, y, cell)| (*x, *y, cell))).unwrap();
        String::from_utf8(drawing.out).unwrap()
    }

    #[test]
    fn neighbours_need_one_position_and_one_look() {
        let cyan = Style::new().fg(Color::Cyan).bold();
        assert_eq!(drawn(&[(4, 2, "a", cyan), (5, 2, "b", cyan)]), "\x1b[3;5H\x1b[1;36mab\x1b[0m");
        assert_eq!(drawn(&[(0, 0, "a", Style::new()), (0, 1, "b", Style::new())]), "\x1b[1;1Ha\x1b[2;1Hb");
        assert_eq!(drawn(&[(0, 0, "字", Style::new()), (2, 0, "b", Style::new())]), "\x1b[1;1H字\x1b[1;3Hb");
        assert_eq!(drawn(&[]), "");
    }

    #[test]
    fn what_terminals_differ_in_moves_nothing_else() {
        let plain = Style::new();
        assert_eq!(drawn(&[(0, 0, "e\u{301}", plain), (1, 0, "b", plain)]), "\x1b[1;1He\u{301}\x1b[1;2Hb");
        assert_eq!(drawn(&[(0, 0, "👍🏽", plain), (2, 0, "b", plain)]), "\x1b[1;1H  \x1b[1;1H👍🏽\x1b[1;3Hb");
    }

    #[test]
    fn a_look_is_left_by_what_it_had_and_the_next_has_not() {
        let (bold, dim) = (Style::new().bold(), Style::new().fg(Color::DarkGray));
        let both = Style::new().bold().fg(Color::DarkGray);
        assert_eq!(drawn(&[(0, 0, "a", bold), (1, 0, "b", both)]), "\x1b[1;1H\x1b[1ma\x1b[90mb\x1b[0m");
        assert_eq!(drawn(&[(0, 0, "a", both), (1, 0, "b", dim)]), "\x1b[1;1H\x1b[1;90ma\x1b[0;90mb\x1b[0m");
        assert_eq!(drawn(&[(0, 0, "a", both), (1, 0, "b", bold)]), "\x1b[1;1H\x1b[1;90ma\x1b[39mb\x1b[0m");
        let back = Style::new().bg(Color::Indexed(200)).fg(Color::Rgb(1, 2, 3));
        assert_eq!(drawn(&[(0, 0, "a", back)]), "\x1b[1;1H\x1b[38;2;1;2;3;48;5;200ma\x1b[0m");
    }

    #[test]
    fn clearing_asks_the_terminal_nothing() {
        let mut drawing = Drawing::new(Vec::new());
        drawing.set_cursor_position((3, 1)).unwrap();
        assert_eq!(drawing.get_cursor_position().unwrap(), Position::new(3, 1));
        drawing.clear().unwrap();
        assert_eq!(String::from_utf8(drawing.out).unwrap(), format!("\x1b[2;4H{}", crate::host::terminal::ERASE));
    }
}
