//! What every part of the screen is: a room, a popup, the bar of a filter.
//!
//! A [`Component`] has its own state and knows no other part. It is lent a [`Ctx`]: what is known (the store), what
//! runs in the background, what the person agreed to, the bar, the keys, the looks and the settings. It is not lent
//! the way to the server, nor the shell: what reaches beyond its own state it does not do, it wishes it
//! ([`Ctx::wish`]), and the shell, which is the only one that knows all rooms, carries the wish out as soon as the
//! component has returned.
//!
//! ```text
//! key ──> Shell ──> Component::key(&mut self, key, &mut Ctx) ──> Consumed
//!           ^                                    └─> Ctx::wish(Wish::Picked(…)) ──┐
//!           └───────────────────── carried out by the shell <─────────────────────┘
//! ```
//!
//! Everything a component can do is one list, [`Component::commands`]: an action, the words of its hint, and why it
//! cannot be done now. Keys, the hints of the bottom line, the help, the palette and refusals are made from it.

use std::any::Any;
use std::time::Instant;

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::bar::Bar;
use super::frame::Frame;
use super::keymap::{Action, Context, Keymap};
use super::layout::PaneId;
use super::notice::Notice;
use super::pick::Pick;
use super::styles::Styles;
use super::target::FolderShown;
use super::tasks::Tasks;
use crate::config::Config;
use gluepot_core::access::{Access, Stay, Trail};
use gluepot_core::library::Library;
use gluepot_core::model::{ListKey, OrganizationId, RecordKey};

/// Whether a key has done what it was pressed for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Flow {
    /// It is done with
    Consumed,
    /// Another part may have a use for it
    Ignored,
}

/// Where a hint is in the bottom line, from left to right: what there is no room for is left out from the right.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Place {
    /// What the room is for
    Here,
    /// What can be taken from the record at hand
    Take,
    /// Where else to go
    Go,
    /// Where there is room for more
    More,
    /// It leads to all the others
    Last,
}

/// Something that can be done now, or that cannot and says why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Command {
    /// What it does
    pub action: Action,
    /// Where its hint is in the bottom line, and its word or two; `None` where it has none there
    pub hint: Option<(Place, &'static str)>,
    /// Why it cannot be done now
    pub why_not: Option<String>,
}

impl Command {
    /// One that can be done and is only in the help.
    pub fn new(action: Action) -> Self {
        Self { action, hint: None, why_not: None }
    }

    /// With these words in the bottom line, while it can be done.
    pub fn hint(self, words: &'static str) -> Self {
        self.at(Place::Here, words)
    }

    /// With these words in this place of the bottom line, while it can be done.
    pub fn at(self, place: Place, words: &'static str) -> Self {
        Self { hint: Some((place, words)), ..self }
    }

    /// The same, if it is worth a hint now.
    pub fn at_if(self, worth: bool, place: Place, words: &'static str) -> Self {
        if worth { self.at(place, words) } else { self }
    }

    /// Refused for this reason, if there is one.
    pub fn unless(self, why_not: Option<String>) -> Self {
        Self { why_not, ..self }
    }

    /// Refused with these words where the condition does not hold.
    pub fn needs(self, condition: bool, words: &str) -> Self {
        self.unless((!condition).then(|| words.to_owned()))
    }
}

/// A part of the screen with its own state, keys and drawing.
pub trait Component {
    /// Where its keys are looked up: as in a list, in a popup, or in a field that is typed into.
    fn context(&self, cx: &Ctx) -> Context;

    /// Carries an action out, whether a key, a click on its hint or the palette asked for it. Its children are asked
    /// first. What it does not know it leaves to the shell.
    fn act(&mut self, action: Action, cx: &mut Ctx) -> Flow;

    /// Takes a key that is no action it knows: a letter that is typed.
    fn typed(&mut self, _key: KeyEvent, _cx: &mut Ctx) -> Flow {
        Flow::Ignored
    }

    /// Takes a key: as an action, else as a letter.
    fn key(&mut self, key: KeyEvent, cx: &mut Ctx) -> Flow {
        let action = cx.keymap.lookup(self.context(cx), key);
        match action.map(|action| self.act(action, cx)) {
            Some(Flow::Consumed) => Flow::Consumed,
            Some(Flow::Ignored) | None => self.typed(key, cx),
        }
    }

    /// Takes a text that was pasted. It is never read as keys.
    fn paste(&mut self, _text: &str, _cx: &mut Ctx) {}

    /// The wheel was turned over it, down by this many notches.
    fn wheel(&mut self, _by: isize, _cx: &mut Ctx) {}

    /// It was clicked at, wherever on the screen.
    fn click(&mut self, _at: Position, _cx: &mut Ctx) {}

    /// All it can do, in the order in which the hints are in the bottom line.
    fn commands(&self, cx: &Ctx) -> Vec<Command>;

    /// Does what is due by the clock.
    fn tick(&mut self, _now: Instant, _cx: &mut Ctx) {}

    /// When [`Component::tick`] is wanted next; `None` while nothing changes without input.
    fn due(&self, _cx: &Ctx) -> Option<Instant> {
        None
    }

