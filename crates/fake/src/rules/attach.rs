//! Files that come with a request: attachments, and what images have in common with them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::rule::Rules;
use super::writer::{Writer, now};
use crate::answer::Answer;
use crate::world::{Attributes, Table};

/// The most an attachment may weigh.
const MAX_ATTACHMENT: usize = 10 * 1024 * 1024;

/// Name, content and size of an uploaded file.
pub(super) fn upload(file: &Value) -> Result<(String, String, usize), Answer> {
    let text = |key: &str, other: &str| file.get(key).or_else(|| file.get(other)).and_then(Value::as_str);
    let name = text("file-name", "file_name").filter(|name| !name.trim().is_empty());
    let name = name.ok_or_else(|| Answer::missing("file_name"))?;
    let content = text("content", "content").ok_or_else(|| Answer::missing("content"))?;
    let encoded: String = content.split_ascii_whitespace().collect();
    let bytes = STANDARD.decode(&encoded).map_err(|_| Answer::invalid("content", "is not base64"))?;
    if bytes.len() > MAX_ATTACHMENT {
        return Err(Answer::invalid("content", "is too large (maximum is 10 MB)"));
    }
    Ok((name.to_owned(), encoded, bytes.len()))
}

/// The content type of a file name's ending.
pub(crate) fn content_type(ext: &str) -> &'static str {
    match ext {
        "pdf" => "application/pdf",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "txt" | "log" | "md" => "text/plain",
        "csv" => "text/csv",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}

/// Attachments.
pub(super) struct Attachment;

impl Rules for Attachment {
    fn make(
        &self,
        writer: &mut Writer<'_>,
        scope: Option<(Table, u64)>,
        input: &Attributes,
    ) -> Option<Result<u64, Answer>> {
        let (parent, id) = scope?;
        Some(attach(writer, parent, id, input))
    }
}

fn attach(writer: &mut Writer<'_>, parent: Table, id: u64, input: &Attributes) -> Result<u64, Answer> {
    let file = input.get("attachment").ok_or_else(|| Answer::missing("attachment"))?;
    let (name, bytes, size) = upload(file)?;
    let ext = name.rsplit_once('.').map_or("", |(_, ext)| ext).to_ascii_lowercase();
    let new = writer.world.free_id(Table::Attachments);
    let at = now();
    let attributes = json!({
        "name": name,
        "attachment-file-name": name,
        "attachment-content-type": content_type(&ext),
        "attachment-file-size": size,
        "ext": ext,
        "viewable": matches!(ext.as_str(), "pdf" | "png" | "jpg" | "jpeg" | "gif" | "txt"),
        "created-at": at,
        "updated-at": at,
        "_parent": {"table": parent.type_name(), "id": id},
        "_bytes": bytes,
    });
    if let Value::Object(attributes) = attributes {
        writer.world.insert(Table::Attachments, new, attributes);
    }
    Ok(new)
}
