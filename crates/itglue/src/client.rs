//! The client: what can be asked for, and the one way every request goes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use gluepot_core::model::{ChecklistTask, Content, Kind, ListKey, OrganizationId, RecordKey, Shown};

use super::decode::{self, Shape, Unusable};
use super::error::{ApiError, Failure};
use super::ledger::Ledger;
use super::list::Lister;
use super::pace::{self, BREAKER, NoPermit, Pacer};
use super::peer::{Connection, Peer};
use super::request::Request;
use super::retry::{self, Next};
use super::scope::Scope;
use super::settings::{Inside, Settings};
use super::transport::{self, Answer, Connections, Failed, Limits, Purpose};
use super::urgency::Urgency;
use super::{ImageInfo, Quota};
use gluepot_core::text::Clean;

/// A body larger than this is read on a thread for itself, so that no other task waits for it.
const LARGE: usize = 256 * 1024;
/// Sections of a document or tasks of a checklist are fetched in so many pages of 1,000 at most.
const MOST_PARTS: u64 = 10;

/// The client: cheap to clone, one per program. All methods must be called inside a tokio runtime.
#[derive(Clone)]
pub struct Client(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) settings: Arc<Settings>,
    pub(super) pacer: Arc<Pacer>,
    connections: Connections,
    /// For large bodies
    places: Arc<Semaphore>,
    peer: Peer,
    /// Which requests may leave
    pub(super) scope: Scope,
    /// IT Glue has accepted the key at least once: a later 403 is about a right
    worked: AtomicBool,
    /// The lists of folders over the whole account have been refused: they are not asked for again
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

    /// Starts to read a list; nothing is sent before [`Lister::next`] is called.
    pub fn list(&self, key: ListKey, urgency: Urgency, cancel: CancellationToken) -> Lister {
        Lister::new(self.clone(), key, urgency, cancel)
    }

    /// One record with everything the API gives for it. With an organization, a record of another one is an error.
    ///
    /// Domains and folders have no address of their own: they need the organization. SSL certificates, tickets, users
    /// and templates cannot be had at all ([`Failure::NoEndpoint`]).
    pub async fn show(
        &self,
        key: RecordKey,
        organization: Option<OrganizationId>,
        urgency: Urgency,
        cancel: CancellationToken,
    ) -> Result<Shown, ApiError> {
        let bare = Request::get(format!("/{}/{}", key.kind.resource(), key.id));
        let Some((shape, request, includes)) =
            Shape::of_kind(key.kind).and_then(|shape| show_request(key, organization).map(|(r, i)| (shape, r, i)))
        else {
            return Err(self.error(Failure::NoEndpoint, &bare, ""));
        };
        let full = request.clone().with_some("include", includes);
        let refused = |e: &ApiError| matches!(e.failure, Failure::Rejected | Failure::Status(400));
        let (request, answer) = match self.send(&full, &urgency, &cancel).await {
            // An include this account does not know must not cost the record, nor the other includes.
            Err(e) if !includes.is_empty() && refused(&e) => {
                let fewer = includes.strip_suffix(INTEGRATIONS).map(|fewer| request.clone().with("include", fewer));
                let answer = match &fewer {
                    Some(fewer) => self.send(fewer, &urgency, &cancel).await,
                    None => Err(e),
                };
                match (fewer, answer) {
                    (Some(fewer), Ok(answer)) => (fewer, answer),
                    (_, Err(e)) if !refused(&e) => return Err(e),
                    _ => {
                        let answer = self.send(&request, &urgency, &cancel).await?;
                        (request, answer)
                    }
                }
            }
            other => (full, other?),
        };
        self.read(&request, answer, move |bytes| decode::one(bytes, shape, key.id, organization)).await
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

    /// Name and size of an image, and an address that shows it for a while.
    pub async fn image(&self, image: u64, urgency: Urgency, cancel: CancellationToken) -> Result<ImageInfo, ApiError> {
        let request = Request::get(format!("/document_images/{image}"));
        let answer = self.send(&request, &urgency, &cancel).await?;
        self.read(&request, answer, move |bytes| decode::image(bytes, image)).await
    }

    /// Whether the key works here: the cheapest request there is. It also keeps an idle key alive.
    pub async fn check(&self, urgency: Urgency, cancel: CancellationToken) -> Result<(), ApiError> {
        // A lock that has not found its organization has one question only.
        let question = self.0.scope.question();
        let request = question.unwrap_or_else(|| self.organizations().with("page[size]", 1));
        let answer = self.send(&request, &urgency, &cancel).await?;
        self.read(&request, answer, decode::total).await.map(|_| ())
    }

    /// The one organization every request has to be about, where the client is locked to one.
    pub fn locked_to(&self) -> Option<OrganizationId> {
        self.0.scope.organization()
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

    /// Who is at the other end and why it is believed, for the status screen.
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

    /// Reads an answer, a large one off this thread, and names what is wrong with it.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        request: &Request,
        answer: Answer,
        read: impl FnOnce(&[u8]) -> Result<T, Unusable> + Send + 'static,
    ) -> Result<T, ApiError> {
        let read = if answer.body.bytes().len() > LARGE {
            tokio::task::spawn_blocking(move || read(answer.body.bytes()))
                .await
                .unwrap_or(Err(Unusable::Unknown("it could not be read")))
        } else {
            read(answer.body.bytes())
        };
        read.map_err(|unusable| match unusable {
            Unusable::Unknown(what) => self.error(Failure::BadAnswer, request, what),
            Unusable::Cut => self.error(Failure::Truncated, request, ""),
            Unusable::Other => self.error(Failure::WrongRecord, request, ""),
        })
    }

    pub(super) fn error(&self, failure: Failure, request: &Request, detail: &str) -> ApiError {
        ApiError::new(failure, request.short(), &self.0.settings.region, detail)
    }

    /// The one way to IT Glue for everything that holds no secret: waits for its turn, sends, tries again where that
    /// helps, and stops as soon as it is cancelled.
    pub(super) async fn send(
        &self,
        request: &Request,
        urgency: &Urgency,
        cancel: &CancellationToken,
    ) -> Result<Answer, ApiError> {
        let work = self.pass(request, urgency, cancel, None);
        tokio::select! {
            biased;
            () = cancel.cancelled() => Err(self.error(Failure::Cancelled, request, "")),
            result = work => result,
        }
    }

    /// Turn, try, and what comes of it; nothing leaves that the organization lock does not allow. Reveals pass here too,
    /// each with a client of its own. Whatever else was under way when connections were forgotten is sent again: after
    /// sleep no answer would come on them.
    pub(super) async fn pass(
        &self,
        request: &Request,
        urgency: &Urgency,
        cancel: &CancellationToken,
        own: Option<&reqwest::Client>,
    ) -> Result<Answer, ApiError> {
        let inner = &self.0;
        let purpose = if own.is_some() { Purpose::Reveal } else { Purpose::Reading };
        if !inner.scope.allows(request) {
            return Err(match inner.scope.inside() {
                Inside::Nothing(why) => self.error(Failure::NothingInside { why }, request, ""),
                _ => self.error(Failure::OutsideLock, request, ""),
            });
        }
        let begun = Instant::now();
        let whole = inner.settings.timeouts.whole;
        let (mut tries, mut refusals) = (0, 0);
        // Time spent waiting for a turn is not the network's fault.
        let mut waited = Duration::ZERO;
        loop {
            let asked = Instant::now();
            let permit = inner.pacer.acquire(urgency, cancel).await.map_err(|no| match no {
                NoPermit::Cancelled => self.error(Failure::Cancelled, request, ""),
                NoPermit::Paused(pause) => self.error(Failure::TooManyRequests { retry_in: pause }, request, ""),
            })?;
            waited += asked.elapsed();
            let worked = inner.worked.load(Ordering::Relaxed);
            let sent = Instant::now();
            let end = begun + waited + whole;
            let (given_up, http) = match own {
                Some(own) => (CancellationToken::new(), own.clone()),
                None => {
                    let given_up = inner.connections.given_up();
                    let http = inner.connections.get(&inner.settings).await.map_err(|e| self.failed(request, e))?;
                    (given_up, http)
                }
            };
            let limits = Limits { end, places: &inner.places };
            let trying = transport::attempt(&http, &inner.settings, request, purpose, worked, &inner.peer, &limits);
            let result = tokio::select! {
                biased;
                result = trying => result,
                () = given_up.cancelled() => Err(Failed::new(Failure::Network, "the connection was given up")),
            };
            drop(permit);
            tries += 1;
            let mut failed = match result {
                Ok(answer) => {
                    tracing::debug!(request = %request.short(), bytes = answer.body.bytes().len(), ms = sent.elapsed().as_millis() as u64, "answered");
                    inner.pacer.succeeded().await;
                    inner.worked.store(true, Ordering::Relaxed);
                    return Ok(answer);
                }
                Err(failed) => failed,
            };
            tracing::debug!(request = %request.short(), failure = ?failed.failure, tries, "failed");
            if let Failure::TooManyRequests { retry_in } = &mut failed.failure {
                let pause = inner.pacer.refused(failed.retry_after).await;
                *retry_in = pause;
                refusals += 1;
                tries -= 1;
                // A refused reveal was not carried out, but it stays with the user to ask again.
                let too_long = begun.elapsed() + pause > pace::patience(urgency);
                let give_up = purpose == Purpose::Reveal || too_long || refusals >= BREAKER;
                if give_up || inner.pacer.strikes() >= BREAKER {
                    return Err(self.failed(request, failed));
                }
                continue;
            }
            if has_answered(&failed.failure) {
                inner.pacer.succeeded().await;
            }
            if purpose == Purpose::Reveal && !failed.never_left {
                return Err(self.failed(request, failed));
            }
            let elapsed = begun.elapsed().saturating_sub(waited);
            match retry::decide(&failed.failure, failed.retry_after, tries, elapsed, whole, fastrand::f64()) {
                Next::GiveUp => return Err(self.failed(request, failed)),
                Next::After(pause) => tokio::select! {
                    () = cancel.cancelled() => return Err(self.error(Failure::Cancelled, request, "")),
                    () = tokio::time::sleep(pause) => {}
                },
            }
        }
    }

    pub(super) fn failed(&self, request: &Request, failed: Failed) -> ApiError {
        self.error(failed.failure, request, &failed.detail)
    }
}

