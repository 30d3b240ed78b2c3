//! The rows of a password in the detail: dots, or the revealed value with its countdown, and the text below.
//!
//! A value is drawn whole or not at all: half of one would be taken for the whole. Every blank but the ordinary one and
//! everything that is not seen has a mark ([`crate::tui::spell::shown`]). Whether all of it reached the screen is looked at in the finished frame ([`Shell::is_value_drawn`]).

use crate::present::format::{cut, width};
use crate::tui::keymap::Action;
use crate::tui::shell::Shell;
use crate::tui::shell::secrets::Held;
use crate::tui::shell::seen::{COVERED, NO_DETAIL, NO_ROOM};
use crate::tui::spell;
use crate::tui::styles::Styles;
use crate::tui::widgets::paint::put;
use crate::tui::widgets::wrap::wrap;
use gluepot_core::access::{Purpose, Wanted, refused};
use gluepot_core::lookalike;
use gluepot_core::model::{Kind, Record, RecordKey};
use gluepot_core::text::Clean;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;

const LABEL: &str = "Password  ";
/// Below this many columns a revealed value also has the label's room.
const NARROW: usize = 40;
/// A value of more rows than any screen has is not laid out further.
const MOST_ROWS: u16 = 500;

/// One piece of a value in its place.
struct Glyph {
    x: u16,
    y: u16,
    shown: String,
    style: Style,
}

/// A value laid out in rows: its pieces, from the corner at 0, 0, and how many rows they take.
struct Placed {
    glyphs: Vec<Glyph>,
    rows: u16,
}

/// Lays a value out in this many columns; `None` where a piece of it is wider than that.
fn place(value: &str, columns: u16, styles: &Styles) -> Option<Placed> {
    let (mut x, mut y) = (0, 0);
    let mut glyphs = Vec::new();
    for grapheme in value.graphemes(true) {
        let (shown, style) = secret_look(grapheme, styles);
        let wide = u16::try_from(width(&shown)).ok().filter(|wide| *wide <= columns)?;
        if x + wide > columns {
            (x, y) = (0, y + 1);
        }
        if y >= MOST_ROWS {
            return None;
        }
        glyphs.push(Glyph { x, y, shown, style });
        x += wide;
    }
    Some(Placed { glyphs, rows: y + 1 })
}

impl Shell {
    fn held_at(&self, key: RecordKey) -> Option<&Held> {
        self.held().filter(|held| held.key == key)
    }

    /// Columns left of the value: its label, where there is room beside it.
    fn value_indent(&self, key: RecordKey, columns: usize) -> u16 {
        if columns < NARROW && self.held_at(key).is_some() { 0 } else { LABEL.len() as u16 }
    }

    /// Rows of the value of a password: one of dots, or as many as the revealed value needs, and those below.
    pub(in crate::tui::shell) fn secret_rows(&self, columns: usize) -> Option<u16> {
        let key = self.reader.detail.target?.key;
        if key.kind != Kind::Password {
            return None;
        }
        let room = columns.saturating_sub(self.value_indent(key, columns).into());
        let Some(held) = self.held_at(key) else {
            return Some(1 + (self.secret_lines(key, room.max(1)).0.len() as u16).min(23));
        };
        let value = held.secret.expose();
        // One that fits nowhere has the rows that say so.
        let rows = place(value, room as u16, &self.cx.styles).map_or(2, |placed| placed.rows);
        Some(rows + u16::from(legend(value).is_some()) + 1)
    }

    /// Rows that a revealed value cannot do without: itself, and the line that says that it is an earlier version.
    pub(in crate::tui::shell) fn value_rows(&self, columns: usize) -> Option<u16> {
        let held = self.held_at(self.reader.detail.target?.key)?;
        let room = columns.saturating_sub(self.value_indent(held.key, columns).into());
        let placed = place(held.secret.expose(), room as u16, &self.cx.styles)?;
        Some(placed.rows + u16::from(held.version.is_some()))
    }

