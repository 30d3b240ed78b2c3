//! The one request whose answer holds a secret.
//!
//! It has its own HTTP client, which keeps no connection, decompresses nothing and is dropped at once, so that no
//! buffer of the network stack outlives the answer. The answer is read in place: the value goes from our own buffer,
//! which is wiped also when something goes wrong, into a [`Secret`] and nowhere else. serde sees it as a piece of
//! unread text, so that no message of serde can repeat it. Nothing is tried again that may have left this machine:
//! every reveal is in the account's activity log.

use serde::Deserialize;
use serde_json::value::RawValue;
use tokio_util::sync::CancellationToken;
use zeroize::Zeroizing;

use gluepot_core::audit::{Fetch, Intent};
use gluepot_core::model::OrganizationId;
use gluepot_core::secret::Secret;
use gluepot_core::text::Clean;

use super::client::Client;
use super::decode::{self, Unusable};
use super::error::{ApiError, Failure, Refusal};
use super::request::Request;
use super::transport::{self, Answer, Purpose};
use gluepot_core::source::Urgency;

/// What a reveal gave.
pub struct Revealed {
    /// The value, or why there is none
    pub outcome: Outcome,
    /// The server's `Date` header, for the audit line; may be empty
    pub server_date: Clean,
}

/// The value of a password, or why there is none.
pub enum Outcome {
    /// Here it is
    Value(Secret),
    /// Kept in a vault: only the web app can show it
    Vaulted,
    /// This API key has no Password Access
    NoPasswordAccess,
    /// The record has no value
    Empty,
}

impl Outcome {
    /// The value, or why there is none, in words for a person.
    pub fn into_value(self) -> Result<Secret, &'static str> {
        Err(match self {
            Self::Value(secret) => return Ok(secret),
            Self::Vaulted => "This password is vaulted: IT Glue's API cannot reveal it. Open it in the web app.",
            Self::NoPasswordAccess => {
                "This API key has no Password Access: an administrator can tick it at Account > Settings > API Keys."
            }
            Self::Empty => "This password is empty in IT Glue.",
        })
    }
}

impl Client {
    /// Fetches one value, live: that of the password, version and client the intent was recorded for. An intent is good
    /// for one fetch.
    ///
    /// Dropping the future gives the request up; the value is then never read, but the account's log may hold it.
    ///
    /// ```
    /// # use gluepot_itglue::Client;
    /// # use gluepot_core::audit::{Fetch, Intent};
    /// # fn of(client: &Client, intent: &Intent) {
    /// let value = client.reveal(intent);
    /// # }
    /// ```
    ///
    /// What is only about to be recorded opens nothing:
    ///
    /// ```compile_fail,E0308
    /// # use gluepot_itglue::Client;
    /// # use gluepot_core::audit::Event;
    /// # fn of(client: &Client, event: &Event) {
    /// let value = client.reveal(event);
    /// # }
    /// ```
    ///
    /// ```compile_fail,E0308
    /// # use gluepot_itglue::Client;
    /// # use gluepot_core::access::Permit;
    /// # fn of(client: &Client, permit: &Permit) {
    /// let value = client.reveal(permit);
    /// # }
    /// ```
    pub async fn reveal(&self, intent: &Intent) -> Result<Revealed, ApiError> {
        let Fetch { organization, password, version } = intent.spend().map_err(|no| {
            let request = Request::get(format!("/passwords/{}", intent.event().record.id));
            self.error(Failure::NotRecorded, &request, &no.to_string())
        })?;
        let mut request = Request::get(format!("/passwords/{password}")).with("show_password", true);
        if let Some(version) = version {
            request = request.with("version_id", version);
        }
        if organization.source != self.0.settings.source {
            return Err(self.error(Failure::NotRecorded, &request, "it names another account"));
        }
        let http = transport::build_aside(&self.0.settings, Purpose::Reveal).await;
        let http = http.map_err(|e| self.failed(&request, e))?;
        let urgency = Urgency::interactive();
        let answer = self.pass(&request, &urgency, &CancellationToken::new(), Some(&http)).await;
        drop(http);
        match answer {
            Ok(Answer { body, date, .. }) => match outcome(body.bytes(), password, organization) {
                Ok(outcome) => Ok(Revealed { outcome, server_date: date }),
                Err(Unusable::Unknown(what)) => Err(self.error(Failure::BadAnswer, &request, what)),
                Err(Unusable::Cut) => Err(self.error(Failure::Truncated, &request, "")),
                Err(Unusable::Other) => Err(self.error(Failure::WrongRecord, &request, "")),
            },
            // The record itself was listed with this key, so what is missing is the right to its value.
            Err(e) if matches!(e.failure, Failure::Forbidden(Refusal::MissingRight | Refusal::Unclear)) => {
                Ok(Revealed { outcome: Outcome::NoPasswordAccess, server_date: Clean::default() })
            }
            Err(e) => Err(e),
        }
    }
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    data: Resource<'a>,
}

