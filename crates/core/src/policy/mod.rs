//! What may be done with whose records: rules from an administrator's file and from the user's own.
//!
//! Each file is a list of rules; in each the first one that fits decides ([`Policy::decide`]). The administrator's file
//! stands above: of both decisions the stricter one counts, so the user's file can only tighten. Every decision names
//! the file and the line of the rule behind it. This module knows no screen and asks nobody: it is given a [`Subject`].
//!
//! **Fail closed.** A file that cannot be read, is owned by the wrong user, is no TOML or holds an unknown key counts as
//! one that denies everything but reading documents and opening links. What is not known of a subject (a folder whose
//! name was not loaded) makes a rule that depends on it fit "perhaps", and of all that perhaps fits the strictest
//! counts.
//!
//! | File | Owns |
//! |---|---|
//! | `parse` | text to rules, with line numbers |
//! | `pattern` | names with `*` and `?` |
//! | `plain` | texts as rules compare them |
//! | `lock` | whether a broken file may have named an organization to keep to |
//! | `trail` | where the audit trail and its copies have to be |
//! | `files` | where the files are and who may own them |

mod confirm;
mod files;
mod lock;
mod parse;
mod pattern;
mod plain;
#[cfg(test)]
mod tests;
mod trail;

use std::fmt;
use std::path::{Path, PathBuf};

use crate::model::OrganizationId;
use crate::private_file::Care;
use crate::text::Clean;

pub use crate::problem::Problem as PolicyError;
pub use confirm::ConfirmClient;
pub use files::{ADMIN, admin, draft, user};
pub use parse::parse;
pub use pattern::Pattern;
pub use plain::plain;
pub use trail::TrailRules;

/// What somebody wants to do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Action {
    /// Read the text of a document
    View,
    /// See which passwords there are
    ListPasswords,
    /// Show the value of a password
    Reveal,
    /// Copy or hand over the value of a password unseen
    Copy,
    /// Show the value of a password in parts
    Console,
    /// Any of these with an earlier version of a password
    Version,
    /// Open a web address
    OpenLink,
    /// Make a record
    Create,
    /// Change a record
    Update,
    /// Start another program with a secret
    Launch,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 10] = [
        Self::View,
        Self::ListPasswords,
        Self::Reveal,
        Self::Copy,
        Self::Console,
        Self::Version,
        Self::OpenLink,
        Self::Create,
        Self::Update,
        Self::Launch,
    ];

    /// The word in the file.
    pub fn word(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::ListPasswords => "list-passwords",
            Self::Reveal => "reveal",
            Self::Copy => "copy",
            Self::Console => "console",
            Self::Version => "version",
            Self::OpenLink => "open-link",
            Self::Create => "create",
            Self::Update => "update",
            Self::Launch => "launch",
        }
    }

    /// The action of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.word() == word)
    }

    /// Whether this version of the program does such a thing at all.
    pub fn exists(self) -> bool {
        !matches!(self, Self::Create | Self::Update | Self::Launch)
    }

    /// Whether the value of a password is part of it: then it is on record whatever a rule says.
    pub fn is_of_a_secret(self) -> bool {
        matches!(self, Self::Reveal | Self::Copy | Self::Console | Self::Version)
    }

    /// Whether a rule decides if it is on record.
    pub fn can_be_audited(self) -> bool {
        matches!(self, Self::View | Self::ListPasswords | Self::OpenLink)
    }

    /// What stands where a file cannot be relied on: reading goes on, nothing else does.
    fn in_doubt(self) -> Verdict {
        match self {
            Self::View | Self::OpenLink => Verdict::Allow,
            _ => Verdict::Deny,
        }
    }
}

/// What a rule says, from the mildest to the strictest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Verdict {
    /// Go on
    #[default]
    Allow,
    /// Ask for a yes first
    Ask,
    /// Ask for a reason and a ticket, which go on record
    AskReason,
    /// Never
    Deny,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 4] = [Self::Allow, Self::Ask, Self::AskReason, Self::Deny];

    /// The word in the file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Ask => "ask",
            Self::AskReason => "ask-reason",
            Self::Deny => "deny",
        }
    }

    /// What it means, after "policy".
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Allow => "allows this",
            Self::Ask => "asks first",
            Self::AskReason => "asks for a reason and a ticket",
            Self::Deny => "denies this",
        }
    }
}

/// What an action is about. `None` is "not known"; an empty text is "none".
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Subject<'a> {
    /// What is to be done
    pub action: Action,
    /// The name of the person who acts
    pub person: Option<&'a str>,
    /// The account the record is from
    pub account: Option<&'a str>,
    /// Whose record it is
    pub organization: Option<OrganizationId>,
    /// The name of that organization
    pub organization_name: Option<&'a str>,
    /// Its short name
    pub short_name: Option<&'a str>,
    /// The category of a password
    pub category: Option<&'a str>,
    /// The path of folders it lies in, outermost first, joined by `/`
    pub folder: Option<&'a str>,
    /// The name of the record
    pub name: Option<&'a str>,
}

impl Subject<'_> {
    /// Something of which nothing is known.
    pub fn unknown(action: Action) -> Self {
        Self {
            action,
            person: None,
            account: None,
            organization: None,
            organization_name: None,
            short_name: None,
            category: None,
            folder: None,
            name: None,
        }
    }
}

