//! The quota of an account in figures: what is left of it, what a refusal costs, and how long it quiets everybody. What
//! `pace` and `ledger` both have to know, and neither has to know of the other.

use std::time::Duration;

/// The part of the quota that a process takes which cannot see what the others take.
pub(super) const ALONE: f64 = 0.25;
/// This many refusals in a row open the breaker.
pub(super) const BREAKER: u32 = 5;
/// Shortest pause after a 429 that does not say how long.
pub(super) const QUIET: Duration = Duration::from_secs(5);
/// Shortest pause when it does: `Retry-After: 0` must not turn into a storm.
const SHORTEST: Duration = Duration::from_secs(1);
/// Longest pause, whatever the server says: after a whole window the quota is fresh.
pub(super) const LONGEST: Duration = Duration::from_secs(300);
/// The share of the quota that is won back per minute without a refusal.
pub(super) const RECOVERY: f64 = 0.10;

/// How long to be quiet after the n-th refusal in a row: what the server asks for within sensible bounds, else at
/// least five seconds, doubling, with jitter so that several programs do not come back together.
pub(super) fn pause_after(strikes: u32, retry_after: Option<Duration>, jitter: f64) -> Duration {
    let doubled = 2_u32.saturating_pow(strikes.saturating_sub(1).min(10));
    let least = match retry_after {
        Some(asked) => asked.max(SHORTEST.saturating_mul(doubled)),
        None => QUIET.saturating_mul(doubled),
    };
    let least = least.min(LONGEST);
    least + least.min(QUIET).mul_f64(jitter.clamp(0.0, 1.0) * 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_doubles_with_each_refusal_and_jitter_adds_half_of_the_first_five_seconds() {
        let pause = |strikes, asked: Option<u64>, jitter| {
            pause_after(strikes, asked.map(Duration::from_secs), jitter).as_millis()
        };
        let quiet = [pause(0, None, 0.0), pause(1, None, 0.0), pause(2, None, 0.0), pause(3, None, 0.0)];
        assert_eq!(quiet, [5_000, 5_000, 10_000, 20_000]);
        assert_eq!([pause(1, None, 1.0), pause(2, None, 1.0), pause(1, None, 9.0)], [7_500, 12_500, 7_500]);
        let asked = [pause(1, Some(0), 0.0), pause(1, Some(0), 1.0), pause(3, Some(0), 0.0), pause(1, Some(30), 0.0)];
        assert_eq!(asked, [1_000, 1_500, 4_000, 30_000]);
        assert_eq!([pause(1, Some(999_999), 0.0), pause(99, None, 1.0)], [300_000, 302_500]);
    }

    #[test]
    fn pauses_are_bounded_on_both_sides() {
        for strikes in 1..100 {
            for jitter in [0.0, 0.5, 1.0] {
                assert!(pause_after(strikes, None, jitter) >= QUIET);
                for asked in [0, 1, 30, 999_999] {
                    let pause = pause_after(strikes, Some(Duration::from_secs(asked)), jitter);
                    assert!(pause >= SHORTEST && pause <= LONGEST + QUIET, "{strikes} {asked}: {pause:?}");
                }
            }
        }
    }
}
