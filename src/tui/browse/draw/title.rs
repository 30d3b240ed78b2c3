//! The title line of a pane: its name and tabs on the left; count, age and state of its lists on the right.

use std::time::{Duration, Instant};

use ratatui::style::Style;

use crate::present::format::{self, found_words, number, width};
use crate::tui::browse::Browse;
use crate::tui::browse::list::{ListPane, Tab, ViewRow};
use crate::tui::component::Ctx;
use crate::tui::layout::PaneId;
use gluepot_core::library::{Completeness, Trouble};
use gluepot_core::library::{List, State};
use gluepot_core::model::ListKey;

impl Browse {
    pub(super) fn list_title(pane: &ListPane, focus: bool, room: usize, cx: &Ctx) -> Vec<(String, Style)> {
        let base = if focus { cx.styles.title_focus } else { cx.styles.title };
        let name = match pane.id {
            PaneId::Organizations => "1 Organizations",
            PaneId::Documents => "2 Documents",
            PaneId::Configurations => "3 Configurations",
            PaneId::Passwords => "4 Passwords",
            PaneId::Others | PaneId::Detail => "5 ",
        };
        let mut title = vec![(name.to_owned(), base)];
        title.extend(open_client(pane, cx).map(|words| (words, cx.styles.dim)));
        if pane.id == PaneId::Others {
            title.extend(tabs(pane.tab, base, room.saturating_sub(2), cx));
        }
        title
    }

    /// Count, age and state of a pane's lists, for the right end of its title.
    pub(super) fn list_state(pane: &ListPane, cx: &Ctx) -> Vec<(String, Style)> {
        let styles = &cx.styles;
        if pane.id != PaneId::Organizations && cx.organization.is_none() {
            return Vec::new();
        }
        let keys = pane.sources(cx.organization, &cx.store);
        let state = Lists::of(pane, &keys, cx);
        let mut words: Vec<(String, Style)> = Vec::new();
        // The pane has the words; the title of a closed pane can only say that there are some.
        if state.notes {
            words.push((styles.signs.warn.to_owned(), styles.warning));
        }
        if let Some(error) = state.failed {
            words.push((error.word().into(), styles.danger));
        }
        // What is unusual, so that no one takes it for the usual list.
        if asked_for(&keys, cx) {
            if pane.archived {
                words.push(("with archived".into(), styles.dim));
            }
            if let Some(word) = pane.sort.word() {
                words.push((word.into(), styles.dim));
            }
        }
        if let Some(word) = keys.iter().find_map(|&key| cx.list_word(key)) {
            words.push((word.into(), styles.warning));
        }
        // A number that is not known is not shown as none.
        if (state.asked || !keys.is_empty()) && (state.complete || state.rows > 0) {
            words.push((state.count(pane, cx), styles.count));
        }
        if pane.overdue > 0 {
            words.push((format!("{} {} overdue", styles.signs.dot, number(pane.overdue)), styles.danger));
        }
        if let Some(since) = state.loading {
            let age = cx.now().duration_since(since);
            if age.as_millis() >= 2_000 {
                words.push((format!("{} s", age.as_secs()), styles.dim));
            } else if age.as_millis() >= 300 {
                words.push((styles.signs.cut.to_owned(), styles.dim));
            }
        } else if let Some(age) = state.stale {
            words.push((format!("{} {} old", styles.signs.dot, format::age(age)), styles.warning));
        }
        for (word, _) in words.iter_mut().skip(1) {
            word.insert(0, ' ');
        }
        words
    }
}

/// What the lists of a pane are, taken together: of several words the one that says most.
struct Lists<'a> {
    loading: Option<Instant>,
    failed: Option<&'a Trouble>,
    stale: Option<Duration>,
    /// There is something to know of them
    notes: bool,
    rows: usize,
    total: usize,
    asked: bool,
    complete: bool,
}

impl<'a> Lists<'a> {
    fn of(pane: &ListPane, keys: &[ListKey], cx: &'a Ctx) -> Self {
        let folders = pane.folders(cx.organization);
        let types =
            folders.filter(|&key| matches!(key, ListKey::FlexibleAssetTypes(_))).map(|key| &cx.store.list(key).state);
        let failed = types.and_then(|state| match state {
            State::Failed(error) => Some(error.as_ref()),
            _ => None,
        });
        let (loading, stale, notes) = (None, None, false);
        let mut all = Self { loading, failed, stale, notes, rows: 0, total: 0, asked: false, complete: true };
        for &key in keys {
            all.add(cx.store.list(key), cx.now());
        }
        if let Some(key) = folders.filter(|&key| !matches!(key, ListKey::FlexibleAssetTypes(_))) {
            let list = cx.store.list(key);
            all.notes |= matches!(list.state, State::Failed(_)) || has_notes(list);
        }
        all
    }