/// Whether IT Glue itself has spoken, so that the pause after a 429 is over.
fn has_answered(failure: &Failure) -> bool {
    matches!(
        failure,
        Failure::Unauthorized
            | Failure::JwtOnly
            | Failure::Forbidden(_)
            | Failure::NotFound
            | Failure::Rejected
            | Failure::UnsupportedMediaType
    )
}

/// What other systems know of a device: the includes that the fewest accounts have, so they are the first to be left out
/// when a record with its includes is refused.
const INTEGRATIONS: &str = ",rmm_records,tickets";

/// The request for one record and the includes its kind allows on show.
fn show_request(key: RecordKey, organization: Option<OrganizationId>) -> Option<(Request, &'static str)> {
    let plain = Request::get(format!("/{}/{}", key.kind.resource(), key.id));
    Some(match key.kind {
        Kind::Organization => (plain, "attachments"),
        Kind::Document => (plain, "attachments,related_items"),
        Kind::Configuration => (
            plain,
            "configuration_interfaces,related_items,passwords,attachments,recent_versions,user_resource_accesses,\
             group_resource_accesses,rmm_records,tickets",
        ),
        // Never left to the default: on show the value would come.
        Kind::Password => (
            plain.with("show_password", false),
            "attachments,related_items,recent_versions,user_resource_accesses,group_resource_accesses",
        ),
        Kind::FlexibleAsset | Kind::Location => (
            plain,
            "attachments,passwords,related_items,recent_versions,user_resource_accesses,group_resource_accesses",
        ),
        Kind::Contact => (
            plain,
            "attachments,passwords,location,related_items,recent_versions,user_resource_accesses,\
             group_resource_accesses",
        ),
        Kind::Checklist => (
            plain,
            "checklist_tasks,attachments,related_items,recent_versions,user_resource_accesses,group_resource_accesses",
        ),
        Kind::Expiration => (plain, ""),
        Kind::Domain => {
            let path = format!("/organizations/{}/relationships/domains", organization?);
            (Request::get(path).with("filter[id]", key.id), "passwords,attachments")
        }
        Kind::DocumentFolder => {
            let path = format!("/organizations/{}/relationships/document_folders/{}", organization?, key.id);
            (Request::get(path), "")
        }
        Kind::ChecklistTemplate | Kind::SslCertificate | Kind::Ticket | Kind::User | Kind::Unknown => return None,
    })
}
