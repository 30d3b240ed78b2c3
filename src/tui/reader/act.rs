//! What the detail does: scrolling, finding, links. Where a link leads beyond it is wished for.

use std::time::Instant;

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Reader;
use crate::tui::component::{Command, Component, Ctx, Flow, Place, Wish};
use crate::tui::keymap::{Action, Context};
use crate::tui::layout::PaneId;
use crate::tui::notice::Notice;
use crate::tui::pick::{Item, Pick};
use crate::tui::popups::picker::{Picker, Topic};
use crate::tui::widgets::field::Field;
use gluepot_body::{Link, LinkTarget};

impl Component for Reader {
    fn context(&self, _cx: &Ctx) -> Context {
        if self.detail.finding { Context::Input } else { Context::Detail }
    }

    fn act(&mut self, action: Action, cx: &mut Ctx) -> Flow {
        if self.detail.finding { self.act_typing(action, cx) } else { self.go(action, cx) }
    }

    fn typed(&mut self, key: KeyEvent, cx: &mut Ctx) -> Flow {
        if self.detail.finding && self.detail.find.key(key) {
            cx.wish(Wish::Find);
        }
        Flow::Consumed
    }

    fn paste(&mut self, text: &str, cx: &mut Ctx) {
        self.detail.find.insert(text);
        cx.wish(Wish::Find);
    }

    fn commands(&self, cx: &Ctx) -> Vec<Command> {
        self.all_commands(cx)
    }

    fn tick(&mut self, _now: Instant, cx: &mut Ctx) {
        if self.detail.is_growing() {
            self.detail.grow();
            cx.dirty = true;
        }
        if !self.detail.is_growing()
            && let Some(action) = self.after_layout.take()
        {
            cx.bar.notice = None;
            cx.wish(Wish::Act(action));
        }
    }

    fn due(&self, cx: &Ctx) -> Option<Instant> {
        self.detail.is_growing().then(|| cx.now())
    }

    fn draw(&self, buffer: &mut Buffer, area: Rect, cx: &Ctx) {
        self.draw_body(buffer, area, cx);
    }
}

impl Reader {
    /// An action while what to find is typed.
    fn act_typing(&mut self, action: Action, cx: &mut Ctx) -> Flow {
        match action {
            Action::Open => self.detail.finding = false,
            Action::Back => {
                self.detail.finding = false;
                self.clear_find(cx);
            }
            Action::Down | Action::Up | Action::PageDown | Action::PageUp => return self.go(action, cx),
            Action::FocusNext | Action::FocusPrevious => {
                self.detail.finding = false;
                cx.wish(Wish::Act(action));
            }
            Action::Redraw | Action::Suspend | Action::QuitNow | Action::Finder => cx.wish(Wish::Act(action)),
            _ => return Flow::Ignored,
        }
        Flow::Consumed
    }

    /// An action while the detail has the focus.
    fn go(&mut self, action: Action, cx: &mut Ctx) -> Flow {
        let times = cx.count.map_or(1, usize::cast_signed);
        let page = self.detail.height.saturating_sub(1).max(2) as isize;
        let by = match action {
            Action::Down => times,
            Action::Up => -times,
            Action::HalfPageDown => page / 2 * times,
            Action::HalfPageUp => -(page / 2 * times),
            Action::PageDown => page * times,
            Action::PageUp => -(page * times),
            Action::Left | Action::Right => return Flow::Consumed,
            Action::Top | Action::Bottom => {
                self.jump(action, cx);
                return Flow::Consumed;
            }
            Action::NextHit | Action::PreviousHit => {
                self.detail.step_hit(if action == Action::NextHit { times } else { -times });
                return Flow::Consumed;
            }
            Action::Filter => {
                // What was kept is done with: the next search starts empty, as everywhere else.
                self.clear_find(cx);
                self.detail.finding = true;
                return Flow::Consumed;
            }
            Action::Open => {
                self.open(cx);
                return Flow::Consumed;
            }
            _ => return self.act_from_afar(action, cx),
        };
        self.detail.scroll_by(by);
        Flow::Consumed
    }

