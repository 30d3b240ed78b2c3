//! The program's state and the one place that changes it.
//!
//! [`App::update`] takes a message and never waits: whatever takes time is started as a task and comes back as
//! another message. The parts: `input` turns keys into actions, `actions` carries them out, `loads` fetches, `gate` asks
//! what has to be asked before a secret, `consent` what a policy has asked or recorded before the rest, `secrets` reveals and copies, `handover` gives to another pane of tmux, `console` shows in parts, `lock` blanks the screen, `popups` opens lists to choose from, `view` draws.

mod actions;
mod clients;
mod consent;
mod console;
mod gate;
mod handover;
mod input;
mod loads;
mod lock;
mod palette;
mod policy;
mod popups;
mod secrets;
mod seen;
pub(in crate::tui) mod versions;
mod view;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ratatui::layout::{Rect, Size};

use super::layout::{Areas, PaneId, View, areas};
use super::message::{Message, Purpose, Sender, Wanted};
use super::notice::Notice;
use super::panes::detail::{DetailPane, Target};
use super::panes::list::ListPane;
use super::popups::Popup;
use super::styles::Styles;
use super::tasks::Tasks;
use super::trail::Trail;
use crate::config::Config;
use crate::host::clipboard::Clipboard;
use crate::host::observers::{Observer, Surroundings};
use crate::store::Store;
use crate::tui::keymap::Keymap;
use gluepot_core::clock::{BootTime, Sleep};
use gluepot_core::model::{ListKey, OrganizationId};
use gluepot_core::text::Clean;
use gluepot_itglue::Client;

pub use gate::Leave;
pub use lock::{LockRules, PinTrouble};
pub use secrets::Held;

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
    /// The way to IT Glue
    pub client: Client,
    /// The way to the audit file; while it cannot be written nothing secret is fetched
    pub audit: Arc<Trail>,
    /// What may be done with whose records
    pub policies: gluepot_core::policy::Policies,
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
    /// How the lock goes
    pub lock: LockRules,
    /// Where to look for who else sees the terminal; nowhere where a test decides that nobody does
    pub observers: Option<Surroundings>,
    /// Where files live, for the status screen: what and where
    pub places: Vec<(String, String)>,
}

/// A place in the history of what was visited.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Visit {
    organization: Option<OrganizationId>,
    target: Target,
}

/// What was asked for again by key: that it came is said, since often nothing on the screen changes.
#[derive(Default)]
enum Refreshed {
    /// Nothing
    #[default]
    Nothing,
    /// The lists of a pane
    Lists(Vec<ListKey>),
    /// A record
    Record(gluepot_core::model::RecordKey),
}

/// A secret in the clipboard that is ours to clear.
struct Copied {
    until: BootTime,
    way: String,
    /// Clears that failed
    tries: u32,
    /// A copy or a clear is under way
    pending: bool,
    shown_seconds: u64,
    intent: Arc<gluepot_core::audit::Intent>,
    /// The secret this copy takes the place of, until it is known that it does
    before: Option<Box<Copied>>,
}

