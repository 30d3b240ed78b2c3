//! One policy file: as it was read, and what it decides.

use std::fmt;
use std::path::PathBuf;

use super::PolicyError;
use super::action::Verdict;
use super::confirm::ConfirmClient;
use super::decision::{Because, Decision};
use super::rule::{Fit, Known, Rule, Subject};
use super::trail::TrailRules;
use crate::text::Clean;

/// How locking the screen goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ScreenLock {
    /// Unlocking requires the PIN
    pub pin: bool,
    /// It locks after this many idle seconds
    pub idle_seconds: Option<u32>,
}

/// One file as it was read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Policy {
    /// The file, for messages
    pub origin: Clean,
    /// Its rules, in order
    pub rules: Vec<Rule>,
    /// Locking the screen
    pub lock: ScreenLock,
    /// A PIN is requested, with the line
    pub pin_line: Option<usize>,
    /// How often a secret asks whose it is, at most so mildly, with the line
    pub confirm_client: Option<(ConfirmClient, usize)>,
    /// Copies of audit records are required, with the line
    pub require_sink: Option<usize>,
    /// Where the audit trail and its copies have to be
    pub trail: Box<TrailRules>,
    /// The one organization every request has to be about, by id or whole name, with the line
    pub organization: Option<(String, usize)>,
}

impl Policy {
    /// What the file says: the first rule that fits, and whatever stricter rule before it fits perhaps.
    pub fn decide(&self, subject: &Subject<'_>) -> Decision {
        let because = |rule: &Rule, perhaps: bool| Because {
            origin: self.origin.clone(),
            line: rule.line,
            verdict: rule.then,
            why: rule.why.clone(),
            perhaps,
        };
        let mut decision: Option<Because> = None;
        let mut on_record = Vec::new();
        let subject = Known::of(subject);
        for rule in &self.rules {
            let fit = rule.fits(&subject);
            if fit == Fit::No {
                continue;
            }
            if decision.as_ref().is_none_or(|so_far| rule.then > so_far.verdict) {
                decision = Some(because(rule, fit == Fit::Perhaps));
            }
            if rule.audit && on_record.is_empty() {
                on_record.push(because(rule, fit == Fit::Perhaps));
            }
            if fit == Fit::Yes {
                break;
            }
        }
        let because = decision.unwrap_or_else(|| Because {
            origin: self.origin.clone(),
            line: 0,
            verdict: Verdict::Allow,
            why: "no rule fits".into(),
            perhaps: false,
        });
        Decision { verdict: because.verdict, because: vec![because], on_record }
    }
}

/// A file and what became of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum File {
    /// It is not there
    Absent(PathBuf),
    /// It was read
    Read(Policy),
    /// It cannot be relied on, and why
    Broken(PolicyError),
}

impl File {
    /// The file as it was read.
    pub fn policy(&self) -> Option<&Policy> {
        match self {
            Self::Read(policy) => Some(policy),
            Self::Absent(_) | Self::Broken(_) => None,
        }
    }

    pub(super) fn decide(&self, subject: &Subject<'_>) -> Option<Decision> {
        match self {
            Self::Absent(_) => None,
            Self::Read(policy) => Some(policy.decide(subject)),
            Self::Broken(problem) => {
                let verdict = subject.action.in_doubt();
                let why = if verdict == Verdict::Deny {
                    problem.message.clone()
                } else {
                    format!("{}; reading goes on", problem.message).as_str().into()
                };
                let because =
                    Because { origin: problem.place.clone(), line: problem.line, verdict, why, perhaps: false };
                Some(Decision { verdict, because: vec![because], on_record: Vec::new() })
            }
        }
    }
}

impl fmt::Display for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent(path) => write!(f, "{} (not there)", Clean::line(&path.to_string_lossy())),
            Self::Read(policy) => {
                let rules = policy.rules.len();
                write!(f, "{}: {rules} {}", policy.origin, if rules == 1 { "rule" } else { "rules" })?;
                match &policy.organization {
                    Some((name, line)) => write!(f, ", locked to organization {} (line {line})", Clean::line(name)),
                    None => Ok(()),
                }
            }
            Self::Broken(problem) => {
                write!(f, "{problem}. Until it is right nothing secret is fetched and no passwords are listed")
            }
        }
    }
}