    /// What it does whichever pane has the focus.
    pub(in crate::tui) fn act_from_afar(&mut self, action: Action, cx: &mut Ctx) -> Flow {
        // Half a page: a list beside it keeps the focus, so it is for reading on while choosing.
        let half = (self.detail.height / 2).max(1) as isize * cx.count.map_or(1, usize::cast_signed);
        match action {
            Action::DetailDown => {
                self.detail.scroll_by(half);
            }
            Action::DetailUp => {
                self.detail.scroll_by(-half);
            }
            Action::NextLink => self.step_link(1, cx),
            Action::PreviousLink => self.step_link(-1, cx),
            Action::Outline => self.open_outline(cx),
            Action::ToggleEmptyFields => self.show_empty = !self.show_empty,
            _ => return Flow::Ignored,
        }
        Flow::Consumed
    }

    fn jump(&mut self, action: Action, cx: &mut Ctx) {
        let to = match (cx.count, action) {
            (Some(line), _) => line - 1,
            (None, Action::Top) => 0,
            (None, _) => {
                if !self.laid_out_for(Action::Bottom, cx) {
                    return;
                }
                usize::MAX
            }
        };
        self.detail.scroll_to(to);
    }

    /// Whether the document is laid out to its end, which this action needs. If not, it is carried out when it is,
    /// unless another key comes first.
    pub(in crate::tui) fn laid_out_for(&mut self, action: Action, cx: &mut Ctx) -> bool {
        if self.detail.want_whole() {
            return true;
        }
        self.after_layout = Some(action);
        cx.say(Notice::quiet("Laying out the document. Press any key to cancel.").passing());
        false
    }

    /// Empties what is to be found. Says whether there was something.
    pub(in crate::tui) fn clear_find(&mut self, cx: &mut Ctx) -> bool {
        let had = !self.detail.find.text().is_empty();
        self.detail.find = Field::default();
        if had {
            cx.wish(Wish::Find);
        }
        had
    }

    // Links

    fn step_link(&mut self, by: isize, cx: &mut Ctx) {
        if !self.laid_out_for(if by > 0 { Action::NextLink } else { Action::PreviousLink }, cx) {
            return;
        }
        if !self.detail.step_link(by) {
            cx.say(Notice::quiet("There are no links here."));
        }
    }

    /// The selected link, while it is on the screen: what was scrolled away is not what a key means.
    pub(in crate::tui) fn focused_link(&self, cx: &Ctx) -> Option<&Link> {
        let seen = self.detail.scroll..self.detail.scroll + self.detail.height.max(1);
        (cx.frame.focus == PaneId::Detail)
            .then_some(self.detail.link)
            .flatten()
            .and_then(|at| self.detail.layout.links.get(at))
            .filter(|link| seen.contains(&link.line))
    }

    /// Continues where a policy asks before the text is shown; else where the selected link leads.
    fn open(&mut self, cx: &mut Ctx) {
        if let Some(target) = self.detail.target.filter(|target| cx.view_refusal(target.key).is_some()) {
            return cx.wish(Wish::Read(target.key));
        }
        let Some(link) = self.focused_link(cx).cloned() else {
            // Nothing is selected: the first link on the screen is what Enter would mean.
            self.step_link(1, cx);
            return;
        };
        match link.target {
            LinkTarget::Record(key, organization) => cx.wish(Wish::GoTo(key, organization)),
            LinkTarget::Web(address) => {
                cx.wish(Wish::UseAddress { address: address.to_string(), misleads: link.misleads });
            }
            LinkTarget::Mail(address) => cx.wish(Wish::Copy { what: "the mail address", text: address.to_string() }),
            LinkTarget::Anchor(name) => match self.detail.place_named(&name) {
                Some(line) => {
                    self.detail.scroll_to(line);
                }
                None => cx.say(Notice::warning(format!("This document has no place named {name}."))),
            },
            // Nothing is ever started for it; where it is wanted it can be pasted.
            LinkTarget::Refused(path) if gluepot_body::is_file_path(&path) => {
                cx.wish(Wish::Copy { what: "the path", text: path.to_string() });
            }
            LinkTarget::Refused(address) => {
                cx.say(Notice::warning(format!("Not opened: {address} is not a web address.")));
            }
        }
    }