/// The program.
pub struct App {
    /// Everything fetched
    pub store: Store,
    /// What runs in the background
    pub tasks: Tasks,
    /// The list panes
    pub panes: [ListPane; 5],
    /// The detail pane
    pub detail: DetailPane,
    /// The focused pane
    pub focus: PaneId,
    /// The list pane that was focused last
    pub last_list: PaneId,
    /// The organization that is open
    pub organization: Option<OrganizationId>,
    /// The ticket, filtered, without `#`
    pub ticket: String,
    /// What lies over the panes, the topmost last
    pub popups: Vec<Popup>,
    /// Why the program is about to end
    pub exit: Option<Exit>,
    /// A full repaint is wanted
    pub repaint: bool,
    /// The process is to be stopped after the next frame
    pub suspend: bool,
    /// The mouse was switched
    pub mouse: bool,
    parts: Parts,
    styles: Styles,
    zoomed: bool,
    left_width: Option<u16>,
    dragging: bool,
    size: Size,
    areas: Areas,
    /// What the bottom line says, and since when
    notice: Option<(Notice, Instant)>,
    held: Option<Held>,
    /// Which clients can be taken for each other
    twins: clients::Twins,
    /// What the last frame showed of a value
    drawn: seen::Drawn,
    secret_ticket: u64,
    /// A secret that is wanted, while it is looked who else would see it
    looked_for: Option<u64>,
    /// Doubts about who sees the terminal that stand in the dialog for this secret
    told_doubts: Option<(Wanted, Vec<(Purpose, Observer)>)>,
    /// Those that the person read and accepted
    accepted_doubts: Vec<(Purpose, Observer)>,
    /// What was said of names that can be taken for others, and accepted
    accepted_names: Vec<(gluepot_core::model::RecordKey, String)>,
    asked_secret: Option<secrets::Asked>,
    /// Why the last secret that was wanted could not be fetched, and whose it was
    not_fetched: Option<(gluepot_core::model::RecordKey, String)>,
    /// The pane of tmux that was chosen for a password, until its dialog is answered
    chosen_pane: Option<crate::host::clipboard::Pane>,
    /// The clients whose secrets are fetched without asking whose they are: the open one, or with the setting "once" all
    /// that were confirmed in this run
    confirmed: HashSet<OrganizationId>,
    copied: Option<Copied>,
    /// The way of the last copy that nothing confirmed, and what speaks for or against it
    last_delivery: Option<(crate::host::clipboard::Way, &'static str)>,
    /// The user agreed to copy the control characters of this password, once
    odd_copy_allowed: Option<super::message::Wanted>,
    terminal_focus: crate::host::clipboard::Focus,
    show_empty: bool,
    dismissed: HashSet<OrganizationId>,
    /// Where we are; `past` and `future` hold what lies before and after it
    here: Option<Visit>,
    past: Vec<Visit>,
    future: Vec<Visit>,
    /// What was run from the palette, the latest first
    recent_commands: Vec<crate::tui::keymap::Action>,
    /// A number typed before a motion
    count: Option<usize>,
    rest: Option<Instant>,
    /// The cursor came to rest where no row was yet: the first that arrives there is what is looked at
    rest_unmet: bool,
    locked: Option<lock::Locked>,
    lock_number: u64,
    /// Why the policy lets nothing secret be fetched, when it was looked last
    pin_trouble: Option<PinTrouble>,
    /// When a key was pressed last: the lock comes some time after it
    last_key: BootTime,
    console: Option<console::Console>,
    /// What was agreed to and recorded in this stay
    passes: consent::Passes,
    wanted_organization: Option<String>,
    body_ticket: u64,
    /// What is done once the document is laid out to its end
    after_layout: Option<crate::tui::keymap::Action>,
    /// What is done once this record has come
    after_detail: Option<(gluepot_core::model::RecordKey, crate::tui::keymap::Action)>,
    refreshed: Refreshed,
    finder_ticket: u64,
    /// The day of the last frame, from which dates are told
    today: jiff::civil::Date,
    /// When a loading mark on the screen changes next
    mark: Option<Instant>,
    dirty: bool,
    frames: u64,
    sleep: Sleep,
}

impl App {
    /// The program at its start. Nothing is fetched before [`App::start`].
    pub fn new(parts: Parts, sender: Sender) -> Self {
        let mouse = parts.config.ui.mouse.resolve(!parts.ssh);
        let size = Size::new(80, 24);
        let first = View {
            focus: PaneId::Organizations,
            last_list: PaneId::Organizations,
            zoomed: false,
            alert_rows: 0,
            left_width: None,
        };
        let ticket = parts.ticket.as_deref().map(tidy_ticket).unwrap_or_default();
        Self {
            store: Store::default(),
            tasks: Tasks::new(sender),
            panes: PaneId::LISTS.map(ListPane::new),
            detail: DetailPane::default(),
            focus: PaneId::Organizations,
            last_list: PaneId::Organizations,
            organization: None,
            ticket,
            popups: Vec::new(),
            exit: None,
            repaint: false,
            suspend: false,
            mouse,
            styles: parts.styles.clone(),
            wanted_organization: parts.organization.clone(),
            zoomed: false,
            left_width: None,
            dragging: false,
            size,
            areas: areas(Rect::new(0, 0, size.width, size.height), first),
            notice: None,
            held: None,
            twins: clients::Twins::default(),
            drawn: seen::Drawn::default(),
            secret_ticket: 0,
            looked_for: None,
            told_doubts: None,
            accepted_doubts: Vec::new(),
            accepted_names: Vec::new(),
            asked_secret: None,
            not_fetched: None,
            chosen_pane: None,
            confirmed: HashSet::new(),
            copied: None,
            last_delivery: None,
            odd_copy_allowed: None,
            terminal_focus: crate::host::clipboard::Focus::Unknown,
            show_empty: false,
            dismissed: HashSet::new(),
            here: None,
            past: Vec::new(),
            future: Vec::new(),
            recent_commands: Vec::new(),
            count: None,
            rest: None,
            rest_unmet: false,
            locked: None,
            lock_number: 0,
            pin_trouble: None,
            last_key: BootTime::now(),
            console: None,
            passes: consent::Passes::default(),
            body_ticket: 0,
            after_layout: None,
            after_detail: None,
            refreshed: Refreshed::Nothing,
            today: crate::tui::format::today(jiff::Timestamp::now()),
            finder_ticket: 0,
            mark: None,
            dirty: true,
            frames: 0,
            sleep: Sleep::watch(),
            parts,
        }
    }