#[derive(Deserialize)]
struct Resource<'a> {
    #[serde(borrow)]
    id: &'a RawValue,
    #[serde(borrow, rename = "type")]
    kind: &'a RawValue,
    #[serde(borrow)]
    attributes: Attributes<'a>,
}

/// The only struct of the program that sees the value, and it sees it as unread text. `Option` takes null as absent.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Attributes<'a> {
    #[serde(borrow, default)]
    organization_id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    vault_id: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "decode::present")]
    password: Option<&'a RawValue>,
}

/// Reads the value out of the answer, after checking that it is the right record's.
fn outcome(bytes: &[u8], password: u64, organization: OrganizationId) -> Result<Outcome, Unusable> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // The error of serde may repeat what it read: only its class is used.
    let envelope: Envelope<'_> = serde_json::from_slice(bytes)
        .map_err(|e| if e.is_eof() { Unusable::Cut } else { Unusable::Unknown("it is not a password record") })?;
    let record = envelope.data;
    let attributes = record.attributes;
    if decode::id(record.id.get()) != Ok(Some(password)) || !decode::is_password(record.kind.get()) {
        return Err(Unusable::Other);
    }
    if attributes.organization_id.map(|raw| decode::id(raw.get())) != Some(Ok(Some(organization.id))) {
        return Err(Unusable::Other);
    }
    if attributes.vault_id.is_some_and(|raw| decode::id(raw.get()) != Ok(None)) {
        return Ok(Outcome::Vaulted);
    }
    let Some(raw) = attributes.password.map(RawValue::get) else {
        return Ok(Outcome::NoPasswordAccess);
    };
    if raw == "null" {
        return Ok(Outcome::Empty);
    }
    let value = match raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(escaped) => unescape(escaped).ok_or(Unusable::Unknown("the value is not text"))?,
        // A PIN sent as a number: its digits as they are written.
        None if raw.bytes().all(|b| b.is_ascii_digit()) => Zeroizing::new(raw.to_owned()),
        None => return Err(Unusable::Unknown("the value is not text")),
    };
    if is_ciphertext(&value) {
        return Ok(Outcome::Vaulted);
    }
    let value = Secret::new(value);
    Ok(if value.is_empty() { Outcome::Empty } else { Outcome::Value(value) })
}

/// Whether a value has the form in which a vault's ciphertext comes, `AES256GCM…` or `AES-256-GCM…`; it does so also
/// for records without a `vault-id`. Nothing of the value is copied to find out.
fn is_ciphertext(value: &str) -> bool {
    const MARK: &str = "aes256gcm";
    let mut letters =
        value.trim_start().chars().filter(|c| !matches!(c, '-' | '_' | ' ')).map(|c| c.to_ascii_lowercase());
    MARK.chars().all(|wanted| letters.next() == Some(wanted))
}

