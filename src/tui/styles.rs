//! From a dozen named colours to every concrete style and sign on the screen.
//!
//! Meaning is never in colour alone: focus is also bold, selection reversed or marked, danger has a word.

use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::border;

use crate::config::{Hue, Theme};
use gluepot_body::{Emphasis, Role};

/// Every style the screen uses.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "named for what they style")]
pub struct Styles {
    pub text: Style,
    pub dim: Style,
    pub frame: Style,
    pub frame_focus: Style,
    pub title: Style,
    pub title_focus: Style,
    pub count: Style,
    pub selected: Style,
    pub selected_blurred: Style,
    pub hit: Style,
    pub current_hit: Style,
    pub group: Style,
    pub key: Style,
    pub top: Style,
    pub brand: Style,
    pub ticket: Style,
    pub alert: Style,
    pub good: Style,
    pub warning: Style,
    pub danger: Style,
    pub secret_letter: Style,
    pub secret_digit: Style,
    pub secret_symbol: Style,
    pub secret_lookalike: Style,
    pub link_selected: Style,
    theme: Theme,
    /// Whether the terminal strikes text through
    pub strikes: bool,
    /// The signs that fit the terminal
    pub signs: Signs,
}

/// Signs in a Unicode and an ASCII form.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "named for what they mean")]
pub struct Signs {
    pub border: border::Set<'static>,
    pub cut: &'static str,
    pub bar: &'static str,
    pub open: &'static str,
    pub closed: &'static str,
    pub more: &'static str,
    pub dot: &'static str,
    pub warn: &'static str,
    pub mask: &'static str,
    pub into: &'static str,
    pub dash: &'static str,
    pub thumb: &'static str,
    pub here: &'static str,
    pub ascii: bool,
}

impl Signs {
    /// For a terminal in UTF-8.
    pub const UNICODE: Self = Self {
        border: border::ROUNDED,
        cut: "…",
        bar: "▌",
        open: "▾",
        closed: "▸",
        more: "↓",
        dot: "·",
        warn: "▲",
        mask: "•",
        into: "›",
        dash: "─",
        thumb: "┃",
        here: "●",
        ascii: false,
    };

    /// For every other terminal.
    pub const ASCII: Self = Self {
        border: border::Set {
            top_left: "+",
            top_right: "+",
            bottom_left: "+",
            bottom_right: "+",
            vertical_left: "|",
            vertical_right: "|",
            horizontal_top: "-",
            horizontal_bottom: "-",
        },
        cut: "~",
        bar: ">",
        open: "-",
        closed: "+",
        more: "v",
        dot: "-",
        warn: "!",
        mask: "*",
        into: ">",
        dash: "-",
        thumb: "#",
        here: "*",
        ascii: true,
    };
}

impl From<Hue> for Color {
    fn from(hue: Hue) -> Self {
        const SIXTEEN: [Color; 16] = [
            Color::Black,
            Color::Red,
            Color::Green,
            Color::Yellow,
            Color::Blue,
            Color::Magenta,
            Color::Cyan,
            Color::Gray,
            Color::DarkGray,
            Color::LightRed,
            Color::LightGreen,
            Color::LightYellow,
            Color::LightBlue,
            Color::LightMagenta,
            Color::LightCyan,
            Color::White,
        ];
        match hue {
            Hue::Reset => Self::Reset,
            Hue::Named(place) => SIXTEEN.get(usize::from(place)).copied().unwrap_or(Self::Reset),
            Hue::Indexed(number) => Self::Indexed(number),
            Hue::Rgb(red, green, blue) => Self::Rgb(red, green, blue),
        }
    }
}

impl Styles {
    /// Makes all styles from the named colours.
    pub fn new(theme: Theme, ascii: bool) -> Self {
        let fg = |hue: Hue| Style::new().fg(hue.into());
        let faint = |style: Style| if theme.dim == Hue::Reset { style.add_modifier(Modifier::DIM) } else { style };
        let text = fg(theme.text);
        let dim = faint(fg(theme.dim));
        let accent = fg(theme.accent);
        let selected = if theme.selection == Hue::Reset {
            text.add_modifier(Modifier::REVERSED)
        } else {
            text.bg(theme.selection.into())
        };
        Self {
            text,
            dim,
            frame: dim,
            frame_focus: accent.add_modifier(Modifier::BOLD),
            title: text,
            title_focus: accent.add_modifier(Modifier::BOLD),
            count: dim,
            selected,
            selected_blurred: text.add_modifier(Modifier::BOLD),
            // Not bold: bold and underlined are headings.
            hit: fg(theme.hit).add_modifier(Modifier::UNDERLINED),
            current_hit: fg(theme.hit).add_modifier(Modifier::BOLD | Modifier::REVERSED),
            group: fg(theme.heading).add_modifier(Modifier::BOLD),
            key: accent.add_modifier(Modifier::BOLD),
            top: text,
            brand: accent.add_modifier(Modifier::BOLD),
            ticket: fg(theme.warning),
            alert: fg(theme.danger).add_modifier(Modifier::BOLD),
            good: fg(theme.good),
            warning: fg(theme.warning),
            danger: fg(theme.danger).add_modifier(Modifier::BOLD),
            secret_letter: text.add_modifier(Modifier::BOLD),
            secret_digit: fg(theme.secret).add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
            secret_symbol: fg(theme.warning).add_modifier(Modifier::BOLD),
            secret_lookalike: fg(theme.secret).add_modifier(Modifier::BOLD | Modifier::REVERSED),
            link_selected: fg(theme.link).add_modifier(Modifier::REVERSED | Modifier::BOLD),
            theme,
            strikes: true,
            signs: if ascii { Signs::ASCII } else { Signs::UNICODE },
        }
    }

