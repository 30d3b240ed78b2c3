//! Both files together: the stricter of what they say.

use std::path::{Path, PathBuf};

use super::PolicyError;
use super::action::{Action, Verdict};
use super::confirm::ConfirmClient;
use super::decision::{Because, Decision};
use super::file::{File, Policy, ScreenLock};
use super::files::{self, ADMIN};
use super::rule::Subject;
use crate::private_file::Care;
use crate::text::Clean;

/// Both files.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Policies {
    /// The administrator's
    pub admin: File,
    /// The user's
    pub user: File,
    /// Copies of audit records are required and there is nowhere for them to go, for this reason
    pub(super) sink_trouble: Option<Clean>,
    /// A broken file that may have meant to lock to an organization
    pub(super) lock_in_doubt: Option<PolicyError>,
}

impl Default for Policies {
    fn default() -> Self {
        Self::new(File::Absent(PathBuf::from(ADMIN)), File::Absent(PathBuf::from("policy.toml")))
    }
}

impl Policies {
    /// Both files together.
    pub fn new(admin: File, user: File) -> Self {
        Self { admin, user, sink_trouble: None, lock_in_doubt: None }
    }

    /// Reads both files.
    pub fn read(admin: &Path, user: &Path) -> Self {
        let ((admin, admin_locks), (user, user_locks)) =
            (files::read(admin, Care::Root), files::read(user, Care::Obeyed));
        let lock_in_doubt =
            [(&admin, admin_locks), (&user, user_locks)].into_iter().find_map(|(file, locks)| match file {
                File::Broken(problem) if locks => Some(problem.clone()),
                _ => None,
            });
        Self { lock_in_doubt, ..Self::new(admin, user) }
    }

    pub(super) fn files(&self) -> [&File; 2] {
        [&self.admin, &self.user]
    }

    pub(super) fn each(&self) -> impl Iterator<Item = &Policy> {
        self.files().into_iter().filter_map(File::policy)
    }

    /// What may be done: the stricter of what both files say.
    pub fn decide(&self, subject: &Subject<'_>) -> Decision {
        let said = self.files().into_iter().filter_map(|file| file.decide(subject));
        let mut decision = said.fold(Decision::default(), Decision::and);
        if let Some(why) = self.sink_trouble.as_ref()
            && (subject.action.is_of_a_secret() || decision.is_on_record())
        {
            let because = self.each().filter_map(|policy| {
                Some(Because {
                    origin: policy.origin.clone(),
                    line: policy.require_sink?,
                    verdict: Verdict::Deny,
                    why: why.clone(),
                    perhaps: false,
                })
            });
            let because = because.collect();
            decision = decision.and(Decision { verdict: Verdict::Deny, because, on_record: Vec::new() });
        }
        decision
    }

    /// Whether any rule could concern an action; if not, no record needs a decision.
    pub fn concern(&self, action: Action) -> bool {
        self.files().into_iter().any(|file| match file {
            File::Absent(_) => false,
            File::Broken(_) => action.in_doubt() != Verdict::Allow,
            File::Read(policy) => {
                policy.rules.iter().any(|rule| rule.is_about(action) && (rule.then != Verdict::Allow || rule.audit))
            }
        })
    }

    /// How locking the screen goes: what either file asks for, and the shorter time.
    pub fn screen_lock(&self) -> ScreenLock {
        self.each().map(|policy| policy.lock).fold(ScreenLock::default(), |one, other| ScreenLock {
            pin: one.pin || other.pin,
            idle_seconds: one.idle_seconds.into_iter().chain(other.idle_seconds).min(),
        })
    }

    /// How often the first secret of a client asks whose it is: as the setting wishes, never more mildly than a file
    /// says. Never to ask has to be permitted by the administrator's file; by the user's where there is no other.
    pub fn confirm_client(&self, wished: ConfirmClient) -> ConfirmClient {
        let said = |file: &File| file.policy().and_then(|policy| policy.confirm_client).map(|(often, _)| often);
        let stronger = if matches!(self.admin, File::Absent(_)) { &self.user } else { &self.admin };
        let most =
            if said(stronger) == Some(ConfirmClient::Never) { ConfirmClient::Never } else { ConfirmClient::Once };
        [&self.admin, &self.user].into_iter().filter_map(said).fold(wished.min(most), ConfirmClient::min)
    }

    /// Where a PIN is requested, the administrator's file first.
    pub fn pin_asked_by(&self) -> Option<Because> {
        self.each().find_map(|policy| {
            Some(Because {
                origin: policy.origin.clone(),
                line: policy.pin_line?,
                verdict: Verdict::Deny,
                why: Clean::default(),
                perhaps: false,
            })
        })
    }

    /// Whether copies of audit records are required.
    pub fn require_sink(&self) -> bool {
        self.each().any(|policy| policy.require_sink.is_some())
    }

    /// The organizations that requests have to be about, and where each is said: the file and the line.
    pub fn organizations(&self) -> Vec<(&str, String)> {
        let each = self.each().filter_map(|policy| Some((policy, policy.organization.as_ref()?)));
        each.map(|(policy, (name, line))| (name.as_str(), format!("{}, line {line}", policy.origin))).collect()
    }

    /// A file that cannot be relied on and may have named an organization at its top: then no request is inside.
    pub fn lock_in_doubt(&self) -> Option<&PolicyError> {
        self.lock_in_doubt.as_ref()
    }

    /// What is wrong with the files.
    pub fn problems(&self) -> Vec<&PolicyError> {
        self.files()
            .into_iter()
            .filter_map(|file| match file {
                File::Broken(problem) => Some(problem),
                File::Absent(_) | File::Read(_) => None,
            })
            .collect()
    }
}
