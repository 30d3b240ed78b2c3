//! The console view: a value in parts, to type at another machine or read over the phone.
//!
//! Four characters at a time, spelled ([`crate::tui::spell`]). Each part has the time of a reveal, all together have
//! [`LONGEST`]; on timeout, and on leaving, locking, suspending and losing the focus, the value is gone. The
//! screen never holds all of it, nor do the bytes of one frame.

use std::sync::Arc;
use std::time::Duration;

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::style::Modifier;

use super::Shell;
use super::secrets::{next_second, seconds_left};
use super::seen::{NO_DETAIL, NO_ROOM, Seen};
use crate::present::format::{cut, width};
use crate::tui::keymap::{Action, Context};
use crate::tui::spell::{Class, Group, spell};
use crate::tui::widgets::paint::put;
use gluepot_core::access::Wanted;
use gluepot_core::audit::Intent;
use gluepot_core::clock::BootTime;
use gluepot_core::secret::Secret;
use gluepot_core::text::Clean;

/// How long a value may be looked at in parts, all parts together.
pub const LONGEST: Duration = Duration::from_secs(300);

/// A value that is shown in parts.
pub(in crate::tui) struct Console {
    wanted: Wanted,
    /// What it is of
    name: String,
    secret: Secret,
    pub(super) intent: Arc<Intent>,
    /// The `Date` of the server's answer, until the first outcome is recorded with it
    pub(super) date: Option<String>,
    /// What the trail says about it
    pub(super) seen: Seen,
    /// The part that is shown
    number: usize,
    /// When this part hides
    pub(super) until: BootTime,
    /// When all of it does, whatever is pressed
    end: BootTime,
    shown_seconds: u64,
}

impl Console {
    fn group(&self) -> Option<Group> {
        Group::of(self.secret.expose(), self.number)
    }
}

impl Shell {
    pub(super) fn open_console(&mut self, wanted: Wanted, secret: Secret, intent: Arc<Intent>, date: Option<String>) {
        let name = self.cx.store.record(wanted.key).map(|r| r.name().to_string()).unwrap_or_default();
        let now = BootTime::now();
        self.desk.clipboard.promises().shown(self.reveal_time(), &intent);
        let (until, end) = (now + self.reveal_time(), now + LONGEST);
        let seen = Seen::default();
        self.desk.console =
            Some(Console { wanted, name, secret, intent, date, seen, number: 0, until, end, shown_seconds: 0 });
        self.cx.dirty = true;
    }

    /// Ends the view and forgets the value. Says whether there was one.
    pub(super) fn close_console(&mut self, why: &'static str) -> bool {
        let Some(console) = self.desk.console.take() else { return false };
        self.desk.clipboard.promises().hidden();
        drop(console.secret);
        if let Some(outcome) = console.seen.end(why) {
            self.record(console.intent, outcome, console.date);
        }
        self.cx.dirty = true;
        true
    }

    /// It takes every key: nothing leaks below.
    pub(super) fn console_key(&mut self, key: KeyEvent) {
        match self.cx.keymap.lookup(Context::Popup, key) {
            Some(action @ (Action::QuitNow | Action::Suspend | Action::Redraw | Action::Lock)) => self.act(action),
            Some(Action::Back | Action::Console) => {
                self.close_console("hidden by the user");
            }
            Some(Action::Open | Action::Down | Action::Right | Action::FocusNext | Action::PageDown) => {
                self.turn_console(1);
            }
            Some(Action::Up | Action::Left | Action::FocusPrevious | Action::PageUp) => self.turn_console(-1),
            _ => {}
        }
    }

    fn turn_console(&mut self, by: isize) {
        let reveal = self.reveal_time();
        let Some(console) = &mut self.desk.console else { return };
        let number = console.number.saturating_add_signed(by);
        if Group::of(console.secret.expose(), number).is_some() {
            console.number = number;
            let now = BootTime::now();
            console.until = (now + reveal).min(console.end);
            self.desk.clipboard.promises().shown(console.until.left(now), &console.intent);
            self.cx.dirty = true;
        }
    }