    fn add(&mut self, list: &'a List, now: Instant) {
        self.rows += list.rows.len() + list.unreadable.len();
        self.total += list.total.unwrap_or(0).max(list.rows.len());
        self.asked |= !matches!(list.state, State::NotAsked) || !list.rows.is_empty();
        self.complete &= list.is_complete();
        match &list.state {
            State::Loading(since) => self.loading = Some(self.loading.map_or(*since, |first| first.min(*since))),
            State::Failed(error) if self.failed.is_none_or(|before| !before.forbidden()) => self.failed = Some(error),
            _ => {}
        }
        if let Some(at) = list.fetched.filter(|at| now.duration_since(*at) > gluepot_core::library::FRESH_FOR) {
            self.stale = Some(now.duration_since(at));
        }
        self.notes |= has_notes(list);
    }

    /// How many rows there are, as far as it is known.
    fn count(&self, pane: &ListPane, cx: &Ctx) -> String {
        let (rows, total) = (self.rows, self.total);
        if !pane.filter.text().trim().is_empty() {
            found_words(pane.found, pane.searched, pane.weak)
        } else if self.loading.is_some() && total > rows {
            format!("{} of {} {}", number(rows), number(total), cx.styles.signs.more)
        } else if !self.complete && total > rows {
            format!("{} of {}", number(rows), number(total))
        } else {
            number(rows - pane.hidden_archived.min(rows))
        }
    }
}

fn has_notes(list: &List) -> bool {
    list.completeness.map(Completeness::notes).is_some_and(|notes| !notes.is_empty())
}

/// Whether rows of these lists were requested.
fn asked_for(keys: &[ListKey], cx: &Ctx) -> bool {
    keys.iter().any(|&key| !matches!(cx.store.list(key).state, State::NotAsked) || !cx.store.list(key).rows.is_empty())
}

/// The tabs in their order, as many as there is room for with the one in use among them.
fn tabs(used: Tab, base: Style, room: usize, cx: &Ctx) -> Vec<(String, Style)> {
    let styles = &cx.styles;
    let at = Tab::ALL.iter().position(|&tab| tab == used).unwrap_or(0);
    let label = |tab: Tab| match (tab == used, styles.signs.ascii) {
        (true, true) => format!("[{}]", tab.label()),
        _ => tab.label().to_owned(),
    };
    let columns = |from: usize, to: usize| Tab::ALL[from..=to].iter().map(|&t| width(&label(t)) + 1).sum::<usize>();
    let last = Tab::ALL.len() - 1;
    // All of them; else those before the one in use go, until there is room for it and a sign on both sides.
    let first = (0..=at)
        .find(|&first| columns(first, last) + first.min(1) * 2 <= room + 1 || columns(first, at) + 3 <= room)
        .unwrap_or(at);
    let mut title = Vec::new();
    if first > 0 {
        title.push((format!("{} ", styles.signs.cut), styles.dim));
    }
    for &tab in &Tab::ALL[first..] {
        let gap = if title.is_empty() || tab == Tab::ALL[first] { "" } else { " " };
        title.push((gap.to_owned(), styles.dim));
        title.push((label(tab), if tab == used { base } else { styles.dim }));
    }
    title
}

/// The open client for the title of its pane, where its row is not on the screen.
fn open_client(pane: &ListPane, cx: &Ctx) -> Option<String> {
    let id = cx.organization.filter(|_| pane.id == PaneId::Organizations)?;
    let rows = cx.frame.areas.pane(pane.id).map_or(0, |rect| usize::from(rect.height.saturating_sub(2)));
    let rows = rows.saturating_sub(usize::from(pane.shows_filter()));
    let is_it = |row: &ViewRow| {
        matches!(row, ViewRow::Record { list, at, .. }
            if cx.store.list(*list).rows.get(*at).is_some_and(|record| record.key() == (id.key())))
    };
    if pane.rows.iter().skip(pane.offset).take(rows).any(is_it) {
        return None;
    }
    let known = cx.store.organization(id).map(|o| o.short_name.as_str()).filter(|short| !short.is_empty());
    Some(format!(" {} {}", cx.styles.signs.here, known.map_or_else(|| cx.organization_name(id), str::to_owned)))
}
