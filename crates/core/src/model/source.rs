//! Where records come from: an account of a platform, as a small number that every key carries.
//!
//! Ids are unique within an account only, so a key without its source could name a record of somebody else as soon as
//! two accounts are open. The number stands for the name of the account in a table that only grows: a source that was
//! named keeps its number for as long as the program runs, and its words can be had wherever a key is.

use std::fmt;
use std::sync::{PoisonError, RwLock};

use crate::text::Clean;

/// The account a record comes from. Made once for each account, where it is opened; the default is no account at all,
/// for records that were made by hand.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SourceId(u32);

/// A source in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SourceName {
    /// The platform, as people call it: `IT Glue`
    pub platform: &'static str,
    /// The account there: its name in web addresses, else the host it is asked at
    pub account: Clean,
}

/// The sources named so far; the first of them has the number 1.
static NAMES: RwLock<Vec<&'static SourceName>> = RwLock::new(Vec::new());

impl SourceId {
    /// No account: what records have that no source has brought.
    pub const NONE: Self = Self(0);

    /// The source of this platform and account; the same one each time.
    pub fn named(platform: &'static str, account: &str) -> Self {
        let name = SourceName { platform, account: Clean::line(account) };
        // A list of names is whole after every step, also when somebody panicked on the way.
        let mut names = NAMES.write().unwrap_or_else(PoisonError::into_inner);
        let at = names.iter().position(|known| **known == name).unwrap_or_else(|| {
            // As many as accounts are opened in a run: they are kept for good, so that a key can lend its words.
            names.push(Box::leak(Box::new(name)));
            names.len() - 1
        });
        Self(u32::try_from(at + 1).expect("nobody opens four billion accounts"))
    }

    /// Its platform and account; `None` for [`Self::NONE`].
    pub fn name(self) -> Option<&'static SourceName> {
        let at = usize::try_from(self.0).ok()?.checked_sub(1)?;
        NAMES.read().unwrap_or_else(PoisonError::into_inner).get(at).copied()
    }
}

/// The words of the trail and of logs: `IT Glue northbeam`.
impl fmt::Display for SourceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.platform, self.account)
    }
}

impl fmt::Debug for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(f, "SourceId({name})"),
            None => write!(f, "SourceId({})", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_keeps_its_number_and_gives_its_words() {
        let one = SourceId::named("IT Glue", "one-of-source-tests");
        let other = SourceId::named("IT Glue", "another-of-source-tests");
        assert_ne!(one, other);
        assert_eq!(one, SourceId::named("IT Glue", "one-of-source-tests"));
        assert_ne!(one, SourceId::named("Hudu", "one-of-source-tests"), "the platform is part of it");
        assert_eq!(one.name().map(ToString::to_string).as_deref(), Some("IT Glue one-of-source-tests"));
        assert_eq!(SourceId::NONE.name(), None);
    }

    #[test]
    fn ids_of_two_accounts_do_not_collide() {
        use crate::model::{Kind, ListKey, OrganizationId, RecordKey};

        let [one, other] = ["a", "b"].map(|account| SourceId::named("IT Glue", account));
        let (mine, theirs) = (OrganizationId::new(one, 7), OrganizationId::new(other, 7));
        assert_ne!(mine, theirs);
        assert_ne!(ListKey::Passwords(mine), ListKey::Passwords(theirs));
        assert_ne!(ListKey::Organizations(one), ListKey::Organizations(other));
        assert_ne!(RecordKey::new(one, Kind::Password, 7), RecordKey::new(other, Kind::Password, 7));
        assert_eq!(ListKey::Passwords(theirs).source(), other);
    }
}
