//! Faults as people write them, `429:retry-after=2:path=/passwords`, and the help that explains them.

use std::str::FromStr;
use std::time::Duration;

use super::rule::{ErrorBody, Fault, RetryAfter, Rule};

/// What `--fault list` prints, and what `docs/fake-server.md` says in more words.
pub const HELP: &str = "\
A fault is NAME[=VALUE], followed by any of its own settings and of the common ones, separated by colons.

Common settings
  path=TEXT         only requests whose path and query contain TEXT (a colon in it is written %3A)
  method=GET        only requests with this method
  after=N           let the first N matching requests pass
  count=N           then strike N times, and no more

Time
  latency=300ms     wait before answering; jitter=100ms adds up to that much, at random
  silent            take the request and never answer
  drip              send the body byte by byte; every=1s sets the pause

Refusals
  429               too many requests; retry-after=2 | date+30 | 0 | 999999 | any text; left out: no header
  STATUS            any other status from 400 to 599, for example 503
                    both: body=errors | string-status | gateway | html | empty | text
  folders-refused   401 for the folder lists of an organization, as for keys without access to them;
                    =403 and =404 are what other accounts answer
  captive-portal    200 with the HTML page of a captive portal
  redirect=URL      302 to the same path at URL, for example http://127.0.0.1:9

Broken transport
  truncate          close the connection after half of the body; keep=100 sets the bytes that get through
  reset             reset the connection without an answer
  endless           a body that never ends
  oversized=64MB    a well-formed answer of that size
  bomb=1GB          the same, packed by gzip if the client accepts that

Odd content
  insert            after answering a list, insert a row that sorts first
  delete            after answering a list, delete its first row
  rename            after answering a list, rename its first row so that it sorts last
  empty-write       a write that is done is answered with 200 and no body
  no-meta           lists without `meta`
  no-links          lists without `links`
  wrong-total=7     `total-count` off by that much (may be negative)
  page-loop         `next-page` and `next` always lead back to page 1
  page-endless      `next-page` always counts on; pages past the end are empty
  legacy-content    document bodies as strings instead of blocks
  charset           `content-type` with a charset
  foreign-row       every list under an organization begins with a row of another one
  malformed-row     the first row of a list cannot be understood
  no-access         passwords without their value, although the key may see it
  list-password     rows of password lists carry the value, as one row of the documentation does

Accounts that differ
  open-lists        /document_folders, /password_folders, /checklist_tasks, /checklist_template_tasks and
                    /ssl_certificates can be listed with a key
  strict            only documented filters, sort fields and includes work
  bare-links        `links` is {} where one page holds everything
  pair-alone        psa_id and rmm_id without the type of the integration are ignored, not refused
  api-downloads     the address of an attachment is on the host of the API and needs the key";

/// Why a fault could not be understood.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("fault `{spec}`: {problem}; `--fault list` shows them all")]
pub struct SpecError {
    spec: String,
    problem: String,
}

fn duration(text: &str) -> Option<Duration> {
    let (number, factor) = if let Some(number) = text.strip_suffix("ms") {
        (number, 0.001)
    } else if let Some(number) = text.strip_suffix('s') {
        (number, 1.0)
    } else {
        (text, 1.0)
    };
    Duration::try_from_secs_f64(number.trim().parse::<f64>().ok()? * factor).ok()
}

fn bytes(text: &str) -> Option<u64> {
    let upper = text.trim().to_ascii_uppercase();
    let (number, factor) = [("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10), ("B", 1)]
        .into_iter()
        .find_map(|(unit, factor)| Some((upper.strip_suffix(unit)?, factor)))
        .unwrap_or((&upper, 1_u64));
    number.trim().parse::<u64>().ok()?.checked_mul(factor)
}

/// The settings of a spec that were not used yet.
struct Settings<'a>(Vec<(&'a str, String)>);

impl Settings<'_> {
    fn take(&mut self, key: &str) -> Option<String> {
        let at = self.0.iter().position(|(name, _)| *name == key)?;
        Some(self.0.swap_remove(at).1)
    }

    fn read<T>(&mut self, key: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, String> {
        match self.take(key) {
            None => Ok(None),
            Some(text) => read(&text).map(Some).ok_or_else(|| format!("`{text}` makes no sense for `{key}`")),
        }
    }
}

