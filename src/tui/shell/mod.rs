//! The program's state and the one place that changes it.
//!
//! [`Shell::update`] takes a message and never waits: whatever takes time is started as a task and comes back as
//! another message. The parts: `input` turns keys into actions, `actions` carries them out, `loads` fetches, `gate` asks
//! what has to be asked before a secret, `consent` what a policy has asked or recorded before the rest, `secrets` reveals and copies, `handover` gives to another pane of tmux, `console` shows in parts, `lock` blanks the screen, `popups` opens lists to choose from, `view` draws.

mod act;
mod body;
mod clock;
mod commands;
mod consent;
mod console;
mod facts;
mod find;
mod gate;
mod go;
mod handover;
mod input;
mod links;
mod loads;
mod lock;
mod menus;
mod opening;
mod palette;
mod secrets;
mod seen;
mod subject;
mod texts;
pub(in crate::tui) mod versions;
mod view;
mod wishes;

use std::sync::Arc;
use std::time::Instant;

use ratatui::layout::Size;

use super::bar::Bar;
use super::browse::Browse;
use super::component::{Component as _, Ctx};
use super::desk::Desk;
use super::finder::Finder;
use super::history::History;
use super::keymap::Action;
use super::layout::PaneId;
use super::message::{Message, Sender};
use super::notice::Notice;
use super::popups::Popups;
use super::reader::Reader;
use super::styles::Styles;
use super::tasks::Tasks;
use crate::config::Config;
use crate::host::clipboard::Clipboard;
use crate::host::observers::Surroundings;
use crate::host::promise::Promises;
use crate::source::Source;
use crate::tui::browse::list::ListPane;
use crate::tui::keymap::Keymap;
use gluepot_core::access::{Access, Stay, Trail};
use gluepot_core::clock::{BootTime, Sleep};
use gluepot_core::library::Library;
use gluepot_core::model::{ListKey, OrganizationId};

pub(in crate::tui) use console::Console;
pub(in crate::tui) use facts::KnownTwins;
use lock::Lock;
pub(in crate::tui) use secrets::Asked;
pub use secrets::Held;
pub(in crate::tui) use seen::Drawn;

/// How the program ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exit {
    /// The user asked for it.
    Asked,
    /// A signal asked for it.
    Signal(crate::host::terminal::Cause),
    /// The terminal is gone: nothing can be drawn any more.
    TerminalGone,
}

/// What the program is given at start.
pub struct Parts {
    /// Settings
    pub config: Config,
    /// Keys
    pub keymap: Keymap,
    /// Looks
    pub styles: Styles,
    /// The account
    pub source: Source,
    /// The way to the audit file; while it cannot be written nothing secret is fetched
    pub audit: Arc<Trail>,
    /// What may be done with whose records, and how the screen locks
    pub access: Access,
    /// The way text is copied
    pub clipboard: Arc<Clipboard>,
    /// Profile and region for the top line
    pub profile: String,
    /// Whether this is the demo
    pub demo: bool,
    /// Whether the program runs over SSH: then addresses are copied, not opened
    pub ssh: bool,
    /// Host names of the web app: links to them are jumps
    pub hosts: Vec<String>,
    /// The organization to open
    pub organization: Option<String>,
    /// The ticket
    pub ticket: Option<String>,
    /// What went wrong before the screen was there
    pub reports: Vec<String>,
    /// Where to look for who else sees the terminal; nowhere if a test decides that no one does
    pub observers: Option<Surroundings>,
    /// Where files live, for the status screen: what and where
    pub places: Vec<(String, String)>,
}

/// A secret in the clipboard that is ours to clear.
pub(in crate::tui) struct Copied {
    until: BootTime,
    way: String,
    /// Clears that failed
    tries: u32,
    /// A copy or a clear is running
    pending: bool,
    shown_seconds: u64,
    intent: Arc<gluepot_core::audit::Intent>,
    /// The secret this copy takes the place of, until it is known that it does
    before: Option<Box<Copied>>,
}

/// The program: the rooms, what lies over them, and what they are lent.
pub struct Shell {
    /// What the rooms are lent
    pub cx: Ctx,
    /// The lists
    pub browse: Browse,
    /// The detail
    pub reader: Reader,
    history: History,
    desk: Desk,
    lock: Lock,
    finder: Finder,
    /// What is over the panes, the topmost last
    pub popups: Popups,
    /// Why the program is about to end
    pub exit: Option<Exit>,
    /// A full repaint is wanted
    pub repaint: bool,
    /// The process is to be stopped after the next frame
    pub suspend: bool,
    /// The mouse was switched
    pub mouse: bool,
    /// The account
    source: Source,
    /// Profile and region for the top line
    profile: String,
    /// What went wrong before the screen was there
    reports: Vec<String>,
    /// Where files live, for the status screen: what and where
    places: Vec<(String, String)>,
    /// What was run from the palette, the latest first
    recent_commands: Vec<Action>,
    /// A number typed before a motion
    count: Option<usize>,
    /// When a loading mark on the screen changes next
    mark: Option<Instant>,
    frames: u64,
    sleep: Sleep,
}

