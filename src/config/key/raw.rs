//! A key as it came, and what no key can be.

use std::fmt;

use zeroize::Zeroizing;

use gluepot_core::secret::Secret;
use gluepot_core::text::Clean;

/// The longest key that is taken. IT Glue's have some 160 characters; gateways put their own tokens here.
const MAX_KEY: usize = 4096;

/// Why there is no key, and what to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyError(Clean);

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for KeyError {}

pub(super) fn error(message: &str) -> KeyError {
    KeyError(message.into())
}

/// A key as it came, not yet looked at: a buffer that never grows, so that no copy is left behind.
pub(super) struct Raw {
    pub(super) bytes: Zeroizing<Vec<u8>>,
    pub(super) length: usize,
}

impl Raw {
    pub(super) fn new() -> Self {
        Self { bytes: Zeroizing::new(vec![0; MAX_KEY + 2]), length: 0 }
    }

    /// What is still free.
    pub(super) fn rest(&mut self) -> &mut [u8] {
        &mut self.bytes[self.length..]
    }

    pub(super) fn is_full(&self) -> bool {
        self.length == self.bytes.len()
    }

    /// Checks the form of the key: one line of visible ASCII. Never says what is in it.
    pub(super) fn into_secret(self, from: &str) -> Result<Secret, KeyError> {
        if self.is_full() {
            return Err(error(&format!("{from} gave more than {MAX_KEY} bytes: that is no API key")));
        }
        let bytes = self.bytes[..self.length].trim_ascii();
        if bytes.is_empty() {
            return Err(error(&format!("{from} gave nothing: it should give the API key on one line")));
        }
        if bytes.contains(&b'\n') {
            return Err(error(&format!("{from} gave more than one line: it should give the API key alone")));
        }
        if let Some(at) = bytes.iter().position(|byte| !byte.is_ascii_graphic()) {
            let what = match bytes[at] {
                b' ' | b'\t' => "a space",
                byte if byte.is_ascii() => "a control character",
                _ => "a character that is not ASCII",
            };
            return Err(error(&format!("{from} gave {what} at place {}: no API key has that", at + 1)));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| error(&format!("{from} gave no text")))?;
        Ok(Secret::new(Zeroizing::new(text.to_owned())))
    }
}