/// Undoes JSON's escapes into a buffer that is large enough from the start: no escape grows.
fn unescape(escaped: &str) -> Option<Zeroizing<String>> {
    let mut value = Zeroizing::new(String::with_capacity(escaped.len()));
    let mut chars = escaped.chars();
    let hex = |chars: &mut std::str::Chars<'_>| -> Option<u32> {
        let mut unit = 0;
        for _ in 0..4 {
            unit = unit * 16 + chars.next()?.to_digit(16)?;
        }
        Some(unit)
    };
    while let Some(c) = chars.next() {
        if c != '\\' {
            value.push(c);
            continue;
        }
        let c = match chars.next()? {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'u' => {
                let unit = hex(&mut chars)?;
                let code = if (0xd800..0xdc00).contains(&unit) {
                    if (chars.next()?, chars.next()?) != ('\\', 'u') {
                        return None;
                    }
                    let low = hex(&mut chars)?;
                    0x1_0000 + ((unit - 0xd800) << 10) + low.checked_sub(0xdc00).filter(|low| *low < 0x400)?
                } else {
                    unit
                };
                char::from_u32(code)?
            }
            c @ ('"' | '\\' | '/') => c,
            _ => return None,
        };
        value.push(c);
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use gluepot_core::model::SourceId;

    use super::*;

    fn read(attributes: &str) -> Result<Outcome, Unusable> {
        let json = format!(r#"{{"data": {{"id": "66", "type": "passwords", "attributes": {attributes}}}}}"#);
        outcome(json.as_bytes(), 66, OrganizationId::new(SourceId::NONE, 7))
    }

    fn word(outcome: Result<Outcome, Unusable>) -> String {
        match outcome {
            Ok(Outcome::Value(value)) => format!("value {}", value.expose()),
            Ok(Outcome::Vaulted) => "vaulted".to_owned(),
            Ok(Outcome::NoPasswordAccess) => "no access".to_owned(),
            Ok(Outcome::Empty) => "empty".to_owned(),
            Err(e) => format!("{e:?}"),
        }
    }

    #[test]
    fn each_answer_has_its_outcome() {
        for (attributes, outcome) in [
            (r#"{"organization-id": 7, "password": "maple-Orbit"}"#, "value maple-Orbit"),
            (r#"{"organization-id": "7", "password": "a\"b\\c\u00e9\ud83d\ude00\/"}"#, "value a\"b\\cé😀/"),
            (r#"{"organization-id": 7, "password": "1\n2\t3\r4\b5\f6"}"#, "value 1\n2\t3\r4\u{8}5\u{c}6"),
            (r#"{"organization-id": 7, "password": 1234}"#, "value 1234"),
            (r#"{"organization-id": 7, "password": "x", "vault-id": 3}"#, "vaulted"),
            (r#"{"organization-id": 7, "password": "x", "vault-id": null}"#, "value x"),
            (r#"{"organization-id": 7, "password": "AES256GCM:0a1b2c"}"#, "vaulted"),
            (r#"{"organization-id": 7, "password": "AES-256-GCM$0a1b2c", "vault-id": null}"#, "vaulted"),
            (r#"{"organization-id": 7, "password": "aes256gcm.0a1b2c"}"#, "vaulted"),
            (r#"{"organization-id": 7, "password": "AES-256 backup key"}"#, "value AES-256 backup key"),
            (r#"{"organization-id": 7}"#, "no access"),
            (r#"{"organization-id": 7, "password": null}"#, "empty"),
            (r#"{"organization-id": 7, "password": ""}"#, "empty"),
            (r#"{"organization-id": 8, "password": "x"}"#, "Other"),
            (r#"{"password": "x"}"#, "Other"),
        ] {
            assert_eq!(word(read(attributes)), outcome, "{attributes}");
        }
    }

    #[test]
    fn another_record_gives_nothing() {
        for json in [
            r#"{"data": {"id": "67", "type": "passwords", "attributes": {"organization-id": 7, "password": "x"}}}"#,
            r#"{"data": {"id": "66", "type": "contacts", "attributes": {"organization-id": 7, "password": "x"}}}"#,
        ] {
            assert_eq!(word(outcome(json.as_bytes(), 66, OrganizationId::new(SourceId::NONE, 7))), "Other");
        }
    }

    #[test]
    fn no_error_repeats_the_value() {
        for attributes in [
            r#"{"organization-id": 7, "password": {"deep": "maple-Orbit"}}"#,
            r#"{"organization-id": 7, "password": "maple-Orbit\ud800"}"#,
            r#"{"organization-id": 7, "password": "maple-Orbit\ud83d\ue000"}"#,
            r#""maple-Orbit""#,
            r#"{"organization-id": 7, "password": "maple-Orbit"#,
        ] {
            let outcome = word(read(attributes));
            assert!(!outcome.contains("maple"), "{outcome}");
            assert!(!outcome.starts_with("value"), "{outcome}");
        }
    }

    proptest! {
        #[test]
        fn any_value_survives_the_way(value in any::<String>()) {
            let json = serde_json::to_string(&value).expect("text");
            let read = unescape(&json[1..json.len() - 1]);
            prop_assert_eq!(read.as_deref(), Some(&value));
        }

        #[test]
        fn no_escape_makes_it_panic(escaped in "[\\\\u0-9a-fn\"]{0,30}") {
            let _ = unescape(&escaped);
        }
    }
}
