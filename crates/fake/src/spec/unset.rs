//! What an attribute is before anybody sets it.

use serde_json::{Value, json};

/// What an attribute is born with, and what a row shows that was never given it.
pub(crate) fn unset(key: &str) -> Value {
    match key {
        "restricted" | "my-glue" | "archived" | "primary" | "important" | "public" | "is-uploaded" | "otp-enabled"
        | "completed" | "show-in-menu" | "required" | "use-for-title" | "expiration" | "show-in-list"
        | "include-logs" | "export-all" | "encrypted-status" | "viewable" | "synced" | "rotation-permitted"
        | "personal" | "is-live" => false.into(),
        "enabled" => true.into(),
        "ancestor-ids" | "contact-emails" | "contact-phones" | "document-images" => json!([]),
        "traits" => json!({}),
        "logo" => "".into(),
        "reset-count"
        | "percent-complete"
        | "documents-count"
        | "configurations-count"
        | "reputation"
        | "passwords-count" => 0.into(),
        _ => Value::Null,
    }
}