    /// Says whether the terminal strikes text through. Where it does not, such text is between marks.
    #[must_use]
    pub fn striking(self, strikes: bool) -> Self {
        Self { strikes, ..self }
    }

    /// The colour strip of an organization: the same for the same client, every day. Without colours there is
    /// only the short name.
    pub fn organization(&self, id: u64) -> Style {
        const STRIPS: [Color; 6] =
            [Color::Cyan, Color::Green, Color::Magenta, Color::LightRed, Color::Blue, Color::Red];
        if self.theme.accent == Hue::Reset {
            return Style::new().add_modifier(Modifier::REVERSED);
        }
        // Ids are given out in order: spread neighbours over the colours.
        let spread = id.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
        Style::new().fg(STRIPS[(spread % STRIPS.len() as u64) as usize])
    }

    /// The style of a piece of a document.
    pub fn span(&self, role: Role, emphasis: Emphasis) -> Style {
        let fg = |hue: Hue| Style::new().fg(hue.into());
        let theme = &self.theme;
        let mut style = match role {
            Role::Text | Role::Value => self.text,
            Role::Heading(1 | 2) => fg(theme.heading).add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
            Role::Heading(_) | Role::TableHead => fg(theme.heading).add_modifier(Modifier::BOLD),
            Role::Code | Role::CodeBlock => fg(theme.code),
            Role::CodeFrame | Role::CodeWrap | Role::Rule | Role::TableBorder | Role::Dim | Role::LinkTarget => {
                self.dim
            }
            Role::Quote | Role::Marker | Role::Label => self.dim,
            Role::Link => fg(theme.link).add_modifier(Modifier::UNDERLINED),
            Role::ImageCaption => fg(theme.link).add_modifier(Modifier::ITALIC),
            Role::Step => self.group,
            Role::Warning | Role::Note => self.warning,
        };
        if emphasis.strong {
            style = style.add_modifier(Modifier::BOLD);
        }
        if emphasis.emphasis {
            style = style.add_modifier(Modifier::ITALIC);
        }
        if emphasis.strike {
            style = style.add_modifier(Modifier::CROSSED_OUT);
        }
        if emphasis.underline {
            style = style.add_modifier(Modifier::UNDERLINED);
        }
        if emphasis.highlight {
            style = style.add_modifier(Modifier::REVERSED);
        }
        style
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How far two colours are apart, as WCAG 2 measures it.
    fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
        let light = |colour: [f64; 3]| {
            let linear = colour
                .map(|c| c / 255.0)
                .map(|c| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) });
            0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        };
        let (one, other) = (light(one) + 0.05, light(other) + 0.05);
        (one / other).max(other / one)
    }

    #[test]
    fn what_warns_or_marks_can_be_read_on_white_and_on_black() {
        // As xterm draws them.
        let drawn = |colour: Color| match colour {
            Color::Red => [205.0, 0.0, 0.0],
            Color::Magenta => [205.0, 0.0, 205.0],
            Color::LightRed => [255.0, 0.0, 0.0],
            Color::LightMagenta => [255.0, 0.0, 255.0],
            Color::DarkGray => [127.0, 127.0, 127.0],
            Color::Yellow => [205.0, 205.0, 0.0],
            other => panic!("{other:?}: how xterm draws it is not known here"),
        };
        let theme = Theme::default();
        for hue in [theme.warning, theme.hit, theme.danger, theme.secret, theme.heading, theme.dim] {
            for background in [[0.0; 3], [255.0; 3]] {
                let contrast = contrast(drawn(hue.into()), background);
                assert!(contrast >= 3.0, "{hue:?} on {background:?}: {contrast}");
            }
        }
    }

    /// What a piece of a document may be, except what the program itself says in it.
    fn of_documents() -> Vec<Role> {
        let headings = (1..=6).map(Role::Heading);
        let others = [
            Role::Text,
            Role::Code,
            Role::CodeBlock,
            Role::CodeFrame,
            Role::CodeWrap,
            Role::Quote,
            Role::Marker,
            Role::Link,
            Role::LinkTarget,
            Role::ImageCaption,
            Role::Rule,
            Role::TableBorder,
            Role::TableHead,
            Role::Label,
            Role::Value,
            Role::Step,
            Role::Dim,
        ];
        headings.chain(others).collect()
    }

    #[test]
    fn no_piece_of_a_document_looks_like_a_frame_in_use_a_key_a_warning_or_a_secret() {
        let styles = Styles::new(Theme::default(), false);
        let own = [
            styles.frame_focus,
            styles.title_focus,
            styles.key,
            styles.brand,
            styles.ticket,
            styles.alert,
            styles.warning,
            styles.danger,
            styles.secret_digit,
            styles.secret_symbol,
            styles.secret_lookalike,
        ];
        let flags = |bits: u8| Emphasis {
            strong: bits & 1 != 0,
            emphasis: bits & 2 != 0,
            strike: bits & 4 != 0,
            underline: bits & 8 != 0,
            highlight: bits & 16 != 0,
        };
        for role in of_documents() {
            for emphasis in (0..32).map(flags) {
                let style = styles.span(role, emphasis);
                assert!(!own.contains(&style), "{role:?} {emphasis:?}");
            }
        }
    }
}