/// What is known of a subject, its texts as rules compare them: made once for all rules of a file.
struct Known {
    action: Action,
    person: Option<Vec<char>>,
    account: Option<Vec<char>>,
    organization: Option<Vec<char>>,
    organization_name: Option<Vec<char>>,
    short_name: Option<Vec<char>>,
    category: Option<Vec<char>>,
    folder: Option<Vec<char>>,
    name: Option<Vec<char>>,
}

impl Known {
    fn of(subject: &Subject<'_>) -> Self {
        let letters = |text: &str| plain(text).chars().collect::<Vec<_>>();
        Self {
            action: subject.action,
            // A name that nothing is seen of is not known.
            person: subject.person.map(letters).filter(|name| !name.is_empty()),
            account: subject.account.map(letters).filter(|name| !name.is_empty()),
            organization: subject.organization.map(|id| letters(&id.to_string())),
            // Every organization has a name: one that nothing is seen of is not known.
            organization_name: subject.organization_name.map(letters).filter(|name| !name.is_empty()),
            short_name: subject.short_name.map(letters),
            category: subject.category.map(letters),
            folder: subject.folder.map(letters),
            name: subject.name.map(letters),
        }
    }
}

/// Whether a rule fits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Fit {
    No,
    Perhaps,
    Yes,
}

impl Fit {
    fn of(known: bool) -> Self {
        if known { Self::Yes } else { Self::No }
    }
}

/// One rule. An empty list of patterns fits everything.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rule {
    /// The line it begins at
    pub line: usize,
    /// What it is about; empty: every action
    pub actions: Vec<Action>,
    /// Names of the persons who act
    pub persons: Vec<Pattern>,
    /// Names of the accounts the records are from
    pub accounts: Vec<Pattern>,
    /// Ids, names or short names of organizations
    pub organizations: Vec<Pattern>,
    /// Categories of passwords
    pub categories: Vec<Pattern>,
    /// Folders: each stands for all that lies below it
    pub folders: Vec<Pattern>,
    /// Names of records
    pub names: Vec<Pattern>,
    /// What it says
    pub then: Verdict,
    /// It has to be on record, though no secret is part of it
    pub audit: bool,
    /// What the administrator says about it
    pub why: Clean,
}

impl Rule {
    fn is_about(&self, action: Action) -> bool {
        self.actions.is_empty() || self.actions.contains(&action)
    }

    fn fits(&self, subject: &Known) -> Fit {
        if !self.is_about(subject.action) {
            return Fit::No;
        }
        let texts = |patterns: &[Pattern], text: Option<&Vec<char>>| match text {
            _ if patterns.is_empty() => Fit::Yes,
            Some(text) => Fit::of(patterns.iter().any(|pattern| pattern.fits(text))),
            None => Fit::Perhaps,
        };
        let folder = match &subject.folder {
            _ if self.folders.is_empty() => Fit::Yes,
            None => Fit::Perhaps,
            Some(path) => {
                let ends = (0..path.len()).filter(|&at| path[at] == '/').chain([path.len()]);
                Fit::of(ends.into_iter().any(|end| self.folders.iter().any(|pattern| pattern.fits(&path[..end]))))
            }
        };
        [
            texts(&self.persons, subject.person.as_ref()),
            texts(&self.accounts, subject.account.as_ref()),
            self.fits_organization(subject),
            texts(&self.categories, subject.category.as_ref()),
            folder,
            texts(&self.names, subject.name.as_ref()),
        ]
        .into_iter()
        .min()
        .unwrap_or(Fit::Yes)
    }

    fn fits_organization(&self, subject: &Known) -> Fit {
        if self.organizations.is_empty() {
            return Fit::Yes;
        }
        let known = [&subject.organization, &subject.organization_name, &subject.short_name];
        let fits = |text: &Vec<char>| !text.is_empty() && self.organizations.iter().any(|pattern| pattern.fits(text));
        if known.into_iter().flatten().any(fits) {
            Fit::Yes
        } else if subject.organization.is_none()
            || known.into_iter().any(Option::is_none) && self.organizations.iter().any(|pattern| !pattern.is_number())
        {
            Fit::Perhaps
        } else {
            Fit::of(false)
        }
    }
}

/// How locking the screen goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ScreenLock {
    /// Unlocking asks for the PIN
    pub pin: bool,
    /// It locks by itself after so many seconds without a key
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
    /// A PIN is asked for, with the line
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

    /// Whether it may not be done without a record of it. A reason that is asked for is asked for to be written down.
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

    fn decide(&self, subject: &Subject<'_>) -> Option<Decision> {
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

/// Both files.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Policies {
    /// The administrator's
    pub admin: File,
    /// The user's
    pub user: File,
    /// Copies of audit records are required and there is nowhere for them to go, for this reason
    sink_trouble: Option<Clean>,
    /// A broken file that may have meant to lock to an organization
    lock_in_doubt: Option<PolicyError>,
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

    fn files(&self) -> [&File; 2] {
        [&self.admin, &self.user]
    }

    fn each(&self) -> impl Iterator<Item = &Policy> {
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

    /// Whether any rule could say anything of an action; if not, nobody has to be asked for each record.
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

    /// Where a PIN is asked for, the administrator's file first.
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
