//! What an answer without success means: its status, and the words of whatever body it has.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, HeaderValue, LOCATION, RETRY_AFTER};

use super::failed::Failed;
use crate::error::{Failure, Refusal};
use crate::retry;
use gluepot_core::text::Clean;

pub(super) fn readable(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}

pub(super) fn is_web_page(headers: &HeaderMap, body: &[u8]) -> bool {
    let html = headers.get(CONTENT_TYPE).is_some_and(|value| {
        let kind = value.as_bytes();
        kind.get(..9).is_some_and(|start| start.eq_ignore_ascii_case(b"text/html"))
    });
    html || body.trim_ascii_start().first() == Some(&b'<')
}

/// What an answer without success means.
pub(super) fn refuse(status: u16, headers: &HeaderMap, body: &[u8], worked_before: bool) -> Failed {
    let said = said(body);
    let failure = match status {
        300..=399 => {
            let to = headers.get(LOCATION).map(readable).unwrap_or_default();
            let to = url::Url::parse(&to).ok().and_then(|url| url.host_str().map(Clean::line)).unwrap_or_default();
            Failure::Redirect { to }
        }
        401 if said.words.contains("JWT") => Failure::JwtOnly,
        401 => Failure::Unauthorized,
        403 if said.by_gateway && !worked_before => Failure::Forbidden(Refusal::KeyOrRegion),
        403 if worked_before || said.by_application => Failure::Forbidden(Refusal::MissingRight),
        403 => Failure::Forbidden(Refusal::Unclear),
        404 => Failure::NotFound,
        407 => Failure::Proxy,
        415 => Failure::UnsupportedMediaType,
        422 => Failure::Rejected,
        // The pacer knows how long the pause is.
        429 => Failure::TooManyRequests { retry_in: Duration::ZERO },
        511 => Failure::WebPage,
        500..=599 => Failure::Server(status),
        _ => Failure::Status(status),
    };
    let now = headers.get(DATE).and_then(|date| retry::http_date(&readable(date))).unwrap_or_else(jiff::Timestamp::now);
    let retry_after = headers.get(RETRY_AFTER).and_then(|value| retry::retry_after(&readable(value), now));
    Failed { failure, detail: said.words, retry_after, never_left: false }
}

/// The words of an error's body.
#[derive(Default)]
struct Said {
    words: String,
    /// `{"message": …}`: the gateway, which knows keys and nothing of rights
    by_gateway: bool,
    /// `{"errors": […]}`: the application, which has accepted the key
    by_application: bool,
}

