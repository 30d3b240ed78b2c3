//! Whether anybody listens to the promises, in words.

use std::fmt;

/// Whether there is a guard.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Status {
    /// It was not requested
    #[default]
    Off,
    /// It is starting
    Starting,
    /// It runs, as this process
    On(u32),
    /// It could not be started, with the reason
    Failed(String),
    /// It ran and is gone, with what is known
    Lost(String),
}

impl Status {
    /// Whether the program has to run without a guard.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Failed(_) | Self::Lost(_))
    }
}

const WITHOUT: &str = "if this program is killed now, the screen stays as it is and a copied secret stays where it is";

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("not started"),
            Self::Starting => f.write_str("starting"),
            Self::On(pid) => {
                write!(f, "PID {pid} restores the terminal and clears the clipboard if gluepot dies")
            }
            Self::Failed(why) => write!(f, "could not be started ({why}): {WITHOUT}"),
            Self::Lost(why) => write!(f, "gone ({why}): {WITHOUT}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_guard_is_told_with_what_it_means() {
        let lost = Status::Lost("killed by signal 9".to_owned());
        let failed = Status::Failed("no room".to_owned());
        assert!(lost.is_missing() && failed.is_missing());
        assert!(!Status::On(1).is_missing() && !Status::Off.is_missing() && !Status::Starting.is_missing());
        assert!(lost.to_string().contains("killed by signal 9") && lost.to_string().contains("stays"));
        assert!(failed.to_string().starts_with("could not be started (no room)"), "{failed}");
        assert!(Status::On(17).to_string().starts_with("PID 17 restores the terminal"));
        assert_eq!([Status::Off, Status::Starting].map(|status| status.to_string()), ["not started", "starting"]);
    }
}
