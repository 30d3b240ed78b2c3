//! Names with `*` (any text) and `?` (any one character), compared as [`plain`] makes them.

use super::plain::plain;

/// A pattern for a whole name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pattern {
    text: String,
    folded: Vec<char>,
}

/// The longest pattern, in characters: matching takes at most this times the length of a name.
pub const LONGEST: usize = 200;

impl Pattern {
    /// A pattern; `None` where it is too long.
    pub fn new(text: &str) -> Option<Self> {
        let folded: Vec<char> = plain(text).chars().collect();
        (folded.len() <= LONGEST).then(|| Self { text: text.to_owned(), folded })
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it can only be an id.
    pub fn is_number(&self) -> bool {
        !self.folded.is_empty() && self.folded.iter().all(char::is_ascii_digit)
    }

    /// Whether it is a name that went through [`plain`]. Goes back to the last `*` only, so it ends soon whatever both
    /// are.
    pub(super) fn fits(&self, name: &[char]) -> bool {
        let pattern = &self.folded;
        let (mut at, mut in_name) = (0, 0);
        let mut star: Option<(usize, usize)> = None;
        while in_name < name.len() {
            match pattern.get(at) {
                Some('*') => {
                    star = Some((at, in_name));
                    at += 1;
                }
                Some(&c) if c == '?' || c == name[in_name] => {
                    at += 1;
                    in_name += 1;
                }
                _ => match star {
                    Some((star_at, from)) => {
                        star = Some((star_at, from + 1));
                        (at, in_name) = (star_at + 1, from + 1);
                    }
                    None => return false,
                },
            }
        }
        pattern[at..].iter().all(|&c| c == '*')
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fits(pattern: &str, name: &str) -> bool {
        Pattern::new(pattern).unwrap().fits(&plain(name).chars().collect::<Vec<_>>())
    }

    /// The same by the definition, slowly.
    fn by_definition(pattern: &[char], name: &[char]) -> bool {
        match pattern.split_first() {
            None => name.is_empty(),
            Some(('*', rest)) => (0..=name.len()).any(|at| by_definition(rest, &name[at..])),
            Some((c, rest)) => {
                name.split_first().is_some_and(|(n, more)| (*c == '?' || c == n) && by_definition(rest, more))
            }
        }
    }

    #[test]
    fn a_pattern_is_for_the_whole_name() {
        assert!(fits("Domain admin", "domain ADMIN") && !fits("Domain", "Domain admin"));
        assert!(fits("*admin*", "HPD local admin") && fits("*", "") && fits("h?d", "HPD") && !fits("h?d", "HD"));
        assert_eq!(Pattern::new("HPD *").unwrap().as_str(), "HPD *", "as it was written");
        assert!(fits("ørsted*", "Ørsted AS") && fits("stra\u{a0}ße*", "STRA SSE 7") && !fits("", "x") && fits("", ""));
    }

    #[test]
    fn only_digits_are_a_number() {
        assert!(Pattern::new("4120387").unwrap().is_number() && !Pattern::new("41*").unwrap().is_number());
        assert!(Pattern::new(&"x".repeat(LONGEST + 1)).is_none());
    }

    #[test]
    fn a_long_name_and_many_stars_end_soon() {
        let begun = std::time::Instant::now();
        assert!(!fits(&"*a".repeat(99), &"a".repeat(90)));
        assert!(!fits(&format!("{}b", "*a".repeat(99)), &"a".repeat(200_000)));
        assert!(begun.elapsed() < std::time::Duration::from_secs(5), "{:?}", begun.elapsed());
    }

    proptest! {
        #[test]
        fn it_fits_what_it_says(pattern in "[ab*?]{0,7}", name in "[ab]{0,8}") {
            let (p, n): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
            prop_assert_eq!(fits(&pattern, &name), by_definition(&p, &n));
        }
    }
}