fn parse(spec: &str) -> Result<Rule, String> {
    let mut parts = split_settings(spec).into_iter();
    let head = parts.next().unwrap_or_default();
    let (name, value) = head.split_once('=').map_or((head, None), |(name, value)| (name, Some(value)));
    let mut settings = Settings(
        parts
            .map(|part| {
                let (key, value) = part.split_once('=').ok_or_else(|| format!("`{part}` has no value"))?;
                Ok((key.trim(), value.replace("%3A", ":").replace("%3a", ":")))
            })
            .collect::<Result<_, String>>()?,
    );
    let fault = fault(name, value, &mut settings)?;
    let takes_value = matches!(name, "latency" | "redirect" | "oversized" | "bomb" | "wrong-total" | "folders-refused");
    if value.is_some() && !takes_value {
        return Err(format!("`{name}` takes no value"));
    }
    let number = |text: &str| text.parse().ok();
    let rule = Rule {
        fault,
        method: settings.take("method").map(|method| method.to_ascii_uppercase()),
        path: settings.take("path"),
        after: settings.read("after", number)?.unwrap_or(0),
        count: settings.read("count", number)?,
    };
    match settings.0.first() {
        Some((key, _)) => Err(format!("`{name}` knows no setting `{key}`")),
        None => Ok(rule),
    }
}

/// The fault of a name, with the value behind it and those of the settings it uses.
fn fault(name: &str, value: Option<&str>, settings: &mut Settings<'_>) -> Result<Fault, String> {
    let value_as = |what: &str| value.ok_or_else(|| format!("`{name}` needs {what}, as in `{name}=…`"));
    Ok(match name {
        "latency" => {
            let text = value_as("a time")?;
            let wait = duration(text).ok_or_else(|| format!("`{text}` is not a time"))?;
            Fault::Latency { wait, jitter: settings.read("jitter", duration)?.unwrap_or_default() }
        }
        "silent" => Fault::Silent,
        "drip" => Fault::Drip { every: settings.read("every", duration)?.unwrap_or(Duration::from_secs(1)) },
        "folders-refused" => match value.unwrap_or("401").parse() {
            Ok(status @ (401 | 403 | 404)) => Fault::FoldersRefused(status),
            _ => return Err(format!("`{name}` is 401, 403 or 404")),
        },
        "captive-portal" => Fault::CaptivePortal,
        "redirect" => Fault::Redirect(value_as("an address")?.replace("%3A", ":").trim_end_matches('/').to_owned()),
        "truncate" => Fault::Truncate { keep: settings.read("keep", |text| text.parse().ok())? },
        "reset" => Fault::Reset,
        "endless" => Fault::Endless,
        "oversized" | "bomb" => {
            let text = value_as("a size")?;
            let size = bytes(text).ok_or_else(|| format!("`{text}` is not a size"))?;
            if name == "bomb" { Fault::Bomb(size) } else { Fault::Oversized(size) }
        }
        "insert" => Fault::Insert,
        "delete" => Fault::Delete,
        "rename" => Fault::Rename,
        "empty-write" => Fault::EmptyWrite,
        "no-meta" => Fault::NoMeta,
        "no-links" => Fault::NoLinks,
        "wrong-total" => {
            let text = value_as("a number")?;
            Fault::WrongTotal(text.parse().map_err(|_| format!("`{text}` is not a number"))?)
        }
        "page-loop" => Fault::PageLoop,
        "page-endless" => Fault::PageEndless,
        "legacy-content" => Fault::LegacyContent,
        "charset" => Fault::Charset,
        "foreign-row" => Fault::ForeignRow,
        "malformed-row" => Fault::MalformedRow,
        "no-access" => Fault::NoAccess,
        "list-password" => Fault::ListPassword,
        "open-lists" => Fault::OpenLists,
        "strict" => Fault::Strict,
        "bare-links" => Fault::BareLinks,
        "pair-alone" => Fault::PairAlone,
        "api-downloads" => Fault::ApiDownloads,
        _ => match name.parse::<u16>() {
            Ok(status) if (400..600).contains(&status) => error_answer(status, settings)?,
            _ => return Err(format!("there is no fault `{name}`")),
        },
    })
}

