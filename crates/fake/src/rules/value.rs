//! A value in the form it is kept.

use serde_json::Value;

use crate::spec::unset;

/// A value as the column it goes to keeps it: texts become numbers, flags or days, and the other way round.
pub(super) fn cast(key: &str, value: &Value) -> Value {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Null => return unset(key),
        Value::Array(_) | Value::Object(_) => return value.clone(),
    };
    match key {
        _ if unset(key).is_boolean() => (!matches!(text.as_str(), "" | "0" | "false" | "f" | "no" | "off")).into(),
        _ if key.ends_with("-id") => value.clone(),
        "order" | "sort" | "level" | "duration" | "decimals" => text.parse::<u64>().map_or(Value::Null, Value::from),
        "installed-at"
        | "purchased-at"
        | "warranty-expires-at"
        | "mitp-device-expiration-date"
        | "mitp-end-of-life-date"
        | "due-date" => {
            text.get(..10).and_then(|day| day.parse::<jiff::civil::Date>().ok()).map(|day| day.to_string()).into()
        }
        // Text stays as it was sent, blanks at its ends included.
        _ if value.is_string() => value.clone(),
        _ => text.into(),
    }
}