/// Reads any of the bodies an error can have: an errors array with its oddities, the gateway's message, plain text.
/// A web page or nothing gives no words.
fn said(body: &[u8]) -> Said {
    use serde_json::Value;

    let text = String::from_utf8_lossy(body);
    let text = text.trim_start_matches('\u{feff}').trim();
    let Ok(value) = serde_json::from_str::<Value>(text) else {
        let page = text.starts_with('<') || text.starts_with('{') || text.starts_with('[');
        let words = if page { String::new() } else { text.lines().next().unwrap_or_default().to_owned() };
        return Said { words, ..Said::default() };
    };
    let word = |value: &Value, name: &str| {
        value.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty()).map(str::to_owned)
    };
    let one = |error: &Value| -> Option<String> {
        let words = match error {
            Value::String(text) => Some(text.clone()),
            // The telling words may be in either: "Only supported for JWT requests" comes as a title.
            _ => match (word(error, "title"), word(error, "detail")) {
                (Some(title), Some(detail)) if title != detail => Some(format!("{title}: {detail}")),
                (title, detail) => {
                    title.or(detail).or_else(|| ["message", "code"].iter().find_map(|name| word(error, name)))
                }
            },
        }?;
        let place = error.get("source").and_then(|source| word(source, "pointer"));
        Some(place.map_or(words.clone(), |place| format!("{words} ({place})")))
    };
    match value.get("errors") {
        Some(Value::Array(errors)) => {
            let words: Vec<_> = errors.iter().filter_map(one).take(3).collect();
            return Said { words: words.join("; "), by_application: true, ..Said::default() };
        }
        Some(error @ (Value::Object(_) | Value::String(_))) => {
            return Said { words: one(error).unwrap_or_default(), by_application: true, ..Said::default() };
        }
        _ => {}
    }
    let words = ["message", "error", "detail", "title"].iter().find_map(|name| word(&value, name));
    Said { by_gateway: value.get("message").is_some(), words: words.unwrap_or_default(), ..Said::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(status: u16, body: &str, worked: bool) -> (Failure, String) {
        let failed = refuse(status, &HeaderMap::new(), body.as_bytes(), worked);
        (failed.failure, failed.detail)
    }

    #[test]
    fn every_form_of_error_body_gives_its_words() {
        for (body, words) in [
            (
                r#"{"errors":[{"status":422,"title":"T","detail":"must exist","source":{"pointer":"/data/x"}}]}"#,
                "T: must exist (/data/x)",
            ),
            (r#"{"errors":[{"title":"same","detail":"same"}]}"#, "same"),
            (r#"{"errors":[{"status":"422","title":"only a title","detail":""}]}"#, "only a title"),
            (r#"{"errors":["bare"]}"#, "bare"),
            (r#"{"errors":{"detail":"no array"}}"#, "no array"),
            (r#"{"errors":[{"detail":"a"},{"detail":"b"},{"detail":"c"},{"detail":"d"}]}"#, "a; b; c"),
            (r#"{"message":"Forbidden"}"#, "Forbidden"),
            (r#"{"error":"nope"}"#, "nope"),
            ("Rate limited\nsecond line", "Rate limited"),
            ("<html><body>502</body></html>", ""),
            ("{broken", ""),
            ("[]", ""),
            ("null", ""),
            ("", ""),
        ] {
            assert_eq!(said(body.as_bytes()).words, words, "{body}");
        }
        said(b"\xff\xfe\x00");
    }

    #[test]
    fn a_403_says_key_or_right_when_that_is_known() {
        let gateway = r#"{"message":"Forbidden"}"#;
        let array = r#"{"errors":[{"title":"Forbidden"}]}"#;
        assert_eq!(failure(403, gateway, false).0, Failure::Forbidden(Refusal::KeyOrRegion));
        assert_eq!(failure(403, gateway, true).0, Failure::Forbidden(Refusal::MissingRight));
        assert_eq!(failure(403, array, false).0, Failure::Forbidden(Refusal::MissingRight));
        assert_eq!(failure(403, "<html>", false).0, Failure::Forbidden(Refusal::Unclear));
    }

    #[test]
    fn a_page_of_the_web_is_told_from_data_by_its_kind_or_its_first_letter() {
        let kind = |kind: &'static str| HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(kind))]);
        assert!(is_web_page(&kind("Text/HTML; charset=utf-8"), b"{}"));
        assert!(is_web_page(&HeaderMap::new(), b" \n<!doctype html>"));
        assert!(!is_web_page(&kind("application/vnd.api+json"), b"{}") && !is_web_page(&HeaderMap::new(), b""));
        assert!(!is_web_page(&kind("text/x"), b"x <"));
        assert!(matches!(failure(511, "", false).0, Failure::WebPage));
        assert!(matches!(failure(510, "", false).0, Failure::Server(510)));
        assert!(matches!(failure(407, "", false).0, Failure::Proxy));
        assert!(matches!(failure(415, "", false).0, Failure::UnsupportedMediaType));
        assert!(matches!(failure(422, "", false).0, Failure::Rejected));
        assert!(matches!(failure(418, "", false).0, Failure::Status(418)));
    }

    #[test]
    fn a_401_for_jwt_only_is_told_apart() {
        // As recorded: the telling words are the title.
        let recorded = r#"{"errors":[{"status":401,"title":"Only supported for JWT requests","detail":"Unauthorized resource access","source":{"pointer":"id"}}]}"#;
        let joined =
            r#"{"errors":[{"status":401,"detail":"Only supported for JWT requests: Unauthorized resource access"}]}"#;
        for body in [recorded, joined] {
            assert_eq!(failure(401, body, true).0, Failure::JwtOnly, "{body}");
        }
        let plain = r#"{"errors":[{"status":401,"title":"Unauthorized","detail":"Unauthorized resource access"}]}"#;
        assert_eq!(failure(401, plain, true).0, Failure::Unauthorized);
        assert_eq!(failure(401, r#"{"message":"Unauthorized"}"#, true).0, Failure::Unauthorized);
    }

    #[test]
    fn redirect_names_the_host_and_nothing_more() {
        let mut headers = HeaderMap::new();
        headers.insert(LOCATION, HeaderValue::from_static("https://login.example.com/?token=abc"));
        let failed = refuse(302, &headers, b"", true);
        assert_eq!(failed.failure, Failure::Redirect { to: Clean::line("login.example.com") });
        assert_eq!(failed.detail, "");
    }

    #[test]
    fn a_date_to_come_back_at_is_held_against_the_clock_of_the_server() {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_static("Wed, 21 Oct 2026 07:29:30 GMT"));
        headers.insert(DATE, HeaderValue::from_static("Wed, 21 Oct 2026 07:28:00 GMT"));
        let failed = refuse(429, &headers, b"", true);
        assert_eq!(failed.failure, Failure::TooManyRequests { retry_in: Duration::ZERO });
        assert_eq!(failed.retry_after, Some(Duration::from_secs(90)));
        assert!(!failed.never_left, "it was answered, so it reached the server");
        headers.insert(RETRY_AFTER, HeaderValue::from_static("12"));
        assert_eq!(refuse(503, &headers, b"", true).retry_after, Some(Duration::from_secs(12)));
        assert_eq!(refuse(404, &HeaderMap::new(), b"", true).retry_after, None);
    }
}