    /// Which keys with Alt the key map binds: others are Esc and the key.
    pub fn keys_with_alt(&self) -> crate::host::terminal::IsBound {
        let keymap = self.parts.keymap.clone();
        Box::new(move |key| keymap.binds(key))
    }

    /// Asks for the first list.
    pub fn start(&mut self) {
        if let Some(report) = self.parts.reports.first().cloned() {
            let more = self.parts.reports.len() - 1;
            let tail =
                if more > 0 { format!(" (and {more} more, see {})", self.hint("status")) } else { String::new() };
            self.say(Notice::warning(format!("{report}{tail}")));
        }
        self.look_for_pin();
        self.want(ListKey::Organizations, true);
        if let (Some(id), None) = (self.parts.client.locked_to(), &self.wanted_organization) {
            self.open_organization(id);
        }
        let by_id = self.wanted_organization.as_deref().and_then(|text| text.parse().ok());
        // A lock by name has to find its organization first.
        let waits = self.parts.client.is_locked() && self.parts.client.locked_to().is_none();
        if let Some(id) = by_id.filter(|_| !waits) {
            // An id needs no list: the organization opens while the list loads.
            self.open_organization(OrganizationId(id));
        }
    }

    /// Now, by the clock that tests can move.
    pub fn now(&self) -> Instant {
        tokio::time::Instant::now().into_std()
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
                self.dirty = true;
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
        if self.notice_ends().is_some_and(|until| until <= now) {
            self.notice = None;
            self.dirty = true;
        }
        if self.rest.is_some_and(|at| at <= now) {
            self.rest = None;
            self.preview();
        }
        let boot = BootTime::now();
        self.secret_tick(boot);
        self.console_tick(boot);
        self.lock_tick(boot);
        if self.mark.is_some_and(|at| at <= now) {
            self.mark = None;
            self.dirty = true;
        }
        if self.detail.is_growing() {
            self.detail.grow();
            self.dirty = true;
        }
        if !self.detail.is_growing()
            && let Some(action) = self.after_layout.take()
        {
            self.notice = None;
            self.act(action);
        }
    }

    /// When [`App::tick`] is wanted next; `None` while nothing changes by itself.
    pub fn next_tick(&self) -> Option<Instant> {
        let growing = self.detail.is_growing().then(|| self.now());
        let alarm = self.alarm_due().map(|due| self.now() + due.left(BootTime::now()));
        [self.notice_ends(), self.rest, alarm, self.mark, growing].into_iter().flatten().min()
    }

    /// When [`App::tick`] is wanted next by the clock that goes on while the machine sleeps: for what is secret.
    pub fn alarm_due(&self) -> Option<BootTime> {
        self.secret_due().into_iter().chain(self.console_due()).chain(self.lock_due()).min()
    }

    /// Whether nothing is on its way and nothing waits for the clock, countdowns aside.
    pub fn is_idle(&self) -> bool {
        self.tasks.is_idle() && self.rest.is_none() && !self.detail.is_growing()
    }

    /// Whether something on the screen changed since the last frame.
    pub fn is_dirty(&self) -> bool {
        self.dirty
    }

    /// Notes that a frame was drawn.
    pub fn drawn(&mut self) {
        self.dirty = false;
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
        self.size = size;
        self.today = crate::tui::format::today(jiff::Timestamp::now());
        let alert_rows = u16::from(self.alert().is_some());
        let view = View {
            focus: self.focus,
            last_list: self.last_list,
            zoomed: self.zoomed,
            alert_rows,
            left_width: self.left_width,
        };
        self.areas = areas(Rect::new(0, 0, size.width, size.height), view);
        for pane in &mut self.panes {
            pane.today = self.today;
            pane.sync(self.organization, &self.store);
        }
        for (id, rect) in self.areas.lists.clone() {
            if let Some(at) = id.index() {
                let banner = self.banner(&self.panes[at], rect).map_or(0, |(lines, _)| lines.len());
                let pane = &mut self.panes[at];
                let above = usize::from(pane.shows_filter()) + banner;
                pane.scroll_into_view(usize::from(rect.height.saturating_sub(2)).saturating_sub(above));
            }
        }
        self.find_twins();
        self.prepare_detail();
        self.fit_texts();
        for popup in &mut self.popups {
            if let Popup::Picker(picker) = popup {
                picker.scroll_into_view(usize::from(view::picker_rows(size, picker.items.len())));
            }
        }
    }

