//! One line of text the user types into.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use tui_textarea::{CursorMove, TextArea};
use unicode_segmentation::UnicodeSegmentation as _;

use super::paint::put;
use crate::present::format::{cut, width};
use crate::tui::styles::Styles;
use gluepot_core::text::Clean;

/// The longest text that can be typed or pasted, in characters.
pub const LONGEST: usize = 200;

/// A text field of one line, with the editing keys people know from a shell.
#[derive(Default)]
pub struct Field {
    area: TextArea<'static>,
}

impl Field {
    /// A field with some text and the cursor behind it.
    pub fn with(text: &str) -> Self {
        let mut area = TextArea::new(vec![text.to_owned()]);
        area.move_cursor(CursorMove::End);
        Self { area }
    }

    /// Its text.
    pub fn text(&self) -> &str {
        self.area.lines().first().map_or("", String::as_str)
    }

    /// Where the cursor is, in characters from the left.
    pub fn cursor(&self) -> usize {
        self.area.cursor().1
    }

    /// Gives it a key. Says whether the text changed.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        let before = self.text().to_owned();
        match key.code {
            KeyCode::Char(c) if !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) => {
                self.insert(c.encode_utf8(&mut [0; 4]));
            }
            // Lines are not wanted here: these would make or join them.
            KeyCode::Enter | KeyCode::Tab | KeyCode::BackTab => {}
            KeyCode::Char('m' | 'j') if key.modifiers.contains(KeyModifiers::CONTROL) => {}
            KeyCode::Char('u') if key.modifiers.contains(KeyModifiers::CONTROL) => {
                self.area.delete_line_by_head();
            }
            _ => {
                self.area.input(key);
            }
        }
        self.text() != before
    }

    /// Puts typed or pasted text in at the cursor: filtered, on one line, cut at the longest length. What does not show is
    /// left out: no one meant to type it.
    pub fn insert(&mut self, raw: &str) {
        let room = LONGEST.saturating_sub(self.text().chars().count());
        let line: String = raw.split(['\n', '\r', '\t']).collect::<Vec<_>>().join(" ");
        let line: String = line.chars().filter(|&c| !is_unseen(c)).collect();
        // An accent that comes alone belongs to the letter before it.
        let before: String = self.text().chars().take(self.cursor()).collect();
        let joined = Clean::line(&format!("{before}{}", line.trim_end()));
        let clean: String = match joined.strip_prefix(before.as_str()) {
            Some(added) => added.chars().take(room).collect(),
            None => Clean::line(line.trim_end()).chars().take(room).collect(),
        };
        // A blank typed alone is text as well.
        self.area.insert_str(if raw == " " && room > 0 { " " } else { &clean });
    }
}

/// Characters that take no room and change nothing one can see: zero-width spaces and joiners, soft hyphens, byte order
/// marks, signs of direction. They come along when text is copied from a web page or a mail.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// Draws a line that is typed into, with a sign before it. Without a cursor it is only shown.
pub fn draw_field(buffer: &mut Buffer, area: Rect, sign: &str, text: &str, cursor: Option<usize>, styles: &Styles) {
    let x = area.x + put(buffer, area.x, area.y, sign, 1, styles.key);
    let room = usize::from(area.width.saturating_sub(2));
    // The part around the cursor is what is being typed.
    let graphemes: Vec<&str> = text.graphemes(true).collect();
    let at = cursor.unwrap_or(0).min(graphemes.len());
    let mut start = 0;
    while width(&graphemes[start..at].concat()) + 1 > room {
        start += 1;
    }
    let shown = graphemes[start..].concat();
    put(buffer, x, area.y, &cut(&shown, room, styles.signs.cut), room, styles.text);
    if cursor.is_some() {
        let at = x + width(&graphemes[start..at].concat()) as u16;
        if at < area.right() {
            buffer.set_style(
                Rect { x: at, y: area.y, width: 1, height: 1 },
                Style::new().add_modifier(Modifier::REVERSED),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pasted_text_is_one_filtered_line() {
        let mut field = Field::default();
        field.insert("VPN\r\nremote\x1b[2J");
        assert_eq!(field.text(), "VPN  remote␛[2J");
    }

    #[test]
    fn what_does_not_show_is_left_out_and_an_accent_joins_its_letter() {
        let mut field = Field::default();
        field.insert("\u{feff}pho\u{ad}ne\u{200b}\u{a0}x");
        assert_eq!(field.text(), "phone x");
        let mut field = Field::with("cafe");
        field.key(KeyEvent::new(KeyCode::Char('\u{301}'), KeyModifiers::NONE));
        assert_eq!(field.text(), "cafe\u{301}");
    }

    #[test]
    fn text_has_an_end() {
        let mut field = Field::default();
        field.insert(&"x".repeat(5_000));
        assert_eq!(field.text().len(), LONGEST);
        assert!(!field.key(KeyEvent::new(KeyCode::Char('y'), KeyModifiers::NONE)));
    }

    #[test]
    fn editing_keys_work_as_in_a_shell() {
        let mut field = Field::with("fire wall");
        field.key(KeyEvent::new(KeyCode::Char('w'), KeyModifiers::CONTROL));
        assert_eq!(field.text(), "fire ");
        field.key(KeyEvent::new(KeyCode::Char('u'), KeyModifiers::CONTROL));
        assert_eq!(field.text(), "");
        assert!(!field.key(KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE)));
    }
}