    /// The row of dots, or the value with its countdown.
    pub(super) fn draw_secret(&self, buffer: &mut Buffer, area: Rect, key: RecordKey) {
        let styles = &self.cx.styles;
        if area.height == 0 {
            return;
        }
        let indent = self.value_indent(key, area.width.into());
        put(buffer, area.x, area.y, LABEL, indent.into(), styles.dim);
        let x = area.x + indent;
        let inner = Rect { x, width: area.width.saturating_sub(indent), ..area };
        let room = usize::from(inner.width);
        let Some(held) = self.held_at(key) else {
            put(buffer, x, area.y, &styles.signs.mask.repeat(12.min(room)), room, styles.dim);
            let (lines, style) = self.secret_lines(key, room);
            for (y, words) in (area.y + 1..area.bottom()).zip(&lines) {
                put(buffer, x, y, &cut(words, room, styles.signs.cut), room, style);
            }
            return;
        };
        let value = held.secret.expose();
        let needed = self.value_rows(area.width.into()).filter(|rows| *rows <= area.height);
        let Some((placed, _)) = place(value, inner.width, styles).zip(needed) else {
            self.desk.drawn.whole.set(Err(NO_ROOM));
            let lines = wrap(&self.no_room_words(), room);
            for (y, line) in (area.y..area.bottom()).zip(&lines) {
                put(buffer, x, y, line, room, styles.warning);
            }
            return;
        };
        self.desk.drawn.area.set(Some(inner));
        for glyph in &placed.glyphs {
            put(buffer, x + glyph.x, area.y + glyph.y, &glyph.shown, width(&glyph.shown), glyph.style);
        }
        let mut below = area.height - placed.rows;
        if below > 1
            && let Some(words) = legend(value)
        {
            put(buffer, x, area.y + placed.rows, &cut(&words, room, styles.signs.cut), room, styles.dim);
            below -= 1;
        }
        if below > 0 {
            let seconds = held.seconds(gluepot_core::clock::BootTime::now());
            let version = held.version.map(|id| self.version_of(key, id) + ", ").unwrap_or_default();
            let mut words = format!("{version}hides in {seconds} s, or with {}", self.cx.hint(Action::Back));
            if !version.is_empty() && width(&words) > room {
                // Who changed it may be cut off, when it hides and how may not.
                words = format!(
                    "hides in {seconds} s, or with {}; {}",
                    self.cx.hint(Action::Back),
                    version.trim_end_matches(", ")
                );
            }
            put(buffer, x, area.bottom() - 1, &cut(&words, room, styles.signs.cut), room, styles.warning);
        }
    }

