//! Where everything is: pure functions from the screen's size and the view state to named rectangles.
//!
//! ```text
//! wide (100 columns and more)      medium (60 to 99)        small (below 60x15)
//! ┌ top ───────────────────┐       ┌ top ─────────┐         ┌ top ───┐
//! ├ alert ─────────────────┤       ├ alert ───────┤         │ focused│
//! │ 1 │                    │       │ 1            │         │ pane   │
//! │ 2 │ detail             │       │ 2  or detail │         │        │
//! │ 3 │                    │       │ 3            │         │        │
//! ├ bottom ────────────────┤       ├ bottom ──────┤         ├ bottom ┤
//! └────────────────────────┘       └──────────────┘         └────────┘
//! ```
//!
//! The left column is an accordion: the pane that was focused last grows, the others keep a few rows where there is
//! room and their title line where there is not. Below 30x8 there is one sentence.

use ratatui::layout::Rect;

/// The panes, in their order on the screen.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PaneId {
    /// 1
    Organizations,
    /// 2
    Documents,
    /// 3
    Configurations,
    /// 4
    Passwords,
    /// 5: flexible assets, contacts and the other kinds as tabs
    Others,
    /// 0
    Detail,
}

impl PaneId {
    /// The list panes, from top to bottom.
    pub const LISTS: [Self; 5] =
        [Self::Organizations, Self::Documents, Self::Configurations, Self::Passwords, Self::Others];

    /// Position among the list panes; the detail has none.
    pub fn index(self) -> Option<usize> {
        Self::LISTS.iter().position(|&pane| pane == self)
    }
}

/// How much room there is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Room {
    /// Below 30x8: one sentence
    Tiny,
    /// Below 60 columns or 15 rows: the focused pane alone
    Small,
    /// 60 to 99 columns: the lists, or the detail over them
    Medium,
    /// 100 columns and more: lists on the left, detail on the right
    Wide,
}

impl Room {
    /// The room of a screen.
    pub fn of(width: u16, height: u16) -> Self {
        match (width, height) {
            (w, h) if w < 30 || h < 8 => Self::Tiny,
            (w, h) if w < 60 || h < 15 => Self::Small,
            (w, _) if w < 100 => Self::Medium,
            _ => Self::Wide,
        }
    }
}

/// The view state the layout depends on.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// The focused pane
    pub focus: PaneId,
    /// The list pane that was focused last
    pub last_list: PaneId,
    /// One pane over the whole screen
    pub zoomed: bool,
    /// Rows the organization's alert takes (0 or 1)
    pub alert_rows: u16,
    /// Width of the left column the user asked for by dragging the divider
    pub left_width: Option<u16>,
}

/// The named rectangles of one screen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Areas {
    /// How much room there is
    pub room: Room,
    /// The whole screen
    pub screen: Rect,
    /// Profile, organization, ticket
    pub top: Rect,
    /// The organization's alert; no rows when there is none
    pub alert: Rect,
    /// The list panes that are visible; one row high: only the title line
    pub lists: Vec<(PaneId, Rect)>,
    /// The detail, when it is visible
    pub detail: Option<Rect>,
    /// Hints and notices
    pub bottom: Rect,
}

impl Areas {
    /// The pane at a position, and its rectangle.
    pub fn pane_at(&self, column: u16, row: u16) -> Option<(PaneId, Rect)> {
        let at = ratatui::layout::Position::new(column, row);
        self.lists
            .iter()
            .copied()
            .chain(self.detail.map(|rect| (PaneId::Detail, rect)))
            .find(|(_, rect)| rect.contains(at))
    }

    /// The rectangle of a pane, when it is visible.
    pub fn pane(&self, pane: PaneId) -> Option<Rect> {
        match pane {
            PaneId::Detail => self.detail,
            list => self.lists.iter().find(|(id, _)| *id == list).map(|(_, rect)| *rect),
        }
    }
}

/// Narrowest left column.
pub const LEFT_MIN: u16 = 30;
/// Rows a pane that is not focused keeps where there is room: frame and three rows.
const REST_ROWS: u16 = 5;
/// Rows the grown pane must have before the others keep more than their title.
const GROWN_ROWS: u16 = 12;

/// Lays the screen out.
pub fn areas(screen: Rect, view: View) -> Areas {
    let room = Room::of(screen.width, screen.height);
    let top = Rect { height: screen.height.min(1), ..screen };
    let alert_rows = if room == Room::Tiny || screen.height < 10 { 0 } else { view.alert_rows };
    let alert = Rect { y: screen.y + 1, height: alert_rows, ..screen };
    let bottom = Rect { y: screen.y + screen.height.saturating_sub(1), height: screen.height.min(1), ..screen };
    let middle = Rect { y: screen.y + 1 + alert_rows, height: screen.height.saturating_sub(2 + alert_rows), ..screen };
    let mut areas = Areas { room, screen, top, alert, lists: Vec::new(), detail: None, bottom };
    match room {
        Room::Tiny => {}
        Room::Small => alone(&mut areas, view.focus, middle),
        _ if view.zoomed => alone(&mut areas, view.focus, middle),
        Room::Medium if view.focus == PaneId::Detail => areas.detail = Some(middle),
        Room::Medium => areas.lists = accordion(middle, view.last_list),
        Room::Wide => {
            // A text takes 100 columns at most: on a very wide screen names have the rest rather than blanks.
            let widest = screen.width.saturating_sub(120).clamp(52, 80);
            let wished = view.left_width.unwrap_or((screen.width * 3 / 10).clamp(34, widest));
            let left = wished.clamp(LEFT_MIN, (screen.width / 2).max(LEFT_MIN));
            areas.lists = accordion(Rect { width: left, ..middle }, view.last_list);
            areas.detail = Some(Rect { x: middle.x + left, width: middle.width - left, ..middle });
        }
    }
    areas
}

