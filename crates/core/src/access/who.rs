//! Who acts, for policies and for the trail.

use crate::audit::Identity;
use crate::text::Clean;

/// The person who acts, and the account the records are from.
///
/// Each line of the trail already names the user of the process, as the kernel knows it. So the person is only written
/// where the process acts for another person.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Who {
    pub(super) person: Clean,
    pub(super) acts_for_another: bool,
    pub(super) account: Clean,
}

impl Who {
    /// The user of this process.
    pub fn here(account: Clean) -> Self {
        let Identity { uid, user, .. } = Identity::here();
        let person = if user.is_empty() { Clean::line(&uid.to_string()) } else { user };
        Self { person, acts_for_another: false, account }
    }

    /// Another person, for whom this process holds the key.
    pub fn on_behalf_of(person: Clean, account: Clean) -> Self {
        Self { person, acts_for_another: true, account }
    }

    /// The person as the trail names it: nothing for the user of the process.
    pub(super) fn recorded(&self) -> Clean {
        if self.acts_for_another { self.person.clone() } else { Clean::default() }
    }
}
