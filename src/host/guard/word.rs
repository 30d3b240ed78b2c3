//! What program and guard say to each other.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::host::promise::Fact;
use gluepot_core::audit::Keeping;

/// Where the audit trail is and how it is kept.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Trail {
    /// Its folder
    pub folder: PathBuf,
    /// Waiting, rotation, copies
    pub keeping: Keeping,
}

/// What the program tells the guard.
#[derive(Serialize, Deserialize, Debug)]
#[serde(rename_all = "snake_case")]
pub(super) enum Word {
    /// The first word: the audit trail, if there is one
    Hello { audit: Option<Trail> },
    /// The program ends in order
    Goodbye,
    /// Something to fixed, or that it is over
    #[serde(untagged)]
    Fact(Fact),
}

/// What the guard tells the program.
#[derive(Serialize, Deserialize, Debug)]
#[serde(rename_all = "snake_case")]
pub(super) enum Answer {
    /// It runs and heard the first word
    Ready,
    /// It cleared a secret that was due; what came of it, in words
    Took(String),
    /// It cleared the screen, since a secret was on it past its time: redraw everything
    Blanked,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_one_line_whatever_it_says() {
        let trail = Trail { folder: "/tmp/a\nb\u{1b}".into(), keeping: Keeping::default() };
        let text = serde_json::to_string(&Word::Hello { audit: Some(trail.clone()) }).expect("words are plain data");
        assert!(!text.contains(['\n', '\u{1b}']), "{text}");
        assert!(matches!(serde_json::from_str(&text), Ok(Word::Hello { audit: Some(back) }) if back == trail));
    }

    #[test]
    fn a_fact_goes_over_the_socket_as_it_was_told() {
        let text = serde_json::to_string(&Word::Fact(Fact::Clearing)).expect("words are plain data");
        assert_eq!(text, "\"clearing\"");
        assert!(matches!(serde_json::from_str(&text), Ok(Word::Fact(Fact::Clearing))));
        assert!(matches!(serde_json::from_str("\"goodbye\""), Ok(Word::Goodbye)));
    }
}
