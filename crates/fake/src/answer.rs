//! What the server says: JSON until the last moment, so that faults can still change it, and errors in the forms the
//! real service and its gateway use.

use bytes::Bytes;
use serde_json::{Value, json};

/// The content type of everything the application itself answers.
pub(super) const JSON_API: &str = "application/vnd.api+json";
/// The content type of what the gateway in front of it answers.
pub(super) const JSON: &str = "application/json";

/// The body of an answer.
#[derive(Clone, Debug)]
pub(super) enum Body {
    /// Nothing at all
    Empty,
    /// JSON, not yet written out
    Json(Value),
    /// Anything else
    Bytes(Bytes),
}

/// An answer.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    /// The status code
    pub status: u16,
    /// `Content-Type`; empty for none
    pub content_type: String,
    /// Further headers
    pub headers: Vec<(&'static str, String)>,
    /// The body
    pub body: Body,
}

impl Answer {
    /// JSON:API with a status.
    pub(super) fn json(status: u16, body: Value) -> Self {
        Self { status, content_type: JSON_API.into(), headers: Vec::new(), body: Body::Json(body) }
    }

    /// A file.
    pub(super) fn file(content_type: &str, bytes: impl Into<Bytes>) -> Self {
        Self { status: 200, content_type: content_type.into(), headers: Vec::new(), body: Body::Bytes(bytes.into()) }
    }

    /// A status and nothing else.
    pub(super) fn empty(status: u16) -> Self {
        Self { status, content_type: String::new(), headers: Vec::new(), body: Body::Empty }
    }

    /// An HTML page, as gateways and unknown routes send it.
    pub(super) fn html(status: u16, title: &str) -> Self {
        let page = format!(
            "<!DOCTYPE html>\n<html>\n<head><title>{title}</title></head>\n<body>\n<h1>{title}</h1>\n</body>\n</html>\n"
        );
        Self {
            status,
            content_type: "text/html; charset=utf-8".into(),
            headers: Vec::new(),
            body: Body::Bytes(page.into()),
        }
    }

    /// Plain text.
    pub(super) fn text(status: u16, text: &str) -> Self {
        Self {
            status,
            content_type: "text/plain; charset=utf-8".into(),
            headers: Vec::new(),
            body: Body::Bytes(text.to_owned().into()),
        }
    }

    /// `{"message": …}`, as the gateway says it.
    pub(super) fn gateway(status: u16, message: &str) -> Self {
        Self { status, content_type: JSON.into(), headers: Vec::new(), body: Body::Json(json!({"message": message})) }
    }

    /// The errors array with one error.
    pub(super) fn error(status: u16, title: &str, detail: &str, pointer: Option<&str>) -> Self {
        let mut error = json!({"status": status, "title": title, "detail": detail});
        if let Some(pointer) = pointer {
            error["source"] = json!({"pointer": pointer});
        }
        Self::json(status, json!({"errors": [error]}))
    }

    /// 400 for a parameter that is not there.
    pub(super) fn missing(parameter: &str) -> Self {
        Self::error(400, "Bad Request", &format!("param is missing or the value is empty: {parameter}"), None)
    }

    /// 401 for requests without a key.
    pub(super) fn unauthorized() -> Self {
        Self::error(401, "Unauthorized", "Unauthorized resource access", Some("id"))
    }

    /// 401 for what only a signed-in user may do. The telling words are in `title`, as recorded.
    pub(super) fn only_jwt() -> Self {
        Self::error(401, "Only supported for JWT requests", "Unauthorized resource access", Some("id"))
    }

    /// 404 for a record that is not there.
    pub(super) fn not_found() -> Self {
        Self::error(404, "Record not found", "Record not found", Some("id"))
    }

    /// 404 for a route that is not there.
    pub(super) fn no_route() -> Self {
        Self::html(404, "The page you were looking for doesn't exist (404)")
    }

    /// 422 for an attribute, the pointer in the spelling with a leading slash.
    pub(super) fn invalid(attribute: &str, detail: &str) -> Self {
        Self::error(422, "Unprocessable Entity", detail, Some(&format!("/data/attributes/{attribute}")))
    }
}

/// What the status means, for error titles.
pub(super) fn reason(status: u16) -> &'static str {
    hyper::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or("Unknown")
}
