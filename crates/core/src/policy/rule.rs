//! What an action is about, and whether a rule fits it: yes, no, or perhaps where not all is known.

use super::action::{Action, Verdict};
use super::pattern::Pattern;
use super::plain::plain;
use crate::model::OrganizationId;
use crate::text::Clean;

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
    /// The path of its folders, outermost first, joined by `/`
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
pub(super) struct Known {
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
    pub(super) fn of(subject: &Subject<'_>) -> Self {
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
pub(super) enum Fit {
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
    /// Folders: each includes everything below it
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
    pub(super) fn is_about(&self, action: Action) -> bool {
        self.actions.is_empty() || self.actions.contains(&action)
    }

    pub(super) fn fits(&self, subject: &Known) -> Fit {
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
