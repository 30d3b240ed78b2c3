//! A finding.

use std::borrow::Cow;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What is to be thought of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Verdict {
    /// It is as it should be
    Well,
    /// It is worth knowing
    Note,
    /// It has to be put right
    Wrong,
}

/// One thing that was looked at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Check {
    /// What was looked at, in a word
    pub(super) name: &'static str,
    /// What is to be thought of it
    pub(super) verdict: Verdict,
    /// What was seen
    pub(super) seen: Cow<'static, str>,
    /// What to do, and what stands between the two
    fix: Option<(&'static str, Cow<'static, str>)>,
}

impl Check {
    fn new(name: &'static str, verdict: Verdict, seen: impl Into<Cow<'static, str>>) -> Self {
        Self { name, verdict, seen: seen.into(), fix: None }
    }

    /// All is well.
    pub(super) fn well(name: &'static str, seen: impl Into<Cow<'static, str>>) -> Self {
        Self::new(name, Verdict::Well, seen)
    }

    /// Worth knowing.
    pub(super) fn note(name: &'static str, seen: impl Into<Cow<'static, str>>) -> Self {
        Self::new(name, Verdict::Note, seen)
    }

    /// To be put right.
    pub(super) fn wrong(name: &'static str, seen: impl Into<Cow<'static, str>>) -> Self {
        Self::new(name, Verdict::Wrong, seen)
    }

    /// With what to do about it, joined to what was seen by these signs.
    pub(super) fn fix(self, joint: &'static str, what: impl Into<Cow<'static, str>>) -> Self {
        Self { fix: Some((joint, what.into())), ..self }
    }
}

/// What was seen and what to do, in one line.
impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.seen)?;
        self.fix.as_ref().map_or(Ok(()), |(joint, what)| write!(f, "{joint}{what}"))
    }
}

/// What a part of the doctor finds. One that fails itself is a finding, too.
pub(super) fn examined(part: &'static str, look: impl FnOnce() -> Vec<Check>) -> Vec<Check> {
    catch_unwind(AssertUnwindSafe(look)).unwrap_or_else(|_| {
        let seen = format!("{part}: not examined, because of a fault in gluepot");
        vec![Check::wrong(part, seen).fix(". ", "Please report it")]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_one_line_with_what_to_do_at_its_end() {
        assert_eq!(Check::well("TERM", "TERM=xterm").to_string(), "TERM=xterm");
        let wrong = Check::wrong("TERM", "TERM is not set").fix(": ", "set it");
        assert_eq!((wrong.to_string().as_str(), wrong.verdict), ("TERM is not set: set it", Verdict::Wrong));
    }

    #[test]
    fn a_part_that_fails_itself_is_a_finding() {
        let found = examined("files", || panic!("with something in its message"));
        assert!(matches!(&found[..], [one] if one.verdict == Verdict::Wrong && one.name == "files"));
        assert!(!found[0].to_string().contains("message"), "{}", found[0]);
    }
}
