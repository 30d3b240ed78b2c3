//! The body of a request: JSON:API, or a form with files where those are taken.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use serde_json::{Map, Value, json};

use super::answer::{Answer, JSON_API};

/// More levels of brackets than this have no meaning.
const MAX_LEVELS: usize = 8;

/// What a write brings along; `None` where it needs nothing and brings nothing.
pub(super) fn read(method: &str, path: &str, headers: &HeaderMap, bytes: &[u8]) -> Result<Option<Value>, Answer> {
    let written = headers.get(CONTENT_TYPE).map(HeaderValue::to_str).and_then(Result::ok).unwrap_or("").trim();
    let kind = written.to_ascii_lowercase();
    // Publishing and deleting by path need no body, and then no content type.
    let may_be_empty = method == "DELETE" || path.ends_with("/publish");
    if bytes.is_empty() && may_be_empty {
        return Ok(None);
    }
    if kind.starts_with("multipart/form-data") && takes_files(path) {
        let form = boundary(written).and_then(|boundary| form(bytes, boundary));
        return match form {
            Some(form) => Ok(Some(form)),
            None => Err(Answer::error(400, "Bad Request", "the form cannot be read", None)),
        };
    }
    if !kind.starts_with(JSON_API) {
        return Err(Answer::gateway(415, "Unsupported Media Type"));
    }
    if bytes.is_empty() {
        return Ok(None);
    }
    serde_json::from_slice(bytes)
        .map(Some)
        .map_err(|error| Answer::error(400, "Bad Request", &format!("the body is not JSON: {error}"), None))
}

/// Attachments and flexible assets come as a form as well.
fn takes_files(path: &str) -> bool {
    path.trim_end_matches('/').ends_with("/relationships/attachments") || path.contains("flexible_assets")
}

fn boundary(content_type: &str) -> Option<&str> {
    let (_, rest) = content_type.split_once("boundary=")?;
    let boundary = rest.split(';').next()?.trim().trim_matches('"');
    (!boundary.is_empty()).then_some(boundary)
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// The form as JSON: `data[attributes][name]` is a path, `[]` a place in an array, a file an object
/// of name and content. A file that says nothing of its place is the attachment.
fn form(bytes: &[u8], boundary: &str) -> Option<Value> {
    let delimiter = format!("--{boundary}");
    let between = format!("\r\n{delimiter}");
    let mut rest = bytes.get(find(bytes, delimiter.as_bytes())? + delimiter.len()..)?;
    let mut form = Value::Null;
    while !rest.starts_with(b"--") {
        rest = rest.strip_prefix(b"\r\n")?;
        let end = find(rest, between.as_bytes())?;
        let (part, after) = rest.split_at(end);
        rest = after.get(between.len()..)?;
        let head = find(part, b"\r\n\r\n")?;
        let (head, content) = (String::from_utf8_lossy(part.get(..head)?), part.get(head + 4..)?);
        let disposition = head.lines().find(|line| line.to_ascii_lowercase().starts_with("content-disposition:"))?;
        let name = parameter(disposition, "name")?;
        let value = match parameter(disposition, "filename") {
            Some(file) => json!({"file_name": file, "content": STANDARD.encode(content)}),
            None => String::from_utf8_lossy(content).into_owned().into(),
        };
        let mut path: Vec<&str> = name.split('[').map(|level| level.trim_end_matches(']')).collect();
        if value.is_object() && path.first() != Some(&"data") {
            path = vec!["data", "attributes", "attachment"];
        }
        if path.len() > MAX_LEVELS {
            return None;
        }
        put(&mut form, &path, value);
    }
    form.is_object().then_some(form)
}

fn parameter<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    line.split(';').skip(1).find_map(|part| {
        let value = part.trim().strip_prefix(name)?.strip_prefix('=')?;
        Some(value.trim_matches('"'))
    })
}

fn put(place: &mut Value, path: &[&str], value: Value) {
    match path {
        [] => *place = value,
        ["", rest @ ..] => {
            if !place.is_array() {
                *place = json!([]);
            }
            let mut element = Value::Null;
            put(&mut element, rest, value);
            if let Some(elements) = place.as_array_mut() {
                elements.push(element);
            }
        }
        [key, rest @ ..] => {
            if !place.is_object() {
                *place = Value::Object(Map::new());
            }
            if let Some(object) = place.as_object_mut() {
                put(object.entry(*key).or_insert(Value::Null), rest, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_form_is_read_as_the_json_it_stands_for() {
        let body = b"--B\r\nContent-Disposition: form-data; name=\"data[type]\"\r\n\r\nflexible-assets\r\n\
            --B\r\nContent-Disposition: form-data; name=\"data[attributes][traits][router][]\"\r\n\r\n7\r\n\
            --B\r\nContent-Disposition: form-data; name=\"data[attributes][traits][plan]\"; filename=\"a.txt\"\r\n\
            Content-Type: text/plain\r\n\r\nhi\r\nthere\r\n--B--\r\n";
        let traits = json!({"router": ["7"], "plan": {"file_name": "a.txt", "content": "aGkNCnRoZXJl"}});
        let wanted = json!({"data": {"type": "flexible-assets", "attributes": {"traits": traits}}});
        assert_eq!(form(body, "B"), Some(wanted));
        assert_eq!(boundary("multipart/form-data; boundary=\"B\"; charset=utf-8"), Some("B"));
        assert_eq!(boundary("multipart/form-data"), None);
        assert_eq!(form(b"--B--\r\n", "B"), None, "nothing in it");
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_form_or_none(bytes in prop::collection::vec(any::<u8>(), 0..200), name in "[a-z\\[\\]]{0,20}") {
            form(&bytes, "B");
            let mut whole = format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n").into_bytes();
            whole.extend(&bytes);
            whole.extend(b"\r\n--B--");
            form(&whole, "B");
        }
    }
}
