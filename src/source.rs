//! Where records come from, whatever platform has them. Besides [`crate::session`], which opens accounts, this is the one
//! file that knows every platform: a new one is a variant here, and no screen and no command changes.

use gluepot_core::access::Answer;
use gluepot_core::audit::Intent;
use gluepot_core::library::{ListEvent, Trouble};
use gluepot_core::model::{Content, ListKey, OrganizationId, RecordKey, Shown, SourceId};
use gluepot_core::source::{Connection, Quota, Urgency};
use gluepot_core::text::Clean;
use gluepot_itglue::{Client, Revealed};
use tokio_util::sync::CancellationToken;

/// An open account. Cheap to clone.
#[derive(Clone)]
pub enum Source {
    /// IT Glue
    ItGlue(Client),
}

/// The load of one list.
pub enum Lister {
    /// From IT Glue
    ItGlue(gluepot_itglue::Lister),
}

impl Lister {
    /// What comes next; nothing after the end or a failure. Nothing is fetched ahead.
    pub async fn next(&mut self) -> Option<Result<ListEvent, Trouble>> {
        match self {
            Self::ItGlue(lister) => Some(lister.next().await?.map_err(Trouble::from)),
        }
    }
}

impl Source {
    /// The account it is.
    pub fn id(&self) -> SourceId {
        match self {
            Self::ItGlue(client) => client.source(),
        }
    }

    /// Starts to read a list; nothing is sent before [`Lister::next`] is called.
    pub fn list(&self, key: ListKey, urgency: Urgency, cancel: CancellationToken) -> Lister {
        match self {
            Self::ItGlue(client) => Lister::ItGlue(client.list(key, urgency, cancel)),
        }
    }

    /// One record with what hangs on it.
    ///
    /// # Errors
    /// What came in its place.
    pub async fn show(
        &self,
        key: RecordKey,
        organization: Option<OrganizationId>,
        urgency: Urgency,
        cancel: CancellationToken,
    ) -> Result<Shown, Trouble> {
        match self {
            Self::ItGlue(client) => Ok(client.show(key, organization, urgency, cancel).await?),
        }
    }

    /// The text of a document that came without it.
    ///
    /// # Errors
    /// What came in its place.
    pub async fn sections(
        &self,
        key: RecordKey,
        urgency: Urgency,
        cancel: CancellationToken,
    ) -> Result<Content, Trouble> {
        match self {
            Self::ItGlue(client) => Ok(client.sections(key.id, urgency, cancel).await?),
        }
    }

    /// Fetches the one value that the intent is on record for.
    ///
    /// # Errors
    /// What came in its place.
    pub async fn reveal(&self, intent: &Intent) -> Result<Answer, Trouble> {
        match self {
            Self::ItGlue(client) => {
                let Revealed { outcome, server_date } = client.reveal(intent).await?;
                let date = Some(server_date.to_string()).filter(|date| !date.is_empty());
                Ok(Answer { value: outcome.into_value(), date })
            }
        }
    }

    /// Whether the key works here, and how many organizations it sees, by the cheapest request there is.
    ///
    /// # Errors
    /// What came in its place.
    pub async fn check(&self, urgency: Urgency, cancel: CancellationToken) -> Result<Option<usize>, Trouble> {
        match self {
            Self::ItGlue(client) => Ok(client.check(urgency, cancel).await?),
        }
    }

    /// The one organization every request has to be about, where this run is kept to one that is known.
    pub fn locked_to(&self) -> Option<OrganizationId> {
        match self {
            Self::ItGlue(client) => client.locked_to(),
        }
    }

    /// Whether requests are kept inside one organization, known yet or not.
    pub fn is_locked(&self) -> bool {
        match self {
            Self::ItGlue(client) => client.is_locked(),
        }
    }

    /// What is left of the quota.
    pub fn quota(&self) -> Quota {
        match self {
            Self::ItGlue(client) => client.quota(),
        }
    }

    /// Why the requests of other processes are not counted, although they should be.
    pub fn counts_alone(&self) -> Option<Clean> {
        match self {
            Self::ItGlue(client) => client.counts_alone(),
        }
    }

    /// Who is at the other end and why it is trusted.
    pub fn connection(&self) -> Connection {
        match self {
            Self::ItGlue(client) => client.connection(),
        }
    }

    /// Forgets open connections: after sleep or a change of network they are dead without knowing it.
    pub fn drop_connections(&self) {
        match self {
            Self::ItGlue(client) => client.drop_connections(),
        }
    }
}
