//! Printing what was found, a line each, and counting what is to be fixed.

use std::process::ExitCode;

use super::check::{Check, Verdict};
use crate::cli::output;
use gluepot_core::text::Clean;

/// The report as it grows.
#[derive(Default)]
pub(super) struct Report {
    /// Something was printed before
    begun: bool,
    wrong: usize,
}

impl Report {
    /// Prints a heading, a line below what is above it.
    pub(super) fn heading(&mut self, words: &str) {
        let above = if self.begun { "\n" } else { "" };
        self.begun = true;
        output::print(&format!("{above}{words}\n"));
    }

    /// Prints findings.
    pub(super) fn print(&mut self, checks: &[Check]) {
        self.wrong += checks.iter().filter(|check| check.verdict == Verdict::Wrong).count();
        output::print(&checks.iter().map(line).collect::<String>());
    }

    /// Prints a part of the report.
    pub(super) fn section(&mut self, words: &str, checks: &[Check]) {
        self.heading(words);
        self.print(checks);
    }

    /// Says how many things there are to put right.
    pub(super) fn end(self) -> ExitCode {
        let last = match self.wrong {
            0 => "\nNo problems found.\n".to_owned(),
            1 => "\n1 problem.\n".to_owned(),
            n => format!("\n{n} problems.\n"),
        };
        let code = output::print(&last);
        if self.wrong == 0 { code } else { ExitCode::FAILURE }
    }
}

fn line(check: &Check) -> String {
    let sign = match check.verdict {
        Verdict::Well => "ok  ",
        Verdict::Note => "note",
        Verdict::Wrong => "FIX ",
    };
    format!("  {sign}  {}\n", Clean::line(&check.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_has_its_sign_and_stays_on_one_line() {
        assert_eq!(line(&Check::note("x", "a note")), "  note  a note\n");
        assert_eq!(line(&Check::wrong("x", "bad").fix(": ", "mend it")), "  FIX   bad: mend it\n");
        assert_eq!(line(&Check::well("x", "two\nlines")).lines().count(), 1);
    }
}
