//! The one queue: everything that happens reaches the program as a [`Message`].
//!
//! A message says what happened, never how to react. Values of secrets travel in [`Message::Fetched`] only, as
//! a [`Secret`](gluepot_core::secret::Secret), which cannot be printed; messages are not traced.

use std::sync::Arc;

use crate::host::clipboard::{ClearOutcome, Delivery};
use crate::host::terminal::Signal;
use gluepot_body::Doc;
use gluepot_core::access::{Step, Value, Wanted};
use gluepot_core::audit::Intent;
use gluepot_core::library::{ListEvent, Trouble};
use gluepot_core::model::{Content, ListKey, RecordKey, Shown};

/// Something that happened.
pub enum Message {
    /// A key, a paste, the mouse, the focus, a new size. On the heap, where it is wiped when it was heard: a queue keeps
    /// what passed through it, and a key may be one of a PIN.
    Input(Box<crossterm::event::Event>),
    /// A signal reached the process.
    Signal(Signal),
    /// The terminal is gone.
    TerminalGone,
    /// A page of a list, its end, or its failure.
    List {
        /// The list
        key: ListKey,
        /// The load it belongs to
        generation: u64,
        /// What the loader said
        event: Result<ListEvent, Trouble>,
    },
    /// A record with its includes.
    Detail {
        /// The record
        key: RecordKey,
        /// The load it belongs to
        generation: u64,
        /// The answer
        result: Result<Box<Shown>, Trouble>,
    },
    /// The sections of a document whose list entry had none.
    Sections {
        /// The document
        key: RecordKey,
        /// The answer
        result: Result<Content, Trouble>,
    },
    /// A large body was parsed in the background.
    Parsed {
        /// Which start it answers
        ticket: u64,
        /// What it was made from
        stamp: crate::tui::reader::detail::Stamp,
        /// The model
        doc: Arc<Doc>,
    },
    /// The finder's items were made ready in the background.
    Found {
        /// Which start it answers
        ticket: u64,
        /// What there is to choose
        items: Vec<crate::tui::pick::Item>,
        /// What finds them
        index: Box<crate::search::Index>,
        /// What is to be known of them
        note: String,
    },
    /// It was looked who else would see a secret.
    LookedAround {
        /// Which look it answers
        ticket: u64,
        /// What is wanted
        wanted: Wanted,
        /// Who was seen
        seen: Vec<crate::host::observers::Observer>,
    },
    /// What a policy wants on record was written, or could not be.
    Recorded {
        /// Which stay it belongs to
        stay: u64,
        /// What is about to be done
        step: Step,
        /// The proof, or why there is none and what to do
        result: Result<Arc<Intent>, String>,
    },
    /// The panes of tmux were looked at.
    Panes {
        /// Which look it answers
        ticket: u64,
        /// The password that is to be handed over
        key: RecordKey,
        /// All but our own, or why they are not known
        panes: Result<Vec<crate::host::clipboard::Pane>, String>,
    },
    /// A secret arrived, or did not.
    Fetched {
        /// The request it answers
        ticket: u64,
        /// What was requested
        wanted: Wanted,
        /// The value with the proof that it is recorded, or why there is none
        result: Result<Value, String>,
    },
    /// A copy was tried.
    Copied {
        /// What was copied, in words
        what: String,
        /// Whether it must be cleared again
        secret: bool,
        /// How it went
        delivery: Delivery,
    },
    /// A clear was tried.
    Cleared(ClearOutcome),
    /// The PIN of the lock screen was read, or could not be.
    PinRead {
        /// Which lock asked
        lock: u64,
        /// The hash, nothing where none is set, or why it cannot be used
        read: Result<Option<gluepot_core::access::pin::Pin>, gluepot_core::text::Clean>,
    },
    /// It was looked whether there is the PIN that a policy requires.
    PinLooked {
        /// The secret that is wanted, by the number of the look
        ticket: Option<u64>,
        /// Why nothing secret may be fetched
        trouble: Option<gluepot_core::access::PinTrouble>,
    },
    /// A PIN was tried.
    PinTried {
        /// Which lock asked
        lock: u64,
        /// Whether it is the one
        right: bool,
    },
    /// Another program wrote to the screen: redraw all of it.
    Repaint,
    /// Words for the bottom line: something in the background went wrong or well.
    Notice(crate::tui::notice::Notice),
    /// A task came to its end, cancelled or not. Sent once for each start.
    TaskEnded {
        /// Which one
        id: u64,
        /// Whether it was cancelled
        cancelled: bool,
    },
}

/// The sending end of the queue.
pub type Sender = tokio::sync::mpsc::UnboundedSender<Message>;
/// The receiving end; only the loop in [`crate::tui::run`] has it.
pub type Receiver = tokio::sync::mpsc::UnboundedReceiver<Message>;
