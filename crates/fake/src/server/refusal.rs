//! Answers that a fault gives in place of the application's.

use bytes::Bytes;
use serde_json::json;

use crate::answer::{self, Answer, Body};
use crate::faults::{ErrorBody, Fault, RetryAfter};

/// What a fault answers before anybody looks at the request.
pub(super) fn in_place_of_an_answer(target: &str, faults: &[Fault]) -> Option<Answer> {
    faults.iter().find_map(|fault| match fault {
        Fault::Status { status, body, retry_after } => Some(refusal(*status, *body, retry_after.as_ref())),
        Fault::CaptivePortal => Some(captive_portal()),
        Fault::Redirect(to) => {
            let mut answer = Answer::html(302, "Found");
            answer.headers.push(("location", format!("{to}{target}")));
            Some(answer)
        }
        _ => None,
    })
}

/// What an account answers that hides its folders from keys.
pub(super) fn folders_refused(path: &str, faults: &[Fault]) -> Option<Answer> {
    let nested = |name: &str| path.contains(&format!("/relationships/{name}_folders"));
    let status = faults.iter().find_map(|fault| match fault {
        Fault::FoldersRefused(status) => Some(*status),
        _ => None,
    })?;
    (nested("document") || nested("password")).then(|| match status {
        403 => Answer::error(403, "Forbidden", "You are not authorized to access this resource", Some("id")),
        404 => Answer::not_found(),
        _ => Answer::only_jwt(),
    })
}

/// An error of the given status in the given form.
fn refusal(status: u16, body: ErrorBody, retry_after: Option<&RetryAfter>) -> Answer {
    let reason = answer::reason(status);
    let mut answer = match body {
        ErrorBody::Errors => Answer::error(status, reason, &format!("{reason}."), Some("id")),
        ErrorBody::StringStatus => {
            let error = json!({"status": status.to_string(), "title": reason, "detail": reason});
            Answer::json(status, json!({"errors": [error]}))
        }
        ErrorBody::Gateway => Answer::gateway(status, reason),
        ErrorBody::Html => Answer::html(status, &format!("{status} {reason}")),
        ErrorBody::Empty => Answer::empty(status),
        ErrorBody::Text => Answer::text(status, &format!("{reason}\n")),
    };
    if let Some(retry_after) = retry_after {
        let text = match retry_after {
            RetryAfter::Text(text) => text.clone(),
            RetryAfter::Date(seconds) => {
                let seconds = i64::try_from(*seconds).unwrap_or(0);
                let at = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(seconds.min(10_000_000));
                at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
            }
        };
        answer.headers.push(("retry-after", text));
    }
    answer
}

fn captive_portal() -> Answer {
    let mut answer = Answer::html(200, "Welcome to Free WiFi");
    answer.body = Body::Bytes(Bytes::from_static(
        b"<!DOCTYPE html>\n<html><head><title>Welcome to Free WiFi</title></head>\n\
          <body><form action=\"/login\"><button>Accept the terms</button></form></body></html>\n",
    ));
    answer
}
