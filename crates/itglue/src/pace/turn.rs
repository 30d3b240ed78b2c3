//! Whose turn it is: the two sliding windows, and what part of them background work leaves alone.

use std::collections::VecDeque;

use tokio::time::Instant;

use super::{Pacer, SECOND};
use crate::ledger::View;
use crate::quota::{ALONE, BREAKER, RECOVERY};
use gluepot_core::source::Urgency;
use gluepot_core::text::Clean;

/// What the pacer knows.
pub(super) struct State {
    /// When the requests of the current window were sent, oldest first
    pub(super) sent: VecDeque<Instant>,
    /// Those who wait: (ticket, urgency), in the order of arrival
    pub(super) waiting: VecDeque<(u64, Urgency)>,
    pub(super) next_ticket: u64,
    pub(super) under_way: u32,
    pub(super) paused_until: Option<Instant>,
    /// Refusals (429) since the last success
    pub(super) strikes: u32,
    /// What part of `per_window` we take, from 0 to 1, as of `share_since`
    pub(super) share: f64,
    pub(super) share_since: Instant,
    /// What the ledger said last, and when
    pub(super) seen: Option<(View, Instant)>,
    /// Why it cannot be used, and since when
    pub(super) alone: Option<(Clean, Instant)>,
    /// Requests that were sent without it
    pub(super) unrecorded: u32,
    /// Another request is probing already
    pub(super) looking: bool,
    /// The ledger said no: not asked again before this moment, for background and for interactive requests
    pub(super) full_until: [Option<Instant>; 2],
}

/// Why a waiter has no permit yet.
pub(super) enum Turn {
    Now,
    /// Not before this moment, if nothing changes
    At(Instant),
    /// Until the other one is done
    Later,
}

impl State {
    pub(super) fn new() -> Self {
        Self {
            sent: VecDeque::new(),
            waiting: VecDeque::new(),
            next_ticket: 0,
            under_way: 0,
            paused_until: None,
            strikes: 0,
            share: 1.0,
            share_since: Instant::now(),
            seen: None,
            alone: None,
            unrecorded: 0,
            looking: false,
            full_until: [None; 2],
        }
    }
}

impl Pacer {
    /// Whether this waiter may go now, and if not, when to look again.
    pub(super) fn turn(&self, state: &mut State, ticket: u64, now: Instant) -> Turn {
        if let Some(end) = state.paused_until {
            if now < end {
                return Turn::At(end);
            }
            state.paused_until = None;
        }
        while state.sent.front().is_some_and(|first| now.duration_since(*first) >= self.pace.window) {
            state.sent.pop_front();
        }
        let best = state
            .waiting
            .iter()
            .min_by_key(|(ticket, urgency)| (!urgency.is_interactive(), *ticket))
            .map(|(ticket, urgency)| (*ticket, urgency.is_interactive()));
        let Some((first, interactive)) = best else {
            return Turn::Later;
        };
        if first != ticket {
            return Turn::Later;
        }
        let at_once = if state.strikes >= BREAKER { 1 } else { self.pace.at_once };
        // Background work never fills the line: one place, a quarter of a second's share and a tenth of the window
        // stay free for pressed keys.
        let (at_once, per_second, per_window) = if interactive {
            (at_once, self.pace.per_second, self.limit_for_keys(state, now))
        } else {
            let limit = self.limit(state, now);
            (
                at_once.saturating_sub(u32::from(at_once > 2)),
                self.pace.per_second.saturating_sub(self.pace.per_second / 4),
                limit - limit / 10,
            )
        };
        if state.under_way >= at_once.max(1) {
            return Turn::Later;
        }
        if let Some(again) = state.full_until[usize::from(interactive)].filter(|again| *again > now) {
            return Turn::At(again);
        }
        // The n-th newest request must have left its window before another may be sent.
        let second = nth_newest(&state.sent, per_second.max(1)).map(|sent| sent + SECOND);
        let window = nth_newest(&state.sent, per_window.max(1)).map(|sent| sent + self.pace.window);
        match second.max(window) {
            Some(when) if when > now => Turn::At(when),
            _ => Turn::Now,
        }
    }

    /// How many requests the window may hold now.
    pub(super) fn limit(&self, state: &State, now: Instant) -> u32 {
        let minutes = now.saturating_duration_since(state.share_since).as_secs_f64() / 60.0;
        let share = (state.share + minutes * RECOVERY).min(if state.alone.is_some() { ALONE } else { 1.0 });
        ((f64::from(self.pace.per_window) * share) as u32).max(1)
    }

    /// The same for a pressed key: after a refusal not less than what was in use then, so that the user is not kept
    /// waiting until the smaller share has room again. Refusals in a row lower that as well.
    pub(super) fn limit_for_keys(&self, state: &State, now: Instant) -> u32 {
        let most = f64::from(self.pace.per_window) * if state.alone.is_some() { ALONE } else { 1.0 };
        let spared = (f64::from(self.pace.per_window) * state.share / 3.0) as u32;
        self.limit(state, now).saturating_add(spared).min(most as u32).max(1)
    }
}

/// The n-th newest moment (1 is the newest), if there is one.
fn nth_newest(sent: &VecDeque<Instant>, n: u32) -> Option<Instant> {
    sent.len().checked_sub(n as usize).and_then(|at| sent.get(at)).copied()
}