    /// Brings its view state up to date for an area, before it is drawn there.
    fn prepare(&mut self, _area: Rect, _cx: &Ctx) {}

    /// Draws it. Nothing is changed here.
    fn draw(&self, buffer: &mut Buffer, area: Rect, cx: &Ctx);
}

/// Something that lies over the panes.
pub trait Popup: Component + Any {
    /// What is in its frame.
    fn title(&self) -> String;

    /// Whether it is on the way to a secret, or to what a policy has asked first: when the screen is locked neither it
    /// nor what was typed into it stays.
    fn leads_on(&self) -> bool {
        false
    }
}

/// What a component wants done that is not its own: the shell does it when the component has returned.
pub enum Wish {
    /// An action, as if its key had been pressed
    Act(Action),
    /// The popup on top goes away
    Close,
    /// The popup on top goes away, and what was chosen in it is done
    Picked(Pick),
    /// The popup on top goes away, and this is the ticket from now on
    Ticket(String),
    /// The question on top was answered with yes, or its fields were filled
    Answered,
    /// A popup over the others
    Popup(Box<dyn Popup>),
    /// What a list pane shows
    Load(PaneId),
    /// What a list pane shows, by a key: what has to come before it is asked or recorded first
    AskFor(PaneId),
    /// A list, now
    Want(ListKey),
    /// Another client
    OpenClient(OrganizationId),
    /// A record of a list, to be read
    OpenRecord(RecordKey),
    /// A record in the detail, while the cursor rests on it
    LookAt(RecordKey),
    /// A folder in the detail, while the cursor rests on it
    LookAtFolder(FolderShown),
    /// What a policy wants asked or recorded before a document is shown
    Read(RecordKey),
    /// A record, wherever it is
    GoTo(RecordKey, Option<OrganizationId>),
    /// A web address, opened or copied after a yes
    UseAddress {
        /// The address
        address: String,
        /// The text of its link shows another one
        misleads: bool,
    },
    /// A text in the clipboard
    Copy {
        /// What it is
        what: &'static str,
        /// The text
        text: String,
    },
    /// The text to find changed: the lines are searched and the hit is shown
    Find,
    /// The finder looks through the other records: those of this client, or all of them
    FinderTurns,
}

/// What a component is lent. No client and no shell: what goes beyond a component's own state is wished for.
pub struct Ctx {
    /// Everything fetched
    pub store: Library,
    /// What runs in the background
    pub tasks: Tasks,
    /// The client that is open
    pub organization: Option<OrganizationId>,
    /// What the person has agreed to, and the ticket
    pub stay: Stay,
    /// What may be done with whose records, and how the screen locks
    pub access: Access,
    /// The way to the audit file; while it cannot be written nothing secret is fetched
    pub audit: std::sync::Arc<Trail>,
    /// What the bottom line says
    pub bar: Bar,
    /// Keys
    pub keymap: Keymap,
    /// Looks
    pub styles: Styles,
    /// Settings
    pub config: Config,
    /// Whether the program runs over SSH: then addresses are copied, not opened
    pub ssh: bool,
    /// Host names of the web app: links to them are jumps
    pub hosts: Vec<String>,
    /// Size, areas, focus
    pub frame: Frame,
    /// The day of the last frame, from which dates count
    pub today: jiff::civil::Date,
    /// Which clients can be taken for each other
    pub(in crate::tui) twins: super::shell::KnownTwins,
    /// Something on the screen changed since the last frame
    pub dirty: bool,
    /// How often a motion is done, where a number was typed before it
    pub count: Option<usize>,
    /// What is wished for and not done yet
    pub(in crate::tui) wishes: Vec<Wish>,
}

impl Ctx {
    /// Now, by the clock that tests can move.
    pub fn now(&self) -> Instant {
        tokio::time::Instant::now().into_std()
    }

    /// Wishes for something that is not one's own to do.
    pub fn wish(&mut self, wish: Wish) {
        self.wishes.push(wish);
    }

    /// Says something in the bottom line.
    pub fn say(&mut self, notice: Notice) {
        self.bar.notice = Some((notice, self.now()));
        self.dirty = true;
    }

    /// Where keys are pressed that no popup and no field takes.
    pub fn context(&self) -> Context {
        if self.frame.focus == PaneId::Detail { Context::Detail } else { Context::List }
    }

    /// The key that starts an action, for words on the screen.
    pub fn hint(&self, action: Action) -> String {
        let key = self.keymap.keys_for(self.context(), action).map(str::to_owned);
        key.unwrap_or_else(|| format!(":{action}"))
    }

    /// The key of an action, for a sentence: `Enter`, not `⏎`.
    pub fn key_name(&self, action: Action) -> String {
        named(&self.hint(action))
    }

    /// The key of an action while text is typed.
    pub fn input_hint(&self, action: Action) -> String {
        self.keymap.keys_for(Context::Input, action).unwrap_or_default().to_owned()
    }
}

/// A key as a sentence names it.
pub fn named(hint: &str) -> String {
    hint.replace('⏎', "Enter")
}
