//! Why no answer came: what reqwest, rustls and the system say, in words for people.

use std::error::Error as _;
use std::io;

use super::failed::Failed;
use crate::error::{Failure, Stage};
use crate::proxy::Proxy;
use crate::settings::Settings;

/// Blames the proxy: behind one, an unknown name or a closed port is never IT Glue's.
pub(super) fn by_way_of(mut failed: Failed, settings: &Settings) -> Failed {
    let is_connecting = matches!(failed.failure, Failure::Dns | Failure::Refused | Failure::Proxy);
    if is_connecting && let Ok(Some(proxy)) = Proxy::of_process(&settings.base_url) {
        failed.failure = Failure::Proxy;
        failed.detail = format!("{proxy}: {}", failed.detail);
    }
    failed
}

/// Says what reqwest means.
pub(super) fn classify(error: &reqwest::Error) -> Failed {
    let detail = deepest(error);
    let failed = |failure| Failed { never_left: error.is_connect(), ..Failed::new(failure, detail.clone()) };
    if error.is_timeout() {
        return failed(Failure::Timeout(if error.is_connect() { Stage::Connect } else { Stage::Whole }));
    }
    let mut cause = error.source();
    while let Some(this) = cause {
        if let Some(tls) = tls_error(this) {
            return Failed { detail: not_safe(tls), ..failed(Failure::Tls) };
        }
        let words = this.to_string();
        if words.starts_with("dns error") || words.contains("failed to lookup address") {
            return failed(Failure::Dns);
        }
        if error.is_connect() && (words.contains("tunnel") || words.contains("proxy")) {
            return failed(Failure::Proxy);
        }
        if let Some(http) = this.downcast_ref::<hyper::Error>()
            && http.is_incomplete_message()
        {
            return failed(Failure::Truncated);
        }
        if let Some(io) = this.downcast_ref::<io::Error>() {
            match io.kind() {
                io::ErrorKind::ConnectionRefused => return failed(Failure::Refused),
                io::ErrorKind::UnexpectedEof if !error.is_connect() => return failed(Failure::Truncated),
                _ => {}
            }
        }
        cause = this.source();
    }
    if error.is_decode() || error.is_body() {
        return failed(Failure::Truncated);
    }
    failed(Failure::Network)
}

/// What rustls said. I/O errors hold each other in a way that `source` does not show.
fn tls_error<'a>(mut cause: &'a (dyn std::error::Error + 'static)) -> Option<&'a rustls::Error> {
    loop {
        if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
            return Some(tls);
        }
        cause = cause.downcast_ref::<io::Error>()?.get_ref()?;
    }
}

/// Why the connection is not safe, in words.
fn not_safe(error: &rustls::Error) -> String {
    use rustls::{CertificateError as Wrong, Error as Tls};

    let certificate = match error {
        Tls::InvalidCertificate(certificate) => certificate,
        Tls::PeerIncompatible(_) | Tls::AlertReceived(rustls::AlertDescription::ProtocolVersion) => {
            return format!("the server speaks no version of TLS that is still safe: 1.2 or 1.3 is needed ({error})");
        }
        Tls::AlertReceived(_) => return format!("the server broke off ({error})"),
        Tls::InvalidMessage(_) => return format!("what answers there does not speak TLS ({error})"),
        _ => return error.to_string(),
    };
    let what = certificate.to_string();
    let plain = match certificate {
        Wrong::Expired | Wrong::ExpiredContext { .. } => "has expired",
        Wrong::NotValidYet | Wrong::NotValidYetContext { .. } => "is not valid yet",
        Wrong::NotValidForName | Wrong::NotValidForNameContext { .. } => "is for another name",
        Wrong::UnknownIssuer => "was signed by nobody this system trusts",
        Wrong::BadSignature => "has a signature that is not its issuer's",
        Wrong::InvalidPurpose | Wrong::InvalidPurposeContext { .. } => "is not meant for servers",
        Wrong::UnsupportedSignatureAlgorithmContext { .. }
        | Wrong::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            "is signed in a way that is not safe any more"
        }
        Wrong::Revoked => "was revoked",
        // The library has no names for these.
        _ if what.contains("EkuError") => "is not meant for servers",
        _ if what.contains("CaUsedAsEndEntity") => "belongs to an authority and not to a server",
        _ if what.contains("NameConstraintViolation") => "is for a name that its issuer may not sign for",
        _ if what.contains("EndEntityUsedAsCa") || what.contains("PathLenConstraintViolated") => {
            "was signed by somebody who may not sign for others"
        }
        _ => "is not acceptable",
    };
    format!("the server's certificate {plain} ({what})")
}

/// The innermost cause: the system's own words. reqwest's outer ones repeat the address, query included.
pub(super) fn deepest(error: &reqwest::Error) -> String {
    let mut words = String::new();
    let mut cause = error.source();
    while let Some(this) = cause {
        words = this.to_string();
        cause = this.source();
    }
    words
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn what_is_wrong_with_a_certificate_is_said_in_words() {
        use rustls::{CertificateError as Wrong, Error as Tls, OtherError};

        let other = |what: &'static str| Wrong::Other(OtherError(Arc::new(io::Error::other(what))));
        for (wrong, words) in [
            (Wrong::Expired, "has expired"),
            (Wrong::NotValidYet, "is not valid yet"),
            (Wrong::NotValidForName, "is for another name"),
            (Wrong::UnknownIssuer, "was signed by nobody this system trusts"),
            (Wrong::BadSignature, "has a signature that is not its issuer's"),
            (Wrong::InvalidPurpose, "is not meant for servers"),
            (Wrong::Revoked, "was revoked"),
            (other("RequiredEkuErrorFound"), "is not meant for servers"),
            (other("CaUsedAsEndEntity"), "belongs to an authority and not to a server"),
            (other("NameConstraintViolation"), "is for a name that its issuer may not sign for"),
            (other("EndEntityUsedAsCa"), "was signed by somebody who may not sign for others"),
            (other("PathLenConstraintViolated"), "was signed by somebody who may not sign for others"),
            (other("something"), "is not acceptable"),
        ] {
            let told = not_safe(&Tls::InvalidCertificate(wrong));
            assert!(told.starts_with(&format!("the server's certificate {words} (")), "{told}");
        }
        let told = not_safe(&Tls::AlertReceived(rustls::AlertDescription::ProtocolVersion));
        assert!(told.contains("1.2 or 1.3 is needed"), "{told}");
        let told = not_safe(&Tls::AlertReceived(rustls::AlertDescription::HandshakeFailure));
        assert!(told.starts_with("the server broke off"), "{told}");
        let told = not_safe(&Tls::InvalidMessage(rustls::InvalidMessage::InvalidContentType));
        assert!(told.starts_with("what answers there does not speak TLS"), "{told}");
    }
}
