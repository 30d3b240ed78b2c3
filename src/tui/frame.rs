//! The frame around the rooms: how large the screen is, where each pane is on it, and which one has the focus.

use ratatui::layout::{Rect, Size};

use super::layout::{Areas, PaneId, Room, View, areas};

/// Size, areas and focus.
pub struct Frame {
    /// The focused pane
    pub focus: PaneId,
    /// The list pane that was focused last
    pub last_list: PaneId,
    /// One pane has the whole screen
    pub zoomed: bool,
    /// The width of the lists that was requested
    pub left_width: Option<u16>,
    /// The divider is being dragged
    pub dragging: bool,
    /// The size of the screen
    pub size: Size,
    /// Where everything is
    pub areas: Areas,
}

impl Default for Frame {
    fn default() -> Self {
        let size = Size::new(80, 24);
        Self {
            focus: PaneId::Organizations,
            last_list: PaneId::Organizations,
            zoomed: false,
            left_width: None,
            dragging: false,
            size,
            areas: areas(
                Rect::new(0, 0, size.width, size.height),
                View {
                    focus: PaneId::Organizations,
                    last_list: PaneId::Organizations,
                    zoomed: false,
                    alert_rows: 0,
                    left_width: None,
                },
            ),
        }
    }
}

impl Frame {
    /// Divides a screen of this size, with this many rows for the alert.
    pub fn lay_out(&mut self, size: Size, alert_rows: u16) {
        self.size = size;
        let view = View {
            focus: self.focus,
            last_list: self.last_list,
            zoomed: self.zoomed,
            alert_rows,
            left_width: self.left_width,
        };
        self.areas = areas(Rect::new(0, 0, size.width, size.height), view);
    }

    /// Whether the next frame has room for the detail. Asked of the state, not of the last frame: several keys may come
    /// between two frames.
    pub fn has_detail(&self) -> bool {
        let room = Room::of(self.size.width, self.size.height);
        self.focus == PaneId::Detail || room == Room::Wide && !self.zoomed
    }
}
