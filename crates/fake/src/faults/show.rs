//! Faults as people write them.

use std::fmt;
use std::time::Duration;

use super::rule::{ErrorBody, Fault, RetryAfter, Rule};

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = |time: &Duration| format!("{}ms", time.as_millis());
        match self {
            Self::Latency { wait, jitter } if jitter.is_zero() => write!(f, "latency={}", millis(wait)),
            Self::Latency { wait, jitter } => write!(f, "latency={}:jitter={}", millis(wait), millis(jitter)),
            Self::Status { status, body, retry_after } => {
                write!(f, "{status}")?;
                match body {
                    ErrorBody::Errors => {}
                    ErrorBody::StringStatus => f.write_str(":body=string-status")?,
                    ErrorBody::Gateway => f.write_str(":body=gateway")?,
                    ErrorBody::Html => f.write_str(":body=html")?,
                    ErrorBody::Empty => f.write_str(":body=empty")?,
                    ErrorBody::Text => f.write_str(":body=text")?,
                }
                match retry_after {
                    None => Ok(()),
                    Some(RetryAfter::Text(text)) => write!(f, ":retry-after={}", text.replace(':', "%3A")),
                    Some(RetryAfter::Date(seconds)) => write!(f, ":retry-after=date+{seconds}"),
                }
            }
            Self::Silent => f.write_str("silent"),
            Self::Drip { every } => write!(f, "drip:every={}", millis(every)),
            Self::FoldersRefused(401) => f.write_str("folders-refused"),
            Self::FoldersRefused(status) => write!(f, "folders-refused={status}"),
            Self::CaptivePortal => f.write_str("captive-portal"),
            Self::Redirect(to) => write!(f, "redirect={to}"),
            Self::Truncate { keep: None } => f.write_str("truncate"),
            Self::Truncate { keep: Some(keep) } => write!(f, "truncate:keep={keep}"),
            Self::Reset => f.write_str("reset"),
            Self::Endless => f.write_str("endless"),
            Self::Oversized(size) => write!(f, "oversized={size}"),
            Self::Bomb(size) => write!(f, "bomb={size}"),
            Self::Insert => f.write_str("insert"),
            Self::Delete => f.write_str("delete"),
            Self::Rename => f.write_str("rename"),
            Self::EmptyWrite => f.write_str("empty-write"),
            Self::NoMeta => f.write_str("no-meta"),
            Self::NoLinks => f.write_str("no-links"),
            Self::WrongTotal(off) => write!(f, "wrong-total={off}"),
            Self::PageLoop => f.write_str("page-loop"),
            Self::PageEndless => f.write_str("page-endless"),
            Self::LegacyContent => f.write_str("legacy-content"),
            Self::Charset => f.write_str("charset"),
            Self::ForeignRow => f.write_str("foreign-row"),
            Self::MalformedRow => f.write_str("malformed-row"),
            Self::NoAccess => f.write_str("no-access"),
            Self::ListPassword => f.write_str("list-password"),
            Self::OpenLists => f.write_str("open-lists"),
            Self::Strict => f.write_str("strict"),
            Self::BareLinks => f.write_str("bare-links"),
            Self::PairAlone => f.write_str("pair-alone"),
            Self::ApiDownloads => f.write_str("api-downloads"),
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fault.fmt(f)?;
        if let Some(method) = &self.method {
            write!(f, ":method={method}")?;
        }
        if let Some(path) = &self.path {
            write!(f, ":path={}", path.replace(':', "%3A"))?;
        }
        if self.after > 0 {
            write!(f, ":after={}", self.after)?;
        }
        if let Some(count) = self.count {
            write!(f, ":count={count}")?;
        }
        Ok(())
    }
}
