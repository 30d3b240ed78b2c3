//! What is over the panes and takes every key: a list to choose from, a line to type, a text to read, a question.
//!
//! Each is a component behind a box. It leaves by a wish that says what was chosen; the shell closes it and
//! does that. Nobody asks which popup is on top but whoever opened it.

pub mod confirm;
pub mod consent;
pub mod gate;
pub mod picker;
pub mod place;
mod question;
pub mod text;
pub mod ticket;

use std::any::Any;

pub use crate::tui::component::Popup;

/// All that lies over the panes, the topmost last.
#[derive(Default)]
pub struct Popups(Vec<Box<dyn Popup>>);

impl Popups {
    /// Opens one over the others.
    pub fn push(&mut self, popup: impl Popup) {
        self.0.push(Box::new(popup));
    }

    /// Opens one that is in its box already.
    pub fn push_box(&mut self, popup: Box<dyn Popup>) {
        self.0.push(popup);
    }

    /// Closes the one on top.
    pub fn pop(&mut self) {
        self.0.pop();
    }

    /// Closes all.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The one on top.
    pub fn last(&self) -> Option<&dyn Popup> {
        self.0.last().map(AsRef::as_ref)
    }

    /// The one on top, to give it a key.
    pub fn last_mut(&mut self) -> Option<&mut (dyn Popup + 'static)> {
        self.0.last_mut().map(AsMut::as_mut)
    }

    /// The one on top, if it is of this kind.
    pub fn top<T: Popup>(&self) -> Option<&T> {
        let popup: &dyn Any = self.0.last()?.as_ref();
        popup.downcast_ref()
    }

    /// The same, to change it.
    pub fn top_mut<T: Popup>(&mut self) -> Option<&mut T> {
        let popup: &mut dyn Any = self.0.last_mut()?.as_mut();
        popup.downcast_mut()
    }

    /// Closes the one on top, if it is of this kind, and gives it.
    pub fn take<T: Popup>(&mut self) -> Option<Box<T>> {
        self.top::<T>()?;
        let popup: Box<dyn Any> = self.0.pop()?;
        popup.downcast().ok()
    }

    /// Puts back one that was taken.
    pub fn put_back<T: Popup>(&mut self, popup: Box<T>) {
        self.0.push(popup);
    }

    /// Closes those that do not fit.
    pub fn retain(&mut self, fits: impl Fn(&dyn Popup) -> bool) {
        self.0.retain(|popup| fits(popup.as_ref()));
    }

    /// All of one kind, to change them.
    pub fn all_mut<T: Popup>(&mut self) -> impl Iterator<Item = &mut T> {
        self.0.iter_mut().filter_map(|popup| {
            let popup: &mut dyn Any = popup.as_mut();
            popup.downcast_mut()
        })
    }

    /// All, from the lowest.
    pub fn iter(&self) -> impl Iterator<Item = &dyn Popup> {
        self.0.iter().map(AsRef::as_ref)
    }

    /// All, to prepare them.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Box<dyn Popup>> {
        self.0.iter_mut()
    }
}
