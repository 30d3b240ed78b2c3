//! Secrets as a type: a value that prints as nothing, is wiped when dropped and is exposed only by name.
//!
//! There is no `Debug`, no `Display`, no `Serialize`, no `Clone` and no `PartialEq`. Call [`Secret::expose`] in
//! the three places where a value is really used: drawn after a reveal, handed to the clipboard, put on the wire.

use zeroize::Zeroizing;

/// A password or an API key. Holds exactly one heap copy, never reallocated after construction.
pub struct Secret(Zeroizing<Box<str>>);

impl Secret {
    /// Takes a value over. The string's buffer is wiped if it has to be moved into one of the exact size.
    pub fn new(value: Zeroizing<String>) -> Self {
        Self(Zeroizing::new(value.as_str().into()))
    }

    /// The value itself. Whoever calls this must not keep it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