impl Shell {
    /// The program at its start. Nothing is fetched before [`Shell::start`].
    pub fn new(parts: Parts, sender: Sender) -> Self {
        let (promises, written) = (parts.clipboard.promises().clone(), sender.clone());
        parts.audit.listen(move |outcome| secrets::hear_written(&promises, &written, outcome));
        Self {
            mouse: parts.config.ui.mouse.resolve(!parts.ssh),
            cx: Ctx {
                store: Library::of(parts.source.id()),
                tasks: Tasks::new(sender),
                organization: None,
                stay: Stay::new(parts.ticket.as_deref()),
                access: parts.access,
                audit: parts.audit,
                bar: Bar::default(),
                keymap: parts.keymap,
                styles: parts.styles,
                config: parts.config,
                ssh: parts.ssh,
                hosts: parts.hosts,
                frame: super::frame::Frame::default(),
                today: crate::present::format::today(jiff::Timestamp::now()),
                twins: KnownTwins::default(),
                dirty: true,
                count: None,
                wishes: Vec::new(),
            },
            browse: Browse::new(parts.organization),
            reader: Reader::default(),
            history: History::default(),
            desk: Desk::new(parts.clipboard, parts.observers),
            lock: Lock::default(),
            finder: Finder::default(),
            popups: Popups::default(),
            exit: None,
            repaint: false,
            suspend: false,
            source: parts.source,
            profile: parts.profile,
            reports: parts.reports,
            places: parts.places,
            recent_commands: Vec::new(),
            count: None,
            mark: None,
            frames: 0,
            sleep: Sleep::watch(),
        }
    }

    /// Which keys with Alt the key map binds: others are Esc and the key.
    pub fn keys_with_alt(&self) -> crate::host::terminal::IsBound {
        let keymap = self.cx.keymap.clone();
        Box::new(move |key| keymap.binds(key))
    }

    /// Asks for the first list.
    pub fn start(&mut self) {
        if let Some(report) = self.reports.first().cloned() {
            let more = self.reports.len() - 1;
            let tail = if more > 0 {
                format!(" (and {more} more, see {})", self.cx.hint(Action::Status))
            } else {
                String::new()
            };
            self.say(Notice::warning(format!("{report}{tail}")));
        }
        self.look_for_pin();
        self.want(ListKey::Organizations(self.cx.store.source()), true);
        if let (Some(id), None) = (self.source.locked_to(), &self.browse.wanted_organization) {
            self.open_organization(id);
        }
        let by_id = self.browse.wanted_organization.as_deref().and_then(|text| text.parse().ok());
        // A lock by name has to find its organization first.
        let waits = self.source.is_locked() && self.source.locked_to().is_none();
        if let Some(id) = by_id.filter(|_| !waits) {
            // An id needs no list: the organization opens while the list loads.
            self.open_organization(OrganizationId::new(self.cx.store.source(), id));
        }
    }

    /// Now, by the clock that tests can move.
    pub fn now(&self) -> Instant {
        self.cx.now()
    }

    /// Takes a message. Never waits.
    pub fn update(&mut self, message: Message) {
        match message {
            Message::Input(event) => self.input(*event),
            Message::Signal(signal) => self.signal(signal),
            Message::TerminalGone => self.exit = Some(Exit::TerminalGone),
            Message::List { key, generation, event } => self.list_event(key, generation, event),
            Message::Detail { key, generation, result } => self.detail_event(key, generation, result),
            Message::Sections { key, result } => self.sections_event(key, result),
            Message::Parsed { ticket, stamp, doc } => self.parsed(ticket, stamp, doc),
            Message::Found { ticket, items, index, note } => self.found(ticket, items, *index, note),
            Message::Fetched { ticket, wanted, result } => self.fetched(ticket, wanted, result),
            Message::Copied { what, secret, delivery } => self.copied_event(&what, secret, delivery),
            Message::Cleared(outcome) => self.cleared(outcome),
            Message::LookedAround { ticket, wanted, seen } => self.looked_around(ticket, wanted, &seen),
            Message::Recorded { stay, step, result } => self.recorded(stay, step, result),
            Message::Panes { ticket, key, panes } => self.panes_seen(ticket, key, panes),
            Message::PinRead { lock, read } => self.pin_read(lock, read),
            Message::PinLooked { ticket, trouble } => self.pin_looked(ticket, trouble),
            Message::PinTried { lock, right } => self.pin_tried(lock, right),
            Message::Repaint => {
                self.repaint = true;
                self.cx.dirty = true;
            }
            Message::Notice(notice) => self.say(notice),
            Message::TaskEnded { id, cancelled } => self.task_ended(id, cancelled),
        }
    }

