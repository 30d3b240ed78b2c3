//! Whether to try again, and when: pure decisions.

use std::time::Duration;

use super::error::{Failure, Stage};

/// Tries of one request, refusals by 429 not counted.
pub(super) const TRIES: u32 = 3;
/// First wait between two tries.
const FIRST_WAIT: Duration = Duration::from_millis(400);
/// Longest wait that a 503 may ask for.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// What to do after a failed try of a GET.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Next {
    /// Send again after this time
    After(Duration),
    /// Tell the user
    GiveUp,
}

/// Decides after the `tries`-th try (from 1), `elapsed` after the first one began, when all tries together may take
/// `whole`. None is begun in the second half of that time: a request that hangs is not repeated, and a repeated one
/// has time to be answered. `jitter` is from 0 to 1.
pub(super) fn decide(
    failure: &Failure,
    retry_after: Option<Duration>,
    tries: u32,
    elapsed: Duration,
    whole: Duration,
    jitter: f64,
) -> Next {
    if tries >= TRIES || elapsed > whole / 2 || !worth_repeating(failure) {
        return Next::GiveUp;
    }
    let doubled = FIRST_WAIT.saturating_mul(2_u32.saturating_pow(tries.saturating_sub(1).min(10)));
    let jittered = doubled.mul_f64(0.5 + jitter.clamp(0.0, 1.0));
    let pause = jittered.max(retry_after.unwrap_or_default()).min(LONGEST_WAIT);
    if elapsed + pause >= whole { Next::GiveUp } else { Next::After(pause) }
}

/// Failures that pass by themselves. 429 is not among them: the pacer handles it for all requests.
fn worth_repeating(failure: &Failure) -> bool {
    match failure {
        Failure::Server(status) => matches!(status, 502..=504),
        Failure::Network
        | Failure::Dns
        | Failure::Refused
        | Failure::Proxy
        | Failure::Truncated
        | Failure::Timeout(Stage::Connect) => true,
        _ => false,
    }
}

/// Reads a `Retry-After` header: seconds or an HTTP date. `now` is the server's `Date` if it sent one, so that a
/// wrong local clock does no harm. Anything else counts as no header.
pub(super) fn retry_after(header: &str, now: jiff::Timestamp) -> Option<Duration> {
    let header = header.trim();
    if !header.is_empty() && header.bytes().all(|b| b.is_ascii_digit()) {
        // More digits than fit are "very long", which the pacer cuts.
        return Some(Duration::from_secs(header.parse().unwrap_or(u64::from(u32::MAX))));
    }
    let when = http_date(header)?;
    let seconds = when.as_second().saturating_sub(now.as_second());
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

/// Reads the three forms of a date in HTTP; only the first is still sent.
pub(super) fn http_date(text: &str) -> Option<jiff::Timestamp> {
    let text = text.trim();
    jiff::fmt::rfc2822::parse(text).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: Duration = Duration::from_secs(30);

    fn now() -> jiff::Timestamp {
        http_date("Wed, 21 Oct 2026 07:28:00 GMT").expect("a date")
    }

    #[test]
    fn retry_after_is_read_as_seconds_or_date() {
        for (header, seconds) in [
            ("0", 0),
            (" 12 ", 12),
            ("999999", 999_999),
            ("99999999999999999999999", u64::from(u32::MAX)),
            ("Wed, 21 Oct 2026 07:29:30 GMT", 90),
            ("Wed, 21 Oct 2020 07:28:00 GMT", 0),
        ] {
            assert_eq!(retry_after(header, now()), Some(Duration::from_secs(seconds)), "{header}");
        }
        for header in ["", "soon", "-5", "1.5", "\u{0}", "Wed, 99 Oct 2026"] {
            assert_eq!(retry_after(header, now()), None, "{header:?}");
        }
    }

    #[test]
    fn only_what_passes_by_itself_is_repeated() {
        let again = |failure| decide(&failure, None, 1, Duration::ZERO, WHOLE, 0.5) != Next::GiveUp;
        for failure in [Failure::Server(502), Failure::Server(503), Failure::Server(504), Failure::Network] {
            assert!(again(failure.clone()), "{failure:?}");
        }
        for failure in [
            Failure::Server(500),
            Failure::Unauthorized,
            Failure::NotFound,
            Failure::Tls,
            Failure::Timeout(Stage::FirstByte),
            Failure::Timeout(Stage::Whole),
            Failure::BadAnswer,
            Failure::TooLarge { limit: 1 },
            Failure::WebPage,
        ] {
            assert!(!again(failure.clone()), "{failure:?}");
        }
    }

    #[test]
    fn waits_double_and_jitter_moves_them_by_half() {
        let wait = |tries, jitter| match decide(&Failure::Network, None, tries, Duration::ZERO, WHOLE, jitter) {
            Next::After(wait) => wait.as_millis(),
            Next::GiveUp => 0,
        };
        let waits = [wait(1, 0.0), wait(1, 0.5), wait(1, 1.0), wait(1, 7.0), wait(2, 0.5), wait(3, 0.5)];
        assert_eq!(waits, [200, 400, 600, 600, 800, 0]);
        let asked = Some(Duration::from_secs(3));
        let next = |elapsed| decide(&Failure::Network, asked, 1, elapsed, WHOLE, 0.5);
        assert_eq!(next(WHOLE / 2), Next::After(Duration::from_secs(3)), "what the server asks for, if it is longer");
        assert_eq!(next(WHOLE / 2 + Duration::from_millis(1)), Next::GiveUp, "no try begins in the second half");
    }

    #[test]
    fn tries_end_and_waits_are_bounded() {
        assert_eq!(decide(&Failure::Network, None, TRIES, Duration::ZERO, WHOLE, 0.0), Next::GiveUp);
        assert_eq!(decide(&Failure::Network, None, 1, WHOLE * 2 / 3, WHOLE, 0.0), Next::GiveUp);
        let asks_for_more = decide(&Failure::Network, Some(Duration::MAX), 1, Duration::ZERO, LONGEST_WAIT, 0.0);
        assert_eq!(asks_for_more, Next::GiveUp, "no try begins after the end");
        for tries in 1..TRIES {
            let Next::After(wait) = decide(&Failure::Network, Some(Duration::MAX), tries, Duration::ZERO, WHOLE, 1.0)
            else {
                panic!("it is tried again")
            };
            assert_eq!(wait, LONGEST_WAIT);
        }
    }
}
