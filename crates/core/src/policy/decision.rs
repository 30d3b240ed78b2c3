//! What was decided, and which rule of which file said so.

use std::fmt;

use super::action::Verdict;
use crate::text::Clean;

/// Which rule of which file said what.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Because {
    /// The file
    pub origin: Clean,
    /// The line of the rule; 0: no rule fits, or the file is not there
    pub line: usize,
    /// What it says
    pub verdict: Verdict,
    /// In its own words, or what is wrong with the file
    pub why: Clean,
    /// Not all is known that the rule asks for
    pub perhaps: bool,
}

impl Because {
    /// The line, and of the file its name alone, for where there is little room.
    pub fn short_place(&self) -> String {
        let name = self.origin.rsplit(std::path::MAIN_SEPARATOR).next().unwrap_or_default();
        if self.line > 0 { format!("{name}, line {}", self.line) } else { name.to_owned() }
    }
}

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.origin)?;
        if self.line > 0 {
            write!(f, ", line {}", self.line)?;
        }
        if !self.why.is_empty() {
            write!(f, ": {}", self.why)?;
        }
        if self.perhaps {
            f.write_str(" (not all it asks for is known, so it counts as fitting)")?;
        }
        Ok(())
    }
}

/// What may be done, and why.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Decision {
    /// The strictest of all that was said
    pub verdict: Verdict,
    /// What each file said, the administrator's first
    pub because: Vec<Because>,
    /// The rules that want it on record
    pub on_record: Vec<Because>,
}

impl Decision {
    /// The stricter of two.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.verdict = self.verdict.max(other.verdict);
        for (mine, others) in [(&mut self.because, other.because), (&mut self.on_record, other.on_record)] {
            for because in others {
                if !mine.contains(&because) {
                    mine.push(because);
                }
            }
        }
        self
    }

    /// Whether it may not be done without a record of it. A reason is requested so that it is recorded.
    pub fn is_on_record(&self) -> bool {
        self.verdict == Verdict::AskReason || !self.on_record.is_empty()
    }

    /// The rules behind the verdict, for a dialog or a refusal: those that say as much.
    pub fn rules(&self) -> impl Iterator<Item = &Because> {
        self.because.iter().filter(|because| because.verdict == self.verdict)
    }

    /// The same where there is little room: the reason first, then the file by its name alone.
    pub fn told_briefly(&self) -> String {
        let brief = |because: &Because| {
            let why = match because.why.as_str() {
                "" => format!("policy {}", self.verdict.sentence()),
                why => why.to_owned(),
            };
            let perhaps = if because.perhaps { "; not all it asks for is known" } else { "" };
            format!("{why} ({}{perhaps})", because.short_place())
        };
        self.rules().map(brief).collect::<Vec<_>>().join("; ")
    }

    /// Who says it, in one line.
    pub fn told(&self) -> String {
        let rules: Vec<_> = self.rules().map(ToString::to_string).collect();
        format!("policy {}: {}", self.verdict.sentence(), rules.join("; "))
    }
}
