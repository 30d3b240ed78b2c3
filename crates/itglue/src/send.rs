//! The one way every request goes: its turn, a try, what comes of it, and whether to try again.

use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::client::Client;
use super::decode::Unusable;
use super::error::{ApiError, Failure};
use super::pace::{self, NoPermit};
use super::quota::BREAKER;
use super::request::Request;
use super::retry::{self, Next};
use super::settings::Inside;
use super::transport::{self, Answer, Failed, Limits, Purpose};
use gluepot_core::source::Urgency;

/// A body larger than this is read on a thread for itself, so that no other task waits for it.
const LARGE: usize = 256 * 1024;
/// How one request has fared so far.
struct Course {
    begun: Instant,
    /// Time spent waiting for a turn is not the network's fault
    waited: Duration,
    tries: u32,
    /// How often it was refused with 429
    refusals: u32,
}

impl Client {
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
    /// each with its own client. Any other request that was open when connections were dropped is sent again: after
    /// sleep no answer would come on them.
    pub(super) async fn pass(
        &self,
        request: &Request,
        urgency: &Urgency,
        cancel: &CancellationToken,
        own: Option<&reqwest::Client>,
    ) -> Result<Answer, ApiError> {
        let scope = &self.0.scope;
        if !scope.allows(request) {
            return Err(match scope.inside() {
                Inside::Nothing(why) => self.error(Failure::NothingInside { why }, request, ""),
                _ => self.error(Failure::OutsideLock, request, ""),
            });
        }
        let mut course = Course { begun: Instant::now(), waited: Duration::ZERO, tries: 0, refusals: 0 };
        loop {
            let failed = match self.attempt(request, urgency, cancel, own, &mut course).await? {
                Ok(answer) => return Ok(answer),
                Err(failed) => failed,
            };
            let purpose = if own.is_some() { Purpose::Reveal } else { Purpose::Reading };
            if let Some(pause) = self.again_after(request, urgency, purpose, failed, &mut course).await? {
                tokio::select! {
                    () = cancel.cancelled() => return Err(self.error(Failure::Cancelled, request, "")),
                    () = tokio::time::sleep(pause) => {}
                }
            }
        }
    }

    /// Waits for the turn of a request and sends it once.
    async fn attempt(
        &self,
        request: &Request,
        urgency: &Urgency,
        cancel: &CancellationToken,
        own: Option<&reqwest::Client>,
        course: &mut Course,
    ) -> Result<Result<Answer, Failed>, ApiError> {
        let inner = &self.0;
        let asked = Instant::now();
        let permit = inner.pacer.acquire(urgency, cancel).await.map_err(|no| match no {
            NoPermit::Cancelled => self.error(Failure::Cancelled, request, ""),
            NoPermit::Paused(pause) => self.error(Failure::TooManyRequests { retry_in: pause }, request, ""),
        })?;
        course.waited += asked.elapsed();
        let worked = inner.worked.load(Ordering::Relaxed);
        let sent = Instant::now();
        let (given_up, http, purpose) = match own {
            Some(own) => (CancellationToken::new(), own.clone(), Purpose::Reveal),
            None => {
                let given_up = inner.connections.given_up();
                let http = inner.connections.get(&inner.settings).await.map_err(|e| self.failed(request, e))?;
                (given_up, http, Purpose::Reading)
            }
        };
        let limits =
            Limits { end: course.begun + course.waited + inner.settings.timeouts.whole, places: &inner.places };
        let trying = transport::attempt(&http, &inner.settings, request, purpose, worked, &inner.peer, &limits);
        let result = tokio::select! {
            biased;
            result = trying => result,
            () = given_up.cancelled() => Err(Failed::new(Failure::Network, "the connection was given up")),
        };
        drop(permit);
        course.tries += 1;
        match &result {
            Ok(answer) => {
                tracing::debug!(request = %request.short(), bytes = answer.body.bytes().len(), ms = sent.elapsed().as_millis() as u64, "answered");
                inner.pacer.succeeded().await;
                inner.worked.store(true, Ordering::Relaxed);
            }
            Err(failed) => {
                tracing::debug!(request = %request.short(), failure = ?failed.failure, tries = course.tries, "failed");
            }
        }
        Ok(result)
    }

    /// What follows from a failed try: the error, or that it is tried again, and after which pause. After a 429 it is
    /// the pacer that makes everybody wait.
    async fn again_after(
        &self,
        request: &Request,
        urgency: &Urgency,
        purpose: Purpose,
        mut failed: Failed,
        course: &mut Course,
    ) -> Result<Option<Duration>, ApiError> {
        let pacer = &self.0.pacer;
        if let Failure::TooManyRequests { retry_in } = &mut failed.failure {
            let pause = pacer.refused(failed.retry_after).await;
            *retry_in = pause;
            course.refusals += 1;
            course.tries -= 1;
            // A refused reveal was not carried out, but it stays with the user to ask again.
            let too_long = course.begun.elapsed() + pause > pace::patience(urgency);
            let give_up = purpose == Purpose::Reveal || too_long || course.refusals >= BREAKER;
            if give_up || pacer.strikes() >= BREAKER {
                return Err(self.failed(request, failed));
            }
            return Ok(None);
        }
        if has_answered(&failed.failure) {
            pacer.succeeded().await;
        }
        if purpose == Purpose::Reveal && !failed.never_left {
            return Err(self.failed(request, failed));
        }
        let elapsed = course.begun.elapsed().saturating_sub(course.waited);
        let whole = self.0.settings.timeouts.whole;
        match retry::decide(&failed.failure, failed.retry_after, course.tries, elapsed, whole, fastrand::f64()) {
            Next::GiveUp => Err(self.failed(request, failed)),
            Next::After(pause) => Ok(Some(pause)),
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Refusal, Stage};

    #[test]
    fn only_what_it_glue_itself_says_ends_the_pause_after_a_429() {
        let spoken = [
            Failure::Unauthorized,
            Failure::JwtOnly,
            Failure::Forbidden(Refusal::Unclear),
            Failure::NotFound,
            Failure::Rejected,
            Failure::UnsupportedMediaType,
        ];
        assert!(spoken.iter().all(has_answered));
        let silent =
            [Failure::Network, Failure::Server(503), Failure::Timeout(Stage::Whole), Failure::WebPage, Failure::Proxy];
        assert!(!silent.iter().any(has_answered));
    }
}
