//! The dialogs with fields: before a secret, and before what a policy has asked. Both look and work alike: whose and
//! what it is, what to know, why something is asked, and what has to be typed.

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::confirm::link_words;
use super::consent::{ADDRESS, Consent};
use super::gate::{Answers, Gate, YES};
use super::{Popup, place};
use crate::present::format::{cut, width};
use crate::tui::component::{Command, Component, Ctx, Flow, Wish, named};
use crate::tui::keymap::{Action, Context};
use crate::tui::widgets::field::draw_field;
use crate::tui::widgets::paint::put;
use crate::tui::widgets::wrap::wrap;
use gluepot_core::access::Step;
use gluepot_core::text::Clean;

/// What a dialog asks.
struct Questions<'a> {
    title: &'static str,
    about: Vec<(String, Style)>,
    cautions: &'a [String],
    because: &'a [String],
    answers: &'a Answers,
    /// What the letter does that says yes
    verb: &'static str,
    /// Whether all of what it is about is on the screen: if not, yes has no effect
    fits: bool,
}

/// Where the keys of a dialog are looked up: with nothing to type it is a popup like others.
fn context(answers: &Answers) -> Context {
    if answers.all.is_empty() { Context::Popup } else { Context::Input }
}

/// A key in a dialog: it is typed, goes to another field, or sends all of it.
fn key(answers: &mut Answers, key: KeyEvent, cx: &mut Ctx) -> Flow {
    let action = cx.keymap.lookup(context(answers), key);
    if action == Some(Action::Back) {
        cx.wish(Wish::Close);
    } else if answers.sends(action, key) {
        cx.wish(Wish::Answered);
    }
    Flow::Consumed
}

/// An action by a click on its hint.
fn act(action: Action, cx: &mut Ctx) -> Flow {
    if action != Action::Back {
        return Flow::Ignored;
    }
    cx.wish(Wish::Close);
    Flow::Consumed
}

fn paste(answers: &mut Answers, text: &str) {
    if let Some(field) = answers.field() {
        field.insert(text);
    }
}

fn commands() -> Vec<Command> {
    // The dialog shows the letter for yes.
    vec![Command::new(Action::Back).hint("cancel")]
}

impl Popup for Gate {
    fn title(&self) -> String {
        self.questions.wanted().purpose.question().into()
    }

    fn leads_on(&self) -> bool {
        true
    }
}

impl Component for Gate {
    fn context(&self, _cx: &Ctx) -> Context {
        context(&self.answers)
    }

    fn act(&mut self, action: Action, cx: &mut Ctx) -> Flow {
        act(action, cx)
    }

    fn key(&mut self, event: KeyEvent, cx: &mut Ctx) -> Flow {
        key(&mut self.answers, event, cx)
    }

    fn paste(&mut self, text: &str, _cx: &mut Ctx) {
        paste(&mut self.answers, text);
    }

    fn commands(&self, _cx: &Ctx) -> Vec<Command> {
        commands()
    }

    fn draw(&self, buffer: &mut Buffer, _area: Rect, cx: &Ctx) {
        let version = self.questions.wanted().version.map(|id| format!(", version {id}")).unwrap_or_default();
        let bold = cx.styles.text.add_modifier(Modifier::BOLD);
        let about = vec![
            (format!("Client    {}", Clean::line(&self.questions.client)), bold),
            (format!("Password  {}{version}", Clean::line(&self.questions.record)), cx.styles.text),
        ];
        let questions = Questions {
            title: self.questions.wanted().purpose.question(),
            about,
            cautions: &self.questions.cautions,
            because: &self.questions.because,
            answers: &self.answers,
            verb: self.questions.wanted().purpose.verb(),
            fits: true,
        };
        questions.draw(buffer, cx);
    }
}

impl Consent {
    /// The question in words, and what yes does.
    fn words(&self, cx: &Ctx) -> (&'static str, &'static str) {
        match self.questions.step() {
            Step::View(_) => ("Read this document?", "show"),
            Step::List(_) => ("List the passwords of this client?", "list"),
            Step::Link { .. } => link_words(cx.ssh),
        }
    }

    /// The lines that say whose and what it is. A web address is shown whole, over as many lines as it needs.
    fn told(&self, cx: &Ctx) -> Vec<(String, Style)> {
        let room = room(cx);
        let bold = cx.styles.text.add_modifier(Modifier::BOLD);
        let mut lines = Vec::new();
        for (at, (label, value)) in self.about.iter().enumerate() {
            let style = if at == 0 { bold } else { cx.styles.text };
            let value = Clean::line(value);
            if *label == ADDRESS {
                lines.extend(wrap(&value, room).into_iter().map(|line| (line, style)));
            } else {
                lines.push((format!("{label:<10}{value}"), style));
            }
        }
        lines
    }

    /// Whether all of what it is about is on the screen. If not, yes has no effect.
    pub(in crate::tui) fn fits(&self, cx: &Ctx) -> bool {
        let fields: usize = self.answers.all.iter().map(|a| 1 + usize::from(!a.wrong.is_empty())).sum();
        self.told(cx).len() + fields + 4 <= usize::from(cx.frame.areas.screen.height)
    }
}

impl Popup for Consent {
    fn title(&self) -> String {
        "Before this".into()
    }

    fn leads_on(&self) -> bool {
        true
    }
}

impl Component for Consent {
    fn context(&self, _cx: &Ctx) -> Context {
        context(&self.answers)
    }