    /// The process went on after a stop: time passed, the screen is new.
    pub fn resumed(&mut self) {
        self.parts.client.drop_connections();
        self.want_known();
        self.dirty = true;
    }

    /// The machine has slept. Whoever sits before it now may be somebody else, and connections are dead without
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
        self.tasks.cancel_lists(|_| true);
        self.clear_clipboard();
    }

    /// What the guard has to know of the audit trail.
    pub fn trail_for_guard(&self) -> crate::host::guard::Trail {
        let trail = &self.parts.audit;
        crate::host::guard::Trail { folder: trail.folder().to_owned(), keeping: trail.keeping().clone() }
    }

    /// Whether a secret is left that the guard can still take back: in a tmux or screen that nobody is attached to.
    pub fn leaves_clipboard_to_guard(&self) -> bool {
        self.parts.clipboard.waits_for_multiplexer()
    }

    /// Whether nothing is left to do before the end.
    pub fn is_settled(&self) -> bool {
        self.tasks.is_idle() && !self.clipboard_is_ours()
    }

    fn say(&mut self, notice: Notice) {
        self.notice = Some((notice, self.now()));
        self.dirty = true;
    }

    /// When what the bottom line says goes away by itself.
    fn notice_ends(&self) -> Option<Instant> {
        self.notice.as_ref().map(|(notice, since)| *since + notice.stays())
    }

    /// A key was pressed: what was said before and could be read is over.
    fn pass_notice(&mut self) {
        let now = self.now();
        self.notice.take_if(|(notice, since)| now.duration_since(*since) >= notice.stays_at_least());
    }

    fn pane(&self, id: PaneId) -> Option<&ListPane> {
        id.index().map(|at| &self.panes[at])
    }

    fn pane_mut(&mut self, id: PaneId) -> Option<&mut ListPane> {
        id.index().map(|at| &mut self.panes[at])
    }

    /// The alert of the open organization, unless it was put away.
    fn alert(&self) -> Option<&Clean> {
        let id = self.organization.filter(|id| !self.dismissed.contains(id))?;
        self.store.organization(id).map(|o| &o.alert).filter(|alert| !alert.trim().is_empty())
    }

    /// What changes on the screen by the clock alone: loading marks after 300 ms, after 2 s, then every second; the
    /// age of old rows every minute; the seconds of a pause. Gives the next such moment.
    fn loading_mark_due(&self) -> Option<Instant> {
        let now = self.now();
        let loading = self.visible_loads().map(|since| next_mark(since, now)).min();
        // The age of rows is told in minutes.
        let fetched = self.areas.lists.iter().filter_map(|(id, _)| self.pane(*id));
        let fetched = fetched.flat_map(|pane| pane.sources(self.organization, &self.store));
        let stale = fetched.filter_map(|key| self.store.list(key).fetched).map(|at| {
            let minutes = now.duration_since(at).as_secs() / 60 + 1;
            (at + Duration::from_mins(minutes)).max(at + crate::store::FRESH_FOR + Duration::from_millis(1))
        });
        let paused = self.parts.client.quota().paused_until.filter(|until| *until > now).map(|until| {
            let left = until.duration_since(now);
            now + Duration::from_millis((left.as_millis() % 1_000) as u64 + 1)
        });
        loading.into_iter().chain(stale).chain(paused).min()
    }
}

/// When the words of a loading mark change next.
fn next_mark(since: Instant, now: Instant) -> Instant {
    let age = now.duration_since(since);
    let next = if age < Duration::from_millis(300) {
        Duration::from_millis(300)
    } else if age < Duration::from_secs(2) {
        Duration::from_secs(2)
    } else {
        Duration::from_secs(age.as_secs() + 1)
    };
    since + next
}

/// A ticket as it is kept: filtered, on one line, without the sign before it.
pub fn tidy_ticket(raw: &str) -> String {
    let line = Clean::line(raw.trim());
    line.trim_start_matches('#').trim().chars().take(64).collect()
}
