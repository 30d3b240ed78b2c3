//! Organizations: the short name of a new one, and what a PSA leaves to write.

use crate::answer::Answer;
use crate::world::Attributes;

/// What stays writable on an organization that is synced with a PSA.
const OURS: [&str; 3] = ["alert", "description", "quick-notes"];

/// A short name for an organization without one: its initials, or the beginning of its only word.
pub(super) fn short_name(name: &str) -> String {
    let words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let short: String = match words.as_slice() {
        [word] => word.chars().take(4).collect(),
        words => words.iter().filter_map(|word| word.chars().next()).take(6).collect(),
    };
    short.to_uppercase()
}

/// Refuses to change what the PSA knows better.
pub(super) fn refuse_what_the_psa_keeps(input: &Attributes) -> Result<(), Answer> {
    if input.keys().all(|key| key == "id" || OURS.contains(&key.as_str())) {
        return Ok(());
    }
    Err(Answer::invalid("base", "is synced with a PSA: only alert, description and quick_notes can be changed here"))
}
