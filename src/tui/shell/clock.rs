//! What changes on the screen by the clock alone.

use std::time::{Duration, Instant};

use super::Shell;
use gluepot_core::library::State;

impl Shell {
    /// What changes on the screen by the clock alone: loading marks after 300 ms, after 2 s, then every second; the
    /// age of old rows every minute; the seconds of a pause. Gives the next such moment.
    pub(super) fn loading_mark_due(&self) -> Option<Instant> {
        let now = self.now();
        let loading = self.visible_loads().map(|since| next_mark(since, now)).min();
        // The age of rows is in minutes.
        let fetched = self.cx.frame.areas.lists.iter().filter_map(|(id, _)| self.pane(*id));
        let fetched = fetched.flat_map(|pane| pane.sources(self.cx.organization, &self.cx.store));
        let stale = fetched.filter_map(|key| self.cx.store.list(key).fetched).map(|at| {
            let minutes = now.duration_since(at).as_secs() / 60 + 1;
            (at + Duration::from_mins(minutes)).max(at + gluepot_core::library::FRESH_FOR + Duration::from_millis(1))
        });
        let paused = self.source.quota().paused_until.filter(|until| *until > now).map(|until| {
            let left = until.duration_since(now);
            now + Duration::from_millis((left.as_millis() % 1_000) as u64 + 1)
        });
        loading.into_iter().chain(stale).chain(paused).min()
    }

    /// When the loads that the screen shows began.
    fn visible_loads(&self) -> impl Iterator<Item = Instant> + '_ {
        let lists = self.cx.frame.areas.lists.iter().filter_map(|(id, _)| self.pane(*id)).flat_map(|pane| {
            pane.sources(self.cx.organization, &self.cx.store)
                .into_iter()
                .chain(pane.folders(self.cx.organization))
                .filter_map(|key| match self.cx.store.list(key).state {
                    State::Loading(since) => Some(since),
                    _ => None,
                })
                .collect::<Vec<_>>()
        });
        let detail = self.reader.detail.target.and_then(|t| self.cx.store.detail(t.key)).and_then(|d| {
            match (&d.state, &d.sections) {
                (State::Loading(since), _) | (_, State::Loading(since)) => Some(*since),
                _ => None,
            }
        });
        lists.chain(detail.filter(|_| self.cx.frame.areas.detail.is_some()))
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
