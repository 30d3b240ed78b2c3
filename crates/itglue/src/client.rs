//! The client: what it holds, and the small things that can be asked of it.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use gluepot_core::model::{ChecklistTask, Content, OrganizationId, SourceId};
use gluepot_core::text::Clean;

use super::decode::{self, Unusable};
use super::error::ApiError;
use super::ledger::Ledger;
use super::pace::Pacer;
use super::peer::Peer;
use super::request::Request;
use super::scope::Scope;
use super::settings::{Inside, Settings};
use super::transport::Connections;
use gluepot_core::source::Connection;
use gluepot_core::source::Quota;
use gluepot_core::source::Urgency;

/// Sections of a document or tasks of a checklist are fetched in this many pages of 1,000 at most.
const MOST_PARTS: u64 = 10;

/// The client: cheap to clone, one per program. All methods must be called inside a tokio runtime.
#[derive(Clone)]
pub struct Client(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) settings: Arc<Settings>,
    pub(super) pacer: Arc<Pacer>,
    pub(super) connections: Connections,
    /// For large bodies
    pub(super) places: Arc<Semaphore>,
    pub(super) peer: Peer,
    /// Which requests may leave
    pub(super) scope: Scope,
    /// IT Glue has accepted the key at least once: a later 403 is about a right
    pub(super) worked: AtomicBool,
    /// The lists of folders over the whole account have been refused: they are not requested again
    pub(super) top_level_folders_refused: AtomicBool,
}

impl Client {
    /// Takes the settings over. Certificates are read in the background, so that the first request finds them and the
    /// start does not wait. The result leaves room for settings that can be seen to be wrong at once.
    pub fn new(settings: Settings) -> Result<Self, ApiError> {
        let ledger = settings.quota_folder.as_deref();
        let ledger = ledger.map(|folder| Ledger::new(folder, settings.base_url.as_url().as_str(), settings.pace));
        let pacer = Arc::new(Pacer::new(settings.pace, ledger));
        let scope = Scope::new(settings.inside.clone());
        let client = Self(Arc::new(Inner {
            settings: Arc::new(settings),
            pacer,
            connections: Connections::new(),
            places: Arc::new(Semaphore::new(1)),
            peer: Peer::default(),
            scope,
            worked: AtomicBool::new(false),
            top_level_folders_refused: AtomicBool::new(false),
        }));
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let early = client.clone();
            runtime.spawn(async move {
                // A failure is not lost: the first request tries again and reports it.
                let _ = early.0.connections.get(&early.0.settings).await;
            });
        }
        Ok(client)
    }

    /// The sections of a document whose list row came without content.
    pub async fn sections(
        &self,
        document: u64,
        urgency: Urgency,
        cancel: CancellationToken,
    ) -> Result<Content, ApiError> {
        let request = Request::get(format!("/documents/{document}/relationships/sections")).with("sort", "sort");
        let parts = self.parts(&request, &urgency, &cancel, decode::sections).await?;
        let all = parts.into_iter().flat_map(|part| match part {
            Content::Sections(sections) => sections,
            Content::Empty | Content::Html(_) => Vec::new(),
        });
        let all: Vec<_> = all.collect();
        Ok(if all.is_empty() { Content::Empty } else { Content::Sections(all) })
    }

    /// The tasks of a checklist, in order.
    pub async fn checklist_tasks(
        &self,
        checklist: u64,
        urgency: Urgency,
        cancel: CancellationToken,
    ) -> Result<Vec<ChecklistTask>, ApiError> {
        let request = Request::get(format!("/checklists/{checklist}/relationships/checklist_tasks"));
        let parts = self.parts(&request, &urgency, &cancel, move |bytes| decode::tasks(bytes, checklist)).await?;
        let mut tasks: Vec<_> = parts.into_iter().flatten().collect();
        tasks.sort_by_key(|task| task.position);
        Ok(tasks)
    }

    /// Whether the key works here: the cheapest request there is. It also keeps an idle key alive.
    /// Gives how many organizations the key sees, where the server says so.
    pub async fn check(&self, urgency: Urgency, cancel: CancellationToken) -> Result<Option<usize>, ApiError> {
        // A lock that has not found its organization has one question only.
        let question = self.0.scope.question();
        let request = question.unwrap_or_else(|| self.organizations().with("page[size]", 1));
        let answer = self.send(&request, &urgency, &cancel).await?;
        self.read(&request, answer, decode::total).await
    }

    /// The account it asks.
    pub fn source(&self) -> SourceId {
        self.0.settings.source
    }

    /// The one organization every request has to be about, where the client is locked to one.
    pub fn locked_to(&self) -> Option<OrganizationId> {
        self.0.scope.organization().map(|id| OrganizationId::new(self.0.settings.source, id))
    }

    /// Whether requests are kept inside one organization, known yet or not.
    pub fn is_locked(&self) -> bool {
        self.0.scope.inside() != Inside::Anywhere
    }

    /// The request for all organizations; for a locked client, for its own.
    pub(super) fn organizations(&self) -> Request {
        if let Some(question) = self.0.scope.question() {
            return question;
        }
        let all = Request::get("/organizations".to_owned());
        match self.locked_to() {
            Some(id) => all.with("filter[id]", id),
            None => all,
        }
    }

    /// What is left of the quota, for the status bar.
    pub fn quota(&self) -> Quota {
        self.0.pacer.quota()
    }

    /// Why the requests of other processes are not counted, although they should be. Then only a part of the quota is
    /// used.
    pub fn counts_alone(&self) -> Option<Clean> {
        self.0.pacer.alone()
    }

    /// Who is at the other end and why it is trusted, for the status screen.
    pub fn connection(&self) -> Connection {
        self.0.peer.describe(&self.0.settings)
    }

    /// Forgets open connections: after sleep or a change of network they are dead without knowing it.
    pub fn drop_connections(&self) {
        self.0.connections.forget();
    }

    /// Every page of something small, read one by one.
    async fn parts<T: Send + 'static>(
        &self,
        request: &Request,
        urgency: &Urgency,
        cancel: &CancellationToken,
        read: impl Fn(&[u8]) -> Result<T, Unusable> + Clone + Send + 'static,
    ) -> Result<Vec<T>, ApiError> {
        let mut parts = Vec::new();
        for number in 1..=MOST_PARTS {
            let page = request.clone().with("page[size]", 1000).with("page[number]", number);
            let answer = self.send(&page, urgency, cancel).await?;
            let read = read.clone();
            let read = move |bytes: &[u8]| Ok((decode::more(bytes)?, read(bytes)?));
            let (more, part) = self.read(&page, answer, read).await?;
            parts.push(part);
            if more != decode::More::Page(number + 1) {
                break;
            }
        }
        Ok(parts)
    }
}