    fn act(&mut self, action: Action, cx: &mut Ctx) -> Flow {
        act(action, cx)
    }

    fn key(&mut self, event: KeyEvent, cx: &mut Ctx) -> Flow {
        key(&mut self.answers, event, cx)
    }

    fn paste(&mut self, text: &str, _cx: &mut Ctx) {
        paste(&mut self.answers, text);
    }

    fn commands(&self, _cx: &Ctx) -> Vec<Command> {
        commands()
    }

    fn draw(&self, buffer: &mut Buffer, _area: Rect, cx: &Ctx) {
        let (title, verb) = self.words(cx);
        let questions = Questions {
            title,
            about: self.told(cx),
            cautions: &[],
            because: &self.questions.because,
            answers: &self.answers,
            verb,
            fits: self.fits(cx),
        };
        questions.draw(buffer, cx);
    }
}

/// Columns of a dialog's text.
fn room(cx: &Ctx) -> usize {
    usize::from(place::width(cx.frame.size).min(cx.frame.areas.screen.width).saturating_sub(4))
}

impl Questions<'_> {
    /// Draws the dialog. Where the screen is too low for all of it, it is the explanation that is cut, not what it is
    /// about nor the fields.
    fn draw(&self, buffer: &mut Buffer, cx: &Ctx) {
        let room = room(cx);
        let wrong: Vec<Vec<String>> = self
            .answers
            .all
            .iter()
            .map(|a| if a.wrong.is_empty() { Vec::new() } else { wrap(&Clean::line(&a.wrong), room) })
            .collect();
        let fields: usize = wrong.iter().map(|lines| 1 + lines.len()).sum();
        let lines = self.lines(fields, room, cx);
        let rows = lines.len() + fields + 2;
        let area = place::frame(buffer, rows as u16, self.title, "", cx);
        let mut y = area.y;
        for (text, style) in &lines {
            if y + 1 < area.bottom() {
                put(buffer, area.x, y, &cut(text, room, cx.styles.signs.cut), room, *style);
                y += 1;
            }
        }
        // One empty line, where there is room for it.
        y += u16::from(usize::from(area.height) >= rows);
        self.draw_fields(buffer, Rect { y, height: area.bottom().saturating_sub(y), ..area }, &wrong, room, cx);
        if area.height > 0 {
            self.draw_foot(buffer, Rect { y: area.bottom() - 1, height: 1, ..area }, room, cx);
        }
    }

    /// What it is about and why something is asked, as far as there is room beside the fields.
    fn lines(&self, fields: usize, room: usize, cx: &Ctx) -> Vec<(String, Style)> {
        let mut lines = self.about.clone();
        let explain = |words: &[String], style: Style| -> Vec<(String, Style)> {
            words.iter().flat_map(|line| wrap(&Clean::line(line), room)).map(|line| (line, style)).collect()
        };
        let mut explained = explain(self.cautions, cx.styles.warning);
        explained.extend(explain(self.because, cx.styles.dim));
        let most = usize::from(cx.frame.areas.screen.height.saturating_sub(2)).saturating_sub(lines.len() + fields + 2);
        if explained.len() > most {
            explained.truncate(most);
            if let Some((line, _)) = explained.last_mut() {
                *line = format!("{}{}", cut(line, room.saturating_sub(1), ""), cx.styles.signs.cut);
            }
        }
        lines.append(&mut explained);
        lines
    }

    /// The fields, each with what is wrong with it below.
    fn draw_fields(&self, buffer: &mut Buffer, area: Rect, wrong: &[Vec<String>], room: usize, cx: &Ctx) {
        let mut y = area.y;
        let label = self.answers.all.iter().map(|a| width(a.label)).max().unwrap_or(0);
        for (at, (answer, wrong)) in self.answers.all.iter().zip(wrong).enumerate() {
            if y + 1 >= area.bottom() {
                break;
            }
            put(buffer, area.x, y, &format!("{}:", answer.label), label + 1, cx.styles.dim);
            let x = area.x + label as u16 + 2;
            let cursor = (at == self.answers.at).then(|| answer.field.cursor());
            let field = Rect { x, y, width: area.right().saturating_sub(x), height: 1 };
            draw_field(buffer, field, "", answer.field.text(), cursor, &cx.styles);
            y += 1;
            for line in wrong {
                if y + 1 < area.bottom() {
                    put(buffer, area.x, y, line, room, cx.styles.danger);
                    y += 1;
                }
            }
        }
    }

    /// What continues, and what cancels.
    fn draw_foot(&self, buffer: &mut Buffer, area: Rect, room: usize, cx: &Ctx) {
        let styles = &cx.styles;
        let (go, does) = if self.answers.all.is_empty() {
            (YES.to_string(), self.verb)
        } else {
            (named(&cx.input_hint(Action::Open)), "continue")
        };
        let back = cx.keymap.keys_for(context(self.answers), Action::Back).unwrap_or("Esc");
        if !self.fits {
            let words = format!("Does not fit: enlarge the window. {back} cancel");
            put(buffer, area.x, area.y, &cut(&words, room, styles.signs.cut), room, styles.warning);
            return;
        }
        let x = area.x + put(buffer, area.x, area.y, &go, room, styles.key);
        put(buffer, x, area.y, &format!(" {does} · {back} cancel"), room.saturating_sub(width(&go)), styles.dim);
    }
}
