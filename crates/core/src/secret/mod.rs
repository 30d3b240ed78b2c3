//! Secrets as types: values that print as nothing, are wiped when dropped and are exposed only by name.
//!
//! | Type | For | Where it lives |
//! |---|---|---|
//! | [`Secret`] | a client's password while it is shown or copied | one heap block, wiped on drop |
//! | [`Typed`] | the PIN of the lock screen while it is typed | one heap block that never grows, wiped on drop |
//! | [`LockedKey`] | the API key, which lives as long as the program | a separate page that no dump contains |
//! | [`ZeroOnFree`] | everything those two cannot reach: buffers of the TLS stack, of parsers, of the screen | the whole heap |
//!
//! None of the first three has `Debug`, `Display`, `Serialize`, `Clone` or `PartialEq`: a stray `{:?}` does not
//! compile. [`Secret::expose`] is called in the places where a value is really used: drawn after a reveal and
//! handed to the clipboard. [`LockedKey::expose_to`] is called in the one place that puts the key on the wire.

mod masking;

use zeroize::Zeroizing;

pub use masking::{Masking, without_keys};

use crate::raw::Page;
pub use crate::raw::{Protection, ZeroOnFree};

/// A password or another value of a client. Holds exactly one heap copy, never reallocated after construction.
pub struct Secret(Zeroizing<Box<str>>);

impl Secret {
    /// Takes a value over. The string's buffer is wiped if it has to be moved into one of the exact size.
    pub fn new(value: Zeroizing<String>) -> Self {
        Self(Zeroizing::new(value.as_str().into()))
    }

    /// The value itself. Callers must not keep it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Overwrites what functions that have returned left on the stack of this thread: cells of the screen with the letters of
/// a value, the last keys of a PIN. As deep as drawing goes, with room to spare.
#[inline(never)]
pub fn wipe_stack() {
    #[expect(clippy::large_stack_arrays, reason = "it is the stack that is meant")]
    let mut space = [0_u8; 192 << 10];
    std::hint::black_box(&mut space);
}

/// A secret while it is typed. Its buffer never grows, so that no letter is left behind anywhere.
pub struct Typed(Zeroizing<String>);

impl Typed {
    /// The most characters.
    pub const LONGEST: usize = 64;

    /// Adds a character. Says whether there was room.
    pub fn push(&mut self, c: char) -> bool {
        let room = self.count() < Self::LONGEST;
        if room {
            self.0.push(c);
        }
        room
    }

    /// Takes the last character back.
    pub fn pop(&mut self) {
        self.0.pop();
    }

    /// Forgets all of it.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// How many characters were typed.
    pub fn count(&self) -> usize {
        self.0.chars().count()
    }

    /// Takes what was typed and leaves nothing.
    pub fn take(&mut self) -> Secret {
        Secret::new(std::mem::take(self).0)
    }
}

impl Default for Typed {
    fn default() -> Self {
        Self(Zeroizing::new(String::with_capacity(Self::LONGEST * char::MAX.len_utf8())))
    }
}

/// A secret that is held for the whole run of the program: the API key.
///
/// It is in separate pages, taken with `memfd_secret` where the kernel gives them: such pages are out of the
/// kernel's own map, are never swapped or written to a hibernation image, and neither a core dump nor root's
/// debugger can read them. Where the kernel says no, the pages are locked and left out of core dumps instead;
/// where even that is refused they are ordinary memory. [`LockedKey::protection`] says which it became.
pub struct LockedKey {
    page: Page,
    len: usize,
}

impl LockedKey {
    /// Moves a secret into a protected page and wipes the heap copy it came in.
    ///
    /// # Errors
    /// Only when the system gives no memory at all.
    pub fn new(secret: Secret) -> std::io::Result<Self> {
        let bytes = secret.expose().as_bytes();
        let mut page = Page::new(bytes.len())?;
        page.bytes_mut()[..bytes.len()].copy_from_slice(bytes);
        Ok(Self { page, len: bytes.len() })
    }

    /// Lends the value to one use. Nothing the closure returns may contain it.
    pub fn expose_to<T>(&self, use_it: impl FnOnce(&str) -> T) -> T {
        let bytes = self.page.bytes().get(..self.len).unwrap_or_default();
        use_it(std::str::from_utf8(bytes).unwrap_or_default())
    }

    /// How well the page is protected on this system.
    pub fn protection(&self) -> &Protection {
        self.page.protection()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed set-up is a failed test")]
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::new(Zeroizing::new(text.to_owned()))
    }

    #[test]
    fn a_key_comes_back_as_it_went_in() {
        let key = LockedKey::new(secret("ITG.0123456789abcdef")).unwrap();
        assert_eq!(key.expose_to(str::to_owned), "ITG.0123456789abcdef");
    }

    #[test]
    fn a_key_longer_than_a_page_and_an_empty_one_are_held() {
        let long = "k".repeat(10_000);
        assert_eq!(LockedKey::new(secret(&long)).unwrap().expose_to(str::len), 10_000);
        assert_eq!(LockedKey::new(secret("")).unwrap().expose_to(str::len), 0);
    }

    #[test]
    fn what_is_typed_stays_in_one_place_and_has_an_end() {
        let mut typed = Typed::default();
        let place = typed.0.as_ptr();
        for _ in 0..Typed::LONGEST {
            assert!(typed.push('\u{10ffff}'));
        }
        assert!(!typed.push('x'));
        assert_eq!(typed.0.as_ptr(), place);
        typed.pop();
        assert_eq!(typed.count(), Typed::LONGEST - 1);
        typed.clear();
        typed.push('7');
        assert_eq!(typed.take().expose(), "7");
        assert_eq!(typed.count(), 0);
    }

    #[test]
    fn the_protection_is_told_in_words() {
        let key = LockedKey::new(secret("key")).unwrap();
        assert!(!key.protection().to_string().is_empty());
    }

    /// Root's own way round every permission: if this reads the page, so does a debugger.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_secret_page_cannot_be_read_through_proc_mem() {
        use std::os::unix::fs::FileExt;

        let key = LockedKey::new(secret("ITG.cannot-be-read-from-outside")).unwrap();
        if *key.protection() != Protection::SecretMemory {
            eprintln!("skipped: this kernel gives no secret memory ({})", key.protection());
            return;
        }
        let address = key.expose_to(|text| text.as_ptr().addr());
        let memory = std::fs::File::open("/proc/self/mem").unwrap();
        let mut out = [0u8; 16];
        assert!(memory.read_at(&mut out, address as u64).is_err(), "the page was readable");
        assert_eq!(out, [0u8; 16]);
    }
}