    pub(super) fn console_tick(&mut self, now: BootTime) {
        let Some(console) = &mut self.desk.console else { return };
        if console.until <= now {
            let why = super::secrets::time_over(console.until, now);
            self.close_console(why);
            return;
        }
        let seconds = seconds_left(console.until, now);
        if seconds != console.shown_seconds {
            console.shown_seconds = seconds;
            self.cx.dirty = true;
        }
    }

    pub(super) fn console_due(&self) -> Option<BootTime> {
        self.desk.console.as_ref().map(|console| next_second(console.until, BootTime::now()))
    }

    /// Draws the part, and says whether all of it is on the screen.
    pub(super) fn draw_console(&self, buffer: &mut Buffer, console: &Console) -> Result<(), &'static str> {
        let styles = &self.cx.styles;
        let Some(group) = console.group() else { return Err(NO_DETAIL) };
        let mut whole = Ok(());
        // Where there is room each character has air around it.
        let airy = self.cx.frame.size.height >= 20;
        let step = if airy { 2 } else { 1 };
        let rows = 4 * step + 3 + u16::from(airy);
        let version = console.wanted.version.map(|id| format!(", version {id}")).unwrap_or_default();
        let title = format!("{}{version}", Clean::line(&console.name));
        let area = crate::tui::popups::place::frame(buffer, rows, &title, &group.words(), &self.cx);
        let mut y = area.y + u16::from(airy);
        let bottom = area.bottom().saturating_sub(2);
        for (at, grapheme) in group.characters(console.secret.expose()).enumerate() {
            if y >= bottom {
                whole = Err(NO_ROOM);
                break;
            }
            let spelled = spell(grapheme, styles.signs.ascii);
            let look = match (spelled.mark, spelled.class) {
                (Some(_), _) => styles.secret_lookalike,
                (None, Class::Small | Class::Capital | Class::Letter) => styles.secret_letter,
                (None, Class::Digit) => styles.secret_digit,
                _ => styles.secret_symbol,
            };
            let right = area.right();
            let room = |x: u16| usize::from(right.saturating_sub(x));
            put(buffer, area.x, y, &format!("{:>3}", group.start + at + 1), 3, styles.dim);
            let mut x = area.x + 5;
            // One that is drawn in another way than it is (a control character) is wider than a cell.
            if room(x) < width(&spelled.shown) + 2 {
                whole = Err(NO_ROOM);
            }
            x += put(buffer, x, y, &format!(" {} ", spelled.shown), room(x), look).max(5) + 2;
            x += put(buffer, x, y, &spelled.said, room(x), styles.text.add_modifier(Modifier::BOLD)) + 2;
            let mut words = spelled.class.word().to_owned();
            if let Some(mark) = spelled.mark {
                words = format!("{words}, {mark}");
            }
            put(buffer, x, y, &cut(&words, room(x), styles.signs.cut), room(x), styles.dim);
            y += step;
        }
        if area.height < 2 {
            return Err(NO_ROOM);
        }
        let width_of_area = usize::from(area.width);
        let seconds = seconds_left(console.until, BootTime::now());
        let words = format!("hides in {seconds} s");
        put(buffer, area.x, area.bottom() - 2, &words, width_of_area, styles.warning);
        let keys = &self.cx.keymap;
        let hint = |action| keys.keys_for(Context::Popup, action).unwrap_or_default().to_owned();
        let mut x = area.x;
        for (key, does) in [(hint(Action::Right), "next"), (hint(Action::Left), "before"), (hint(Action::Back), "ends")]
        {
            if usize::from(x - area.x) + width(&key) + width(does) + 3 > width_of_area {
                break;
            }
            x += put(buffer, x, area.bottom() - 1, &key, width(&key), styles.key);
            x += put(buffer, x, area.bottom() - 1, &format!(" {does}  "), width(does) + 3, styles.dim);
        }
        whole
    }

    /// How long a value is shown.
    pub(super) fn reveal_time(&self) -> Duration {
        Duration::from_secs(self.cx.config.ui.reveal_seconds.min(30).into())
    }
}
