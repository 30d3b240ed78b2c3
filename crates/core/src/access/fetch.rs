//! From a permit to a value: record, request, and what came of it where there is no value.

use std::future::Future;
use std::sync::Arc;

use super::permit::{Permit, Unrecorded};
use super::trail::Trail;
use crate::audit::{Intent, Outcome};
use crate::secret::Secret;

/// A value, with the proof that it is on record. The caller settles the intent ([`Trail::settle`]).
pub struct Value {
    /// The value
    pub secret: Secret,
    /// The proof
    pub intent: Arc<Intent>,
    /// The `Date` of the server's answer
    pub date: Option<String>,
}

/// What a backend answered.
pub struct Answer {
    /// The value, or why there is none, in words for a person
    pub value: Result<Secret, &'static str>,
    /// The `Date` of the answer
    pub date: Option<String>,
}

/// Records a permit, asks the backend for the value, and settles the intent where none came. `ready` is waited for
/// before the record, off the loop. Once `unwanted` comes the request is given up.
///
/// The work between record and settlement must not be cut off: spawn this and wait for it.
///
/// # Errors
/// Why there is no value, in words for a person.
pub async fn fetch<R>(
    permit: Permit,
    trail: Arc<Trail>,
    ready: impl FnOnce() + Send + 'static,
    reveal: impl FnOnce(Arc<Intent>) -> R + Send,
    unwanted: impl Future<Output = ()> + Send,
) -> Result<Value, String>
where
    R: Future<Output = Result<Answer, String>> + Send,
{
    let writer = trail.clone();
    let record = move || {
        ready();
        permit.record(&writer)
    };
    let intent = match tokio::task::spawn_blocking(record).await {
        Ok(Ok(intent)) => Arc::new(intent),
        Ok(Err(why)) => return Err(not_fetched(&why)),
        Err(_) => return Err("Not fetched: the writer of the audit trail stopped.".into()),
    };
    let answer = tokio::select! {
        biased;
        () = unwanted => None,
        answer = reveal(intent.clone()) => Some(answer),
    };
    let (why, told, date) = match answer {
        Some(Ok(Answer { value: Ok(secret), date })) => return Ok(Value { secret, intent, date }),
        Some(Ok(Answer { value: Err(why), date })) => (why.to_owned(), why.to_owned(), date),
        Some(Err(words)) => (words.clone(), words, None),
        // A half of it may be in buffers that are not read any more: they are gone with the request.
        None => {
            let why = "no longer wanted before it arrived; the request may have left";
            (why.to_owned(), "Cancelled.".to_owned(), None)
        }
    };
    trail.settle(intent, Outcome::Failed(why.into()), date);
    let _ = tokio::task::spawn_blocking(move || trail.write()).await;
    Err(told)
}

fn not_fetched(why: &Unrecorded) -> String {
    format!("Not fetched: {why}.")
}