    /// Does what is due by the clock.
    pub fn tick(&mut self) {
        if self.sleep.since_last().is_some() {
            self.woke();
        }
        let now = self.now();
        if self.cx.bar.ends().is_some_and(|until| until <= now) {
            self.cx.bar.notice = None;
            self.cx.dirty = true;
        }
        self.browse.tick(now, &mut self.cx);
        self.carry_out();
        let boot = BootTime::now();
        self.secret_tick(boot);
        self.console_tick(boot);
        self.lock_tick(boot);
        if self.mark.is_some_and(|at| at <= now) {
            self.mark = None;
            self.cx.dirty = true;
        }
        self.reader.tick(now, &mut self.cx);
        self.carry_out();
    }

    /// When [`Shell::tick`] is wanted next; `None` while nothing changes without input.
    pub fn next_tick(&self) -> Option<Instant> {
        let alarm = self.alarm_due().map(|due| self.now() + due.left(BootTime::now()));
        [self.cx.bar.ends(), self.browse.due(&self.cx), alarm, self.mark, self.reader.due(&self.cx)]
            .into_iter()
            .flatten()
            .min()
    }

    /// When [`Shell::tick`] is wanted next by the clock that runs while the machine sleeps: for secrets.
    pub fn alarm_due(&self) -> Option<BootTime> {
        self.secret_due().into_iter().chain(self.console_due()).chain(self.lock_due()).min()
    }

    /// Whether nothing is loading and nothing waits for the clock, countdowns aside.
    pub fn is_idle(&self) -> bool {
        self.cx.tasks.is_idle() && self.browse.rest.is_none() && !self.reader.detail.is_growing()
    }

    /// Whether something on the screen changed since the last frame.
    pub fn is_dirty(&self) -> bool {
        self.cx.dirty
    }

    /// Notes that a frame was drawn.
    pub fn drawn(&mut self) {
        self.cx.dirty = false;
        self.frames += 1;
        self.note_seen();
        self.mark = self.loading_mark_due();
    }

    /// How many frames were drawn.
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// Lays the screen out for a size and brings the view state up to date. Called before each frame.
    pub fn prepare(&mut self, size: Size) {
        self.cx.today = crate::present::format::today(jiff::Timestamp::now());
        let alert_rows = u16::from(self.browse.alert(&self.cx).is_some());
        self.cx.frame.lay_out(size, alert_rows);
        let screen = self.cx.frame.areas.screen;
        self.browse.prepare(screen, &self.cx);
        self.cx.find_twins();
        self.prepare_detail();
        self.fit_texts();
        for popup in self.popups.iter_mut() {
            popup.prepare(screen, &self.cx);
        }
    }

    /// The process went on after a stop: time passed, the screen is new.
    pub fn resumed(&mut self) {
        self.source.drop_connections();
        self.want_known();
        self.cx.dirty = true;
    }

    /// The machine has slept. Another person may sit there now, and connections are dead without
    /// knowing it.
    fn woke(&mut self) {
        self.forget_shown("the machine slept");
        self.end_stay();
        self.repaint = true;
        self.resumed();
    }

    /// The end has come: outcomes are written, the clipboard is cleared.
    pub fn say_goodbye(&mut self) {
        self.drop_secrets("program ended");
        self.cx.tasks.cancel_lists(|_| true);
        self.clear_clipboard();
    }

    /// Who is told what is owed to terminal and clipboard.
    pub fn promises(&self) -> &Promises {
        self.desk.clipboard.promises()
    }

    /// What the guard has to know of the audit trail.
    pub fn trail_for_guard(&self) -> crate::host::guard::Trail {
        let trail = &self.cx.audit;
        crate::host::guard::Trail { folder: trail.folder().to_owned(), keeping: trail.keeping().clone() }
    }

    /// Whether a secret is left that the guard can still take back: in a tmux or screen without an attached terminal.
    pub fn leaves_clipboard_to_guard(&self) -> bool {
        self.desk.clipboard.waits_for_multiplexer()
    }

    /// Whether nothing is left to do before the end.
    pub fn is_settled(&self) -> bool {
        self.cx.tasks.is_idle() && !self.clipboard_is_ours()
    }

    fn say(&mut self, notice: Notice) {
        self.cx.say(notice);
    }

    /// A key was pressed: what was said before and could be read is over.
    fn pass_notice(&mut self) {
        let now = self.cx.now();
        self.cx.bar.pass(now);
    }

    fn pane(&self, id: PaneId) -> Option<&ListPane> {
        self.browse.pane(id)
    }
}