fn alone(areas: &mut Areas, focus: PaneId, rect: Rect) {
    match focus {
        PaneId::Detail => areas.detail = Some(rect),
        list => areas.lists.push((list, rect)),
    }
}

fn accordion(column: Rect, grown: PaneId) -> Vec<(PaneId, Rect)> {
    let others = PaneId::LISTS.len() as u16 - 1;
    let rest = if column.height >= GROWN_ROWS + others * REST_ROWS {
        // On a tall screen the others take a share of what is there.
        REST_ROWS.max(column.height * 3 / 20)
    } else {
        1
    };
    let big = column.height.saturating_sub(others * rest);
    let mut y = column.y;
    PaneId::LISTS
        .iter()
        .map(|&pane| {
            let height = if pane == grown { big } else { rest };
            let rect = Rect { y, height, ..column };
            y += height;
            (pane, rect)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(focus: PaneId) -> View {
        let last_list = if focus == PaneId::Detail { PaneId::Documents } else { focus };
        View { focus, last_list, zoomed: false, alert_rows: 0, left_width: None }
    }

    #[test]
    fn five_panes_fit_in_24_rows() {
        let areas = areas(Rect::new(0, 0, 80, 24), view(PaneId::Documents));
        assert_eq!(areas.room, Room::Medium);
        let heights: Vec<u16> = areas.lists.iter().map(|(_, r)| r.height).collect();
        assert_eq!(heights, [1, 18, 1, 1, 1]);
        assert!(areas.detail.is_none());
    }

    #[test]
    fn medium_shows_the_detail_over_the_lists() {
        let areas = areas(Rect::new(0, 0, 80, 24), view(PaneId::Detail));
        assert!(areas.lists.is_empty());
        assert_eq!(areas.detail, Some(Rect::new(0, 1, 80, 22)));
    }

    #[test]
    fn everything_stays_inside_the_screen_at_every_size() {
        for width in 0..320 {
            for height in [0, 1, 2, 7, 8, 14, 15, 24, 40, 60, 100] {
                for focus in PaneId::LISTS.into_iter().chain([PaneId::Detail]) {
                    for zoomed in [false, true] {
                        for alert_rows in [0, 1] {
                            let screen = Rect::new(0, 0, width, height);
                            let areas =
                                areas(screen, View { zoomed, alert_rows, left_width: Some(200), ..view(focus) });
                            let rects = areas.lists.iter().map(|(_, r)| *r).chain(areas.detail);
                            let total: u32 = rects.clone().map(|r| u32::from(r.width) * u32::from(r.height)).sum();
                            for rect in rects {
                                assert_eq!(rect.intersection(screen), rect, "{width}x{height} {focus:?}");
                            }
                            let rows = u32::from(height.saturating_sub(2 + areas.alert.height));
                            if areas.room != Room::Tiny {
                                assert_eq!(
                                    total,
                                    u32::from(width) * rows,
                                    "{width}x{height} {focus:?}: no gap, no overlap"
                                );
                            }
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn the_lists_have_what_a_text_does_not_need_on_a_very_wide_screen() {
        let left = |columns| areas(Rect::new(0, 0, columns, 40), view(PaneId::Documents)).lists[0].1.width;
        assert_eq!([100, 140, 200, 300, 500].map(left), [34, 42, 60, 80, 80]);
    }

    #[test]
    fn a_tall_screen_lets_the_others_keep_rows() {
        let areas = areas(Rect::new(0, 0, 140, 40), view(PaneId::Documents));
        assert!(areas.lists.iter().all(|(_, r)| r.height >= 5));
    }

    #[test]
    fn the_others_grow_with_the_screen_and_the_focused_pane_stays_the_largest() {
        for (columns, rows, at_least) in [(140, 50, 5), (100, 60, 6), (300, 80, 9), (300, 100, 12)] {
            let areas = areas(Rect::new(0, 0, columns, rows), view(PaneId::Documents));
            let inside = |pane| areas.pane(pane).map_or(0, |rect| rect.height - 2);
            for pane in PaneId::LISTS.into_iter().filter(|&pane| pane != PaneId::Documents) {
                assert!(inside(pane) >= at_least, "{columns}x{rows}: {pane:?} has {} rows", inside(pane));
                assert!(inside(PaneId::Documents) > inside(pane), "{columns}x{rows}");
            }
        }
    }
}
