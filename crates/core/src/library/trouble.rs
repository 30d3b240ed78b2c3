//! Why something could not be had from a source, as data: what happened, to which request, what to do next, and whether
//! to ask again can help. The words are the source's; the screen only says how to ask again there.

use std::sync::Arc;

/// Where [`Remedy`] has the words for asking again. No text from outside can hold it: the filter takes it out.
const AGAIN: char = '\u{1}';

/// What may be done about a [`Trouble`], as far as a screen has to know.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Remedy {
    /// Nothing failed: it was cancelled here
    Cancelled,
    /// The key is kept from this
    AnotherKey,
    /// The lock of this run allows nothing more: no key and no later time helps
    NoneHere,
    /// To ask again later
    Later,
    /// Something else, which the words say
    AsSaid,
}

/// Why a request brought nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trouble {
    /// What happened, without a full stop
    headline: String,
    /// Method and path of the request, without its query
    request: Arc<str>,
    /// What to do next, in one or two sentences
    next: String,
    /// What a list calls it in one word
    word: &'static str,
    /// The words of the source itself, filtered; may be empty
    detail: String,
    remedy: Remedy,
}

impl Trouble {
    /// Something went wrong with a request. `next` is given the words for "ask again" and says what to do.
    pub fn new(headline: String, request: Arc<str>, remedy: Remedy, next: impl FnOnce(&str) -> String) -> Self {
        let mut again = [0; 4];
        let next = next(AGAIN.encode_utf8(&mut again));
        Self { headline, request, next, word: "failed", detail: String::new(), remedy }
    }

    /// The same, called so in one word.
    pub fn called(self, word: &'static str) -> Self {
        Self { word, ..self }
    }

    /// The same, with the words of the source itself.
    pub fn saying(self, detail: &str) -> Self {
        Self { detail: detail.to_owned(), ..self }
    }

    /// What happened.
    pub fn headline(&self) -> &str {
        &self.headline
    }

    /// What to do now. `again` is how to ask again there: "press R".
    pub fn next_step_by(&self, again: &str) -> String {
        self.next.replace(AGAIN, again)
    }

    /// Both sentences.
    pub fn told(&self, again: &str) -> String {
        format!("{}. {}", self.headline, self.next_step_by(again))
    }

    /// What a list calls this in one word.
    pub fn word(&self) -> &'static str {
        self.word
    }

    /// Method and path of the request, `GET /passwords/42`.
    pub fn request(&self) -> &str {
        &self.request
    }

    /// Whether it was cancelled here, which is no trouble to show.
    pub fn cancelled(&self) -> bool {
        self.remedy == Remedy::Cancelled
    }

    /// Whether the key is kept from this.
    pub fn forbidden(&self) -> bool {
        self.remedy == Remedy::AnotherKey
    }

    /// Whether nothing that is done here helps: the lock of this run is for another client.
    pub fn is_for_good(&self) -> bool {
        self.remedy == Remedy::NoneHere
    }

    /// Whether the same request can succeed later without a change of key or settings.
    pub fn can_pass(&self) -> bool {
        matches!(self.remedy, Remedy::Later | Remedy::Cancelled)
    }
}

/// Headline, the words of the source and the request: for the log.
impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.headline)?;
        if !self.detail.is_empty() {
            write!(f, ": {}", self.detail)?;
        }
        write!(f, " [{}]", self.request)
    }
}
