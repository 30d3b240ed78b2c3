//! When the screen locks, and the PIN that a policy may ask for.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use super::pin::Pin;
use crate::policy::Because;

/// How the screen locks: settings and policy together.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LockRules {
    /// Time without a key after which the screen locks
    pub after: Option<Duration>,
    /// The policy line that asks for a PIN; `None` where no policy does
    pub asked_by: Option<Because>,
    /// The file with the PIN's hash
    pub file: PathBuf,
}

impl LockRules {
    /// The setting (0 is off) and what a policy requires: of two times the shorter one.
    pub fn new(setting: u32, at_most: Option<u32>, asked_by: Option<Because>, file: PathBuf) -> Self {
        let seconds = Some(setting).filter(|&seconds| seconds > 0).into_iter().chain(at_most).min();
        Self { after: seconds.map(|seconds| Duration::from_secs(seconds.into())), asked_by, file }
    }

    /// Why nothing secret may be fetched: a policy requires a PIN, and none that can be used is set. Reads the file each
    /// time, so that a PIN that is set or removed meanwhile counts: not for the loop.
    pub fn trouble(&self) -> Option<PinTrouble> {
        let asked_by = self.asked_by.clone()?;
        let why = match Pin::read(&self.file) {
            Ok(Some(_)) => return None,
            Ok(None) => "none is set: gluepot pin set".to_owned(),
            Err(why) => format!("it cannot be read: {why}"),
        };
        Some(PinTrouble { why, asked_by })
    }
}

/// A PIN that a policy requires and that is not there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PinTrouble {
    why: String,
    asked_by: Because,
}

impl PinTrouble {
    /// For one line: the file by its name.
    pub fn brief(&self) -> String {
        format!("the policy asks for a PIN and {} ({})", self.why, self.asked_by.short_place())
    }
}

impl fmt::Display for PinTrouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the policy asks for a PIN and {} ({})", self.why, self.asked_by)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_setting_and_policy_the_shorter_time_counts() {
        let after = |setting, at_most| {
            LockRules::new(setting, at_most, None, PathBuf::new()).after.map(|after| after.as_secs())
        };
        assert_eq!(after(900, None), Some(900));
        assert_eq!(after(0, None), None);
        assert_eq!(after(0, Some(300)), Some(300), "what a policy asks for cannot be switched off");
        assert_eq!(after(900, Some(300)), Some(300));
        assert_eq!(after(60, Some(300)), Some(60));
    }
}
