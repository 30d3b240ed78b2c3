//! Talking to IT Glue: one client, one `send`, typed records.

mod decode;
mod error;
mod list;
mod pace;
mod plan;
mod request;
mod retry;
mod settings;
mod transport;
mod urgency;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use crate::model::{ChecklistTask, Content, ListKey, OrganizationId, RecordKey, Shown};
use crate::secret::Secret;
use crate::text::Clean;

pub use error::{ApiError, Failure, Refusal, Stage};
pub use list::{Completeness, ListEvent, Lister, Page};
pub use settings::{BadAddress, BaseUrl, Pace, PageSizes, Region, Settings, Timeouts};
pub use urgency::Urgency;

/// What is left of the requests the account may make, as far as this process knows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Quota {
    /// Requests that may still be made in the current window
    pub left: u32,
    /// Requests a window may have; shrinks for a while when others use the account too
    pub of: u32,
    /// When the oldest request of the window leaves it
    pub window_resets_in: Duration,
    /// Requests that wait their turn
    pub waiting: usize,
    /// Nothing is sent before this moment, since IT Glue asked for a pause
    pub paused_until: Option<Instant>,
}

/// An image of a document.
#[derive(Clone, PartialEq, Debug, Default)]
#[expect(missing_docs, reason = "the fields are the API's attributes under their own names")]
pub struct ImageInfo {
    pub id: u64,
    pub name: Clean,
    /// Bytes
    pub size: Option<u64>,
    pub document_id: Option<u64>,
    /// A signed address that needs no key and ends after about an hour; may be empty
    pub original_src: Clean,
}

/// What a reveal gave.
pub struct Revealed {
    /// The value, or why there is none
    pub outcome: Outcome,
    /// The server's `Date` header, for the audit line; may be empty
    pub server_date: Clean,
}

/// The value of a password, or why there is none.
pub enum Outcome {
    /// Here it is
    Value(Secret),
    /// Kept in a vault: only the web app can show it
    Vaulted,
    /// This API key has no Password Access
    NoPasswordAccess,
    /// The record has no value
    Empty,
}

/// The client: cheap to clone, one per program.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    settings: Settings,
}

/// Placeholder until the audit module gives its own proof.
pub struct Intent(());

impl Client {
    /// Takes the settings over. Costs nothing: certificates are read by the first request, off the caller's thread.
    pub fn new(settings: Settings) -> Result<Self, ApiError> {
        Ok(Self(Arc::new(Inner { settings })))
    }

    /// Starts to read a list; nothing is sent before [`Lister::next`] is called.
    pub fn list(&self, key: ListKey, urgency: Urgency, cancel: CancellationToken) -> Lister {
        Lister { client: self.clone(), key, urgency, cancel }
    }

    /// One record with everything the API gives for it. With an organization, a record of another one is an error.
    pub async fn show(
        &self,
        key: RecordKey,
        organization: Option<OrganizationId>,
        urgency: Urgency,
        cancel: CancellationToken,
    ) -> Result<Shown, ApiError> {
        let _ = (organization, urgency, cancel);
        self.unfinished(&format!("GET /{key:?}")).await
    }

    /// The sections of a document whose list row came without content.
    pub async fn sections(
        &self,
        document: u64,
        urgency: Urgency,
        cancel: CancellationToken,
    ) -> Result<Content, ApiError> {
        let _ = (urgency, cancel);
        self.unfinished(&format!("GET /{document}")).await
    }

    /// The tasks of a checklist, in order.
    pub async fn checklist_tasks(
        &self,
        checklist: u64,
        urgency: Urgency,
        cancel: CancellationToken,
    ) -> Result<Vec<ChecklistTask>, ApiError> {
        let _ = (urgency, cancel);
        self.unfinished(&format!("GET /{checklist}")).await
    }

    /// Name and size of an image, and an address that shows it for a while.
    pub async fn image(&self, image: u64, urgency: Urgency, cancel: CancellationToken) -> Result<ImageInfo, ApiError> {
        let _ = (urgency, cancel);
        self.unfinished(&format!("GET /{image}")).await
    }

    /// Whether the key works here: the cheapest request there is. It also keeps an idle key alive.
    pub async fn check(&self, urgency: Urgency, cancel: CancellationToken) -> Result<(), ApiError> {
        let _ = (urgency, cancel);
        self.unfinished("GET /organizations").await
    }

    /// Fetches one value, live. `proof` shows that the audit line is on disk.
    pub async fn reveal(
        &self,
        organization: OrganizationId,
        password: u64,
        version: Option<u64>,
        proof: &Intent,
    ) -> Result<Revealed, ApiError> {
        let _ = (organization, version, proof.0);
        self.unfinished(&format!("GET /passwords/{password}")).await
    }

    /// What is left of the quota, for the status bar.
    pub fn quota(&self) -> Quota {
        Quota { left: 0, of: 0, window_resets_in: Duration::ZERO, waiting: 0, paused_until: None }
    }

    /// Forgets open connections: after sleep they are dead without knowing it.
    pub fn drop_connections(&self) {
        let _ = &self.0.settings;
    }

    async fn unfinished<T>(&self, request: &str) -> Result<T, ApiError> {
        std::future::ready(Err(ApiError::new(Failure::Setup, &request.into(), &self.0.settings.region, "not yet")))
            .await
    }
}