    /// Looks whether every piece of a revealed value is in the finished frame.
    pub(super) fn is_value_drawn(&self, buffer: &Buffer) -> Result<(), &'static str> {
        let Some(held) = self.held() else { return Err(NO_DETAIL) };
        let Some(area) = self.desk.drawn.area.get() else { return self.desk.drawn.whole.get() };
        let placed = place(held.secret.expose(), area.width, &self.cx.styles).ok_or(NO_ROOM)?;
        let is_there = |glyph: &Glyph| {
            let mut x = area.x + glyph.x;
            glyph.shown.graphemes(true).all(|piece| {
                let fits = buffer.cell((x, area.y + glyph.y)).is_some_and(|cell| cell.symbol() == piece);
                x += width(piece).max(1) as u16;
                fits
            })
        };
        if placed.glyphs.iter().all(is_there) { Ok(()) } else { Err(COVERED) }
    }

    /// The text below the dots, in lines: why a value could not be fetched, in full.
    fn secret_lines(&self, key: gluepot_core::model::RecordKey, room: usize) -> (Vec<String>, Style) {
        let failed = self.desk.not_fetched.as_ref().filter(|(failed, _)| *failed == key && self.asked(key).is_none());
        if let Some((_, why)) = failed.filter(|_| self.cx.audit.trouble().is_none() && self.lock.pin_trouble.is_none())
        {
            let mut lines = wrap(&Clean::line(why), room);
            lines.truncate(4);
            return (lines, self.cx.styles.danger);
        }
        let (words, style) = self.secret_words(key, room);
        (vec![words], style)
    }

    /// The text below the dots: what can be pressed, what is being fetched, or why nothing can be shown. Where a
    /// policy is named, with the whole path of its file if there is room for it.
    fn secret_words(&self, key: gluepot_core::model::RecordKey, room: usize) -> (String, Style) {
        let styles = &self.cx.styles;
        if let Some((wanted, since)) = self.asked(key) {
            let seconds = self.now().duration_since(since).as_secs();
            let what = match wanted.purpose {
                Purpose::Reveal => "Recorded, fetching it to show",
                Purpose::Copy => "Recorded, fetching it to copy",
                Purpose::Console => "Recorded, fetching it to spell out",
                Purpose::HandOver => "Recorded, fetching it to send",
            };
            let tail = if seconds >= 2 { format!(", {seconds} s") } else { styles.signs.cut.to_owned() };
            let version = wanted.version.map(|id| format!(" ({})", self.version_of(key, id))).unwrap_or_default();
            return (format!("{what}{version}{tail}"), styles.text);
        }
        if let Some(Record::Password(password)) = self.cx.store.record(key).map(AsRef::as_ref) {
            if password.vault_id.is_some() {
                return (
                    format!(
                        "Vaulted: IT Glue's API cannot reveal it. {} for the web app.",
                        self.cx.hint(Action::OpenUrl)
                    ),
                    styles.warning,
                );
            }
            let wanted = Wanted { key, purpose: Purpose::Reveal, version: None };
            let fitting = |whole: String, brief: String| if width(&whole) <= room { whole } else { brief };
            let decision = self.cx.access.decide_secret(wanted, &self.cx.about(key, None));
            if let Some(brief) = refused(&decision, "Not shown") {
                return (fitting(format!("Not shown: {}.", decision.told()), brief), styles.warning);
            }
            if let Some(trouble) = &self.lock.pin_trouble {
                let (whole, brief) = (format!("Not shown: {trouble}."), format!("Not shown: {}.", trouble.brief()));
                return (fitting(whole, brief), styles.warning);
            }
            if let Some(trouble) = self.cx.audit.trouble() {
                let words = format!("Not recorded: {}, then {}", trouble.advice, self.cx.hint(Action::Reveal));
                return (words, styles.danger);
            }
            return (
                format!("{} reveal · {} copy hidden", self.cx.hint(Action::Reveal), self.cx.hint(Action::CopySecret)),
                styles.dim,
            );
        }
        (String::new(), styles.dim)
    }
}

/// The text below a value with letters or blanks that can be mistaken for others.
fn legend(value: &str) -> Option<String> {
    let mut names: Vec<String> = value.chars().filter_map(look_alike).collect();
    // Each is said once: where they are the value itself shows.
    let mut told = std::collections::HashSet::new();
    names.retain(|name| told.insert(name.clone()));
    (!names.is_empty()).then(|| format!("look-alikes: {}", names.join(", ")))
}

/// The name of a letter or a blank that looks like another one.
fn look_alike(c: char) -> Option<String> {
    let name = match c {
        '0' => "zero",
        'O' => "capital O",
        '1' => "one",
        'l' => "small L",
        'I' => "capital I",
        '|' => "bar",
        ' '..='~' => return None,
        c => return lookalike::not_what_it_looks(c),
    };
    Some(name.to_owned())
}

/// How one letter of a revealed value looks: letters, digits and symbols differ, look-alikes stand out, control
/// characters and odd blanks are named.
fn secret_look(grapheme: &str, styles: &Styles) -> (String, Style) {
    let shown = spell::shown(grapheme, styles.signs.ascii);
    let style = match grapheme.chars().next() {
        Some(c) if grapheme.chars().any(|c| look_alike(c).is_some()) || (c != ' ' && shown != grapheme) => {
            styles.secret_lookalike
        }
        Some(c) if c.is_alphabetic() => styles.secret_letter,
        Some(c) if c.is_ascii_digit() => styles.secret_digit,
        _ => styles.secret_symbol,
    };
    (shown, style)
}
