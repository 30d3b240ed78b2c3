//! The organization lock, and who asks for it.

use gluepot_core::policy::Policies;
use gluepot_core::text::Clean;
use gluepot_itglue::Inside;

/// Which organization requests are kept to, and by whose word.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lock {
    /// The organization
    pub inside: Inside,
    /// Who asks for it: files and flags, in words
    pub by: String,
}

impl Lock {
    /// What the policies ask for. Two that differ, or a broken one that may have asked, leave no organization at all.
    pub fn of(policies: &Policies) -> Self {
        let asked = policies.organizations();
        let by = asked.iter().map(|(_, place)| place.as_str()).collect::<Vec<_>>().join(" and ");
        let both = asked.iter().try_fold(Inside::Anywhere, |lock, (name, _)| lock.and(Inside::the(name)));
        let inside = both.unwrap_or_else(|| {
            let said: Vec<_> = asked.iter().map(|(name, place)| format!("{place} says {name}")).collect();
            Inside::Nothing(Clean::line(&format!("the policies name two: {}", said.join("; "))))
        });
        match policies.lock_in_doubt() {
            Some(problem) => Self {
                inside: Inside::Nothing(Clean::line(&format!("{problem}; it may name an organization to keep to"))),
                by: problem.place.to_string(),
            },
            None => Self { inside, by },
        }
    }

    /// With what the command line says: `--org` names the same organization, or nothing is started. A short name cannot
    /// be held against an id before the organization is known: the screen does that.
    pub fn with(self, org: Option<&str>, lock_org: bool) -> Result<Self, Clean> {
        let Some(org) = org else { return Ok(self) };
        let wanted = Inside::the(org);
        let is_id = matches!(wanted, Inside::Of(_));
        if !lock_org && (self.inside == Inside::Anywhere || !is_id) {
            return Ok(self);
        }
        let by = if lock_org {
            [self.by.as_str(), "--lock-org"].into_iter().filter(|by| !by.is_empty()).collect::<Vec<_>>().join(" and ")
        } else {
            self.by.clone()
        };
        match self.inside.clone().and(wanted) {
            Some(inside) => Ok(Self { inside, by }),
            None => Err(Clean::line(&format!(
                "--org {org} is not the organization this run is locked to: {}, by {}. Leave --org away to open that one",
                self.inside, self.by
            ))),
        }
    }

    /// Whether requests are kept to anything.
    pub fn is_on(&self) -> bool {
        self.inside != Inside::Anywhere
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    fn open() -> Lock {
        Lock { inside: Inside::Anywhere, by: String::new() }
    }

    fn policy(inside: &str) -> Lock {
        Lock { inside: Inside::the(inside), by: "/etc/policy".to_owned() }
    }

    #[test]
    fn an_organization_that_is_only_opened_locks_nothing() {
        assert_eq!(open().with(None, false), Ok(open()));
        assert_eq!(open().with(Some("17"), false), Ok(open()));
        assert_eq!(open().with(Some("Harbor Point Dental"), false), Ok(open()));
        assert!(!open().is_on());
    }

    #[test]
    fn the_command_line_locks_and_says_so() {
        let lock = open().with(Some("17"), true).unwrap();
        assert_eq!((lock.inside.clone(), lock.by.as_str()), (Inside::the("17"), "--lock-org"));
        assert!(lock.is_on());
        let both = policy("17").with(Some("17"), true).unwrap();
        assert_eq!(both.by, "/etc/policy and --lock-org");
    }

    #[test]
    fn another_organization_than_the_locked_one_is_not_started() {
        let refused = policy("17").with(Some("18"), false).unwrap_err();
        assert!(refused.contains("--org 18 is not the organization this run is locked to"), "{refused}");
        assert!(refused.contains("by /etc/policy"), "{refused}");
        assert!(policy("17").with(Some("18"), true).is_err());
        assert_eq!(policy("17").with(Some("17"), false), Ok(policy("17")));
    }

    #[test]
    fn a_name_is_not_held_against_an_id_before_the_organization_is_known() {
        assert_eq!(policy("17").with(Some("Harbor"), false), Ok(policy("17")));
    }
}