/// An error answer in the form and with the pause that the settings say.
fn error_answer(status: u16, settings: &mut Settings<'_>) -> Result<Fault, String> {
    let body = settings.read("body", |text| {
        Some(match text {
            "errors" => ErrorBody::Errors,
            "string-status" => ErrorBody::StringStatus,
            "gateway" => ErrorBody::Gateway,
            "html" => ErrorBody::Html,
            "empty" => ErrorBody::Empty,
            "text" => ErrorBody::Text,
            _ => return None,
        })
    })?;
    let retry_after = settings.take("retry-after").map(|text| {
        let date = text.strip_prefix("date+").and_then(|seconds| seconds.parse().ok());
        date.map_or(RetryAfter::Text(text), RetryAfter::Date)
    });
    Ok(Fault::Status { status, body: body.unwrap_or(ErrorBody::Errors), retry_after })
}

/// The parts between colons. Colons of an address (`http://…:80`) do not separate.
fn split_settings(spec: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, _) in spec.match_indices(':') {
        let after = &spec[at + 1..];
        let port = after.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
        if after.starts_with("//") || port {
            continue;
        }
        parts.push(&spec[start..at]);
        start = at + 1;
    }
    parts.push(&spec[start..]);
    parts
}

impl FromStr for Rule {
    type Err = SpecError;

    fn from_str(spec: &str) -> Result<Self, SpecError> {
        parse(spec.trim()).map_err(|problem| SpecError { spec: spec.to_owned(), problem })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn specs_say_what_they_mean() {
        let rule: Rule = "429:retry-after=2:count=3:path=/passwords".parse().unwrap();
        assert_eq!(rule.path.as_deref(), Some("/passwords"));
        assert_eq!(rule.count, Some(3));
        let retry_after = Some(RetryAfter::Text("2".into()));
        assert_eq!(rule.fault, Fault::Status { status: 429, body: ErrorBody::Errors, retry_after });
        let rule: Rule = "latency=1.5s:jitter=20ms".parse().unwrap();
        assert_eq!(rule.fault, Fault::Latency { wait: Duration::from_millis(1500), jitter: Duration::from_millis(20) });
        let rule: Rule = "redirect=http://127.0.0.1:9:method=get:after=1".parse().unwrap();
        assert_eq!(rule.fault, Fault::Redirect("http://127.0.0.1:9".into()));
        assert_eq!((rule.method.as_deref(), rule.after), (Some("GET"), 1));
        assert_eq!("bomb=1GB".parse::<Rule>().unwrap().fault, Fault::Bomb(1 << 30));
    }

    #[test]
    fn wrong_specs_are_refused_with_the_reason() {
        for (spec, reason) in [
            ("unicorn", "no fault `unicorn`"),
            ("latency", "needs a time"),
            ("latency=soon", "`soon` is not a time"),
            ("silent=5", "takes no value"),
            ("429:body=yaml", "makes no sense for `body`"),
            ("silent:every=1s", "no setting `every`"),
            ("reset:count", "has no value"),
            ("999", "no fault `999`"),
            ("folders-refused=500", "is 401, 403 or 404"),
        ] {
            let error = spec.parse::<Rule>().unwrap_err().to_string();
            assert!(error.contains(reason), "{spec}: {error}");
        }
    }

    #[test]
    fn every_fault_of_the_help_is_understood_and_comes_back_as_text() {
        let mut count = 0;
        for line in HELP.lines().skip_while(|line| *line != "Time") {
            let Some(name) = line.strip_prefix("  ").and_then(|line| line.split(' ').next()) else { continue };
            let spec = match name {
                "" => continue,
                "STATUS" => "503:body=html",
                "redirect=URL" => "redirect=http://127.0.0.1:9",
                name => name,
            };
            let rule: Rule = spec.parse().unwrap();
            assert_eq!(rule.to_string().parse::<Rule>().unwrap(), rule);
            count += 1;
        }
        assert_eq!(count, 33, "a new fault belongs into the help");
    }

    proptest! {
        #[test]
        fn any_text_is_a_spec_or_an_error(text in ".*") {
            if let Ok(rule) = text.parse::<Rule>() {
                let again: Rule = rule.to_string().parse().unwrap();
                prop_assert_eq!(again.fault, rule.fault);
            }
        }
    }
}