    fn open_outline(&mut self, cx: &mut Ctx) {
        if !self.laid_out_for(Action::Outline, cx) {
            return;
        }
        let headings = &self.detail.layout.headings;
        let item = |heading: &gluepot_body::HeadingAt| {
            let indent = "  ".repeat(usize::from(heading.level.saturating_sub(1)));
            Item::new(format!("{indent}{}", heading.text), "", Pick::Line(heading.line))
        };
        let items: Vec<Item> = headings.iter().map(item).collect();
        if items.is_empty() {
            cx.say(Notice::quiet("This document has no headings."));
            return;
        }
        let here = headings.iter().rposition(|heading| heading.line <= self.detail.scroll).unwrap_or(0);
        let line = headings[here].line;
        let picker = Picker::new(Topic::Outline, "Outline", items).at(|item| item.pick == Pick::Line(line));
        cx.wish(Wish::Popup(Box::new(picker)));
    }

    /// A click into the text: on a link it selects that, and follows it when it is selected already.
    pub(in crate::tui) fn click_text(&mut self, body: Rect, column: u16, row: u16, cx: &mut Ctx) {
        if !body.contains((column, row).into()) {
            return;
        }
        let line = self.detail.scroll + usize::from(row - body.y);
        let Some(line) = self.detail.layout.lines.get(line) else { return };
        let mut right = body.x;
        let link = line.spans().find_map(|span| {
            right = right.saturating_add(crate::present::format::width(span.text) as u16);
            (column < right).then_some(span.link)
        });
        match link.flatten().map(|link| link as usize) {
            Some(link) if self.detail.link == Some(link) => cx.wish(Wish::Act(Action::Open)),
            link => self.detail.link = link,
        }
    }

    // What can be done

    fn all_commands(&self, cx: &Ctx) -> Vec<Command> {
        let detail = &self.detail;
        let focus = cx.frame.focus == PaneId::Detail;
        let (open, record) = (detail.target.is_some(), "Nothing is open. Select a record first.");
        let seen = cx.frame.areas.detail.is_some() && open;
        let scroll = "No detail pane on the screen. Open a record first.";
        let mut commands = vec![
            Command::new(Action::Outline)
                .at_if(focus && !detail.layout.headings.is_empty(), Place::Take, "outline")
                .needs(open, "Nothing is open. Select a document first."),
            Command::new(Action::NextLink)
                .at_if(focus && !detail.layout.links.is_empty(), Place::Take, "links")
                .needs(open, record),
            Command::new(Action::PreviousLink).needs(open, record),
            Command::new(Action::DetailDown).needs(seen, scroll),
            Command::new(Action::DetailUp).needs(seen, scroll),
        ];
        if focus {
            let why_not = self.hit_refusal(cx);
            commands.extend([
                Command::new(Action::Open).at_if(detail.link.is_some(), Place::Here, "follow"),
                Command::new(Action::Back).at(Place::Here, "back"),
                Command::new(Action::Filter).at(Place::Here, "find"),
                Command::new(Action::NextHit).at(Place::Here, "next hit").unless(why_not.clone()),
                Command::new(Action::PreviousHit).unless(why_not),
            ]);
        }
        commands
    }

    /// Why there is no hit to step to.
    fn hit_refusal(&self, cx: &Ctx) -> Option<String> {
        if !self.detail.hits.is_empty() {
            return None;
        }
        let typed = self.detail.find.text().trim();
        let key = cx.hint(Action::Filter);
        Some(if typed.is_empty() {
            format!("No search yet. Press {key} and type.")
        } else {
            format!("Not in this record: {typed}. Press {key} to search again.")
        })
    }
}
