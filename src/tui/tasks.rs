//! Background work: start, supersede, cancel, count.
//!
//! Each task runs in a [`Slot`]; starting another one in the same slot cancels the one before. A task is counted
//! before it is spawned and its end is a message, so the program knows when nothing is running.

use std::collections::HashMap;
use std::future::Future;

use tokio_util::sync::CancellationToken;

use super::message::{Message, Sender};
use gluepot_core::model::{ListKey, RecordKey};
use gluepot_core::source::Urgency;

/// What a task is for. At most one task runs in each slot.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Slot {
    /// A list of the current organization, or an account-wide one
    List(ListKey),
    /// The record in the detail pane
    Detail,
    /// The sections of the document in the detail pane
    Sections,
    /// The organization whose quick notes are read, when its row in the list has only their beginning
    QuickNotes,
    /// Parsing and laying out the body in the detail pane
    Body,
    /// Fetching a secret
    Secret,
    /// Using the clipboard
    Clipboard,
    /// Anything short that nothing supersedes; the number makes it unique
    Other(u64),
}

/// What the store must know when a task is cancelled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Subject {
    /// A list
    List(ListKey),
    /// A record
    Record(RecordKey),
    /// The sections of a document
    Sections(RecordKey),
    /// Nothing in the store
    None,
}

struct Running {
    id: u64,
    subject: Subject,
    cancel: CancellationToken,
    urgency: Urgency,
}

/// The running tasks.
pub struct Tasks {
    sender: Sender,
    next: u64,
    slots: HashMap<Slot, Running>,
    /// Every task that has not reported its end, with what it was about.
    alive: HashMap<u64, (Slot, Subject)>,
}

impl Tasks {
    /// No tasks yet; their messages go to `sender`.
    pub fn new(sender: Sender) -> Self {
        Self { sender, next: 1, slots: HashMap::new(), alive: HashMap::new() }
    }

    /// The sending end of the queue.
    pub fn sender(&self) -> Sender {
        self.sender.clone()
    }

    /// The number the next task will have: its generation.
    pub fn next_id(&self) -> u64 {
        self.next
    }

    /// Starts work in a slot and supersedes what ran there. The closure is given the task's number, the token
    /// that cancels it and the handle by which its requests can be hurried.
    pub fn start<F>(
        &mut self,
        slot: Slot,
        subject: Subject,
        urgency: Urgency,
        work: impl FnOnce(u64, CancellationToken, Urgency) -> F,
    ) -> u64
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.cancel(slot);
        let id = self.next;
        self.next += 1;
        let cancel = CancellationToken::new();
        let future = work(id, cancel.clone(), urgency.clone());
        self.alive.insert(id, (slot, subject));
        self.slots.insert(slot, Running { id, subject, cancel: cancel.clone(), urgency });
        // A guard reports the end, so that a panic inside the task also ends it.
        let mut end = End { sender: self.sender.clone(), id, cancelled: true };
        tokio::spawn(async move {
            tokio::select! {
                biased;
                () = cancel.cancelled() => {}
                () = future => end.completed(),
            }
        });
        id
    }

    /// A short task that nothing supersedes.
    pub fn start_other<F>(&mut self, work: F) -> u64
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let slot = Slot::Other(self.next);
        self.start(slot, Subject::None, Urgency::interactive(), |_, _, _| work)
    }

    /// Cancels what runs in a slot.
    pub fn cancel(&mut self, slot: Slot) {
        if let Some(running) = self.slots.remove(&slot) {
            running.cancel.cancel();
        }
    }

    /// Cancels every list load for which `unwanted` says so.
    pub fn cancel_lists(&mut self, unwanted: impl Fn(ListKey) -> bool) {
        let slots: Vec<Slot> =
            self.slots.keys().copied().filter(|slot| matches!(slot, Slot::List(key) if unwanted(*key))).collect();
        for slot in slots {
            self.cancel(slot);
        }
    }

    /// Lets the waiting requests of a slot go before background ones.
    pub fn hurry(&self, slot: Slot) {
        if let Some(running) = self.slots.get(&slot) {
            running.urgency.raise();
        }
    }

    /// Notes the end of a task; gives what it was about.
    pub fn ended(&mut self, id: u64) -> Option<(Slot, Subject)> {
        let (slot, subject) = self.alive.remove(&id)?;
        if self.slots.get(&slot).is_some_and(|running| running.id == id) {
            self.slots.remove(&slot);
        }
        Some((slot, subject))
    }

    /// What the slot's task is about.
    pub fn subject(&self, slot: Slot) -> Option<Subject> {
        self.slots.get(&slot).map(|running| running.subject)
    }

    /// Whether a task runs in this slot.
    pub fn is_running(&self, slot: Slot) -> bool {
        self.slots.contains_key(&slot)
    }

    /// How many tasks are running.
    pub fn alive(&self) -> usize {
        self.alive.len()
    }

    /// Whether no task is running.
    pub fn is_idle(&self) -> bool {
        self.alive.is_empty()
    }
}

struct End {
    sender: Sender,
    id: u64,
    cancelled: bool,
}

impl End {
    fn completed(&mut self) {
        self.cancelled = false;
    }
}

impl Drop for End {
    fn drop(&mut self) {
        // The loop may be gone already: then no one needs to know.
        let _ = self.sender.send(Message::TaskEnded { id: self.id, cancelled: self.cancelled });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::mpsc::unbounded_channel;

    async fn end(receiver: &mut super::super::message::Receiver) -> (u64, bool) {
        match receiver.recv().await {
            Some(Message::TaskEnded { id, cancelled }) => (id, cancelled),
            _ => panic!("only ends are sent here"),
        }
    }

    #[tokio::test]
    async fn the_newest_task_of_a_slot_wins() {
        let (sender, mut receiver) = unbounded_channel();
        let mut tasks = Tasks::new(sender);
        let first = tasks.start(Slot::Detail, Subject::None, Urgency::interactive(), |_, _, _| std::future::pending());
        let second = tasks.start(Slot::Detail, Subject::None, Urgency::interactive(), |_, _, _| async {});
        let mut ends = [end(&mut receiver).await, end(&mut receiver).await];
        ends.sort_unstable();
        assert_eq!(ends, [(first, true), (second, false)]);
        for (id, _) in ends {
            tasks.ended(id);
        }
        assert!(tasks.is_idle());
    }

    #[tokio::test]
    async fn a_task_that_panics_is_not_running_for_ever() {
        let (sender, mut receiver) = unbounded_channel();
        let mut tasks = Tasks::new(sender);
        let id = tasks.start_other(async { panic!("on purpose") });
        assert_eq!(end(&mut receiver).await, (id, true));
        tasks.ended(id);
        assert!(tasks.is_idle());
    }
}
