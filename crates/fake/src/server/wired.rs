//! Puts an answer on the wire, or what a fault makes of it.

use std::io::{self, Write as _};

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Empty, Full};
use hyper::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, VARY};
use hyper::{Response, StatusCode};

use super::shapes::{FRAME, bomb, drip, endless, oversized, truncated};
use crate::answer::{Answer, Body};
use crate::faults::Fault;

/// Answers smaller than this are not worth packing.
const WORTH_PACKING: usize = 1024;

/// An answer as it goes out.
pub(super) type Wired = Response<UnsyncBoxBody<Bytes, io::Error>>;

/// Puts an answer on the wire, or what a fault makes of it.
pub(super) fn write_out(answer: Answer, gzip: bool, faults: &[Fault]) -> Wired {
    let mut headers = headers_of(answer.content_type, answer.headers, faults);
    let mut bytes = match answer.body {
        Body::Empty => Bytes::new(),
        Body::Bytes(bytes) => bytes,
        Body::Json(value) => serde_json::to_vec(&value).unwrap_or_default().into(),
    };
    let shape = faults.iter().find(|fault| {
        matches!(
            fault,
            Fault::Drip { .. } | Fault::Truncate { .. } | Fault::Endless | Fault::Oversized(_) | Fault::Bomb(_)
        )
    });
    // What a fault cuts or stretches stays plain, so that the bytes on the wire are those of the answer.
    if gzip
        && shape.is_none()
        && let Some(packed) = packed(&bytes)
    {
        bytes = packed;
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    let body = match shape {
        None if bytes.is_empty() => Empty::new().map_err(|never| match never {}).boxed_unsync(),
        None => Full::new(bytes).map_err(|never| match never {}).boxed_unsync(),
        Some(fault) => shaped(fault, bytes, gzip, &mut headers),
    };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    *response.headers_mut() = headers;
    response
}

fn headers_of(mut content_type: String, others: Vec<(&'static str, String)>, faults: &[Fault]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if faults.contains(&Fault::Charset) && !content_type.is_empty() && !content_type.contains("charset") {
        content_type.push_str("; charset=utf-8");
    }
    if let Ok(value) = HeaderValue::from_str(&content_type)
        && !content_type.is_empty()
    {
        headers.insert(CONTENT_TYPE, value);
    }
    for (name, value) in others {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(&value)) {
            headers.append(name, value);
        }
    }
    headers
}

/// The bytes packed, where that is worth it.
fn packed(bytes: &Bytes) -> Option<Bytes> {
    if bytes.len() < WORTH_PACKING {
        return None;
    }
    let mut packed = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::fast());
    packed.write_all(bytes).ok()?;
    packed.finish().ok().map(Bytes::from)
}

/// The body that a fault makes of an answer.
fn shaped(fault: &Fault, bytes: Bytes, gzip: bool, headers: &mut HeaderMap) -> UnsyncBoxBody<Bytes, io::Error> {
    match fault {
        Fault::Drip { every } => {
            headers.insert(CONTENT_LENGTH, bytes.len().into());
            drip(bytes, *every)
        }
        Fault::Truncate { keep } => {
            headers.insert(CONTENT_LENGTH, bytes.len().max(1).into());
            let keep = keep.unwrap_or(bytes.len() / 2).min(bytes.len().saturating_sub(1));
            truncated(bytes.slice(..keep))
        }
        Fault::Endless => endless(),
        Fault::Bomb(size) if gzip => {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            bomb(*size)
        }
        Fault::Oversized(size) | Fault::Bomb(size) => {
            headers.insert(CONTENT_LENGTH, (*size).max(FRAME).into());
            oversized((*size).max(FRAME))
        }
        _ => Empty::new().map_err(|never| match never {}).boxed_unsync(),
    }
}
