//! How a terminal was taken: enough for another process to give it back.

#[cfg(unix)]
pub use system::Modes;

/// How the terminal was taken, for the process that gives it back when this one cannot.
#[cfg(unix)]
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub struct Hold {
    /// The line before
    pub(in crate::host) before: Modes,
    /// The line as we have it
    pub(in crate::host) ours: Modes,
    /// Our process group, if it can be seen from here
    pub(in crate::host) group: Option<i32>,
    /// The one of the shell that started us, which has the terminal next
    pub(in crate::host) shell: Option<i32>,
}

/// Nothing: this system has no guard.
#[cfg(not(unix))]
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub struct Hold;

#[cfg(unix)]
mod system {
    use rustix::termios::{ControlModes, InputModes, LocalModes, OutputModes, SpecialCodeIndex, Termios};
    use serde::{Deserialize, Serialize};

    /// The settings of a line that raw mode changes.
    #[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
    pub struct Modes {
        input: u64,
        output: u64,
        control: u64,
        local: u64,
        /// VMIN and VTIME
        read: [u8; 2],
    }

    impl Modes {
        /// Those of these settings.
        pub fn of(line: &Termios) -> Self {
            Self {
                input: line.input_modes.bits().into(),
                output: line.output_modes.bits().into(),
                control: line.control_modes.bits().into(),
                local: line.local_modes.bits().into(),
                read: [line.special_codes[SpecialCodeIndex::VMIN], line.special_codes[SpecialCodeIndex::VTIME]],
            }
        }

        /// Puts them into settings that are otherwise as they are now.
        pub fn apply(&self, line: &mut Termios) {
            line.input_modes = InputModes::from_bits_retain(self.input as _);
            line.output_modes = OutputModes::from_bits_retain(self.output as _);
            line.control_modes = ControlModes::from_bits_retain(self.control as _);
            line.local_modes = LocalModes::from_bits_retain(self.local as _);
            line.special_codes[SpecialCodeIndex::VMIN] = self.read[0];
            line.special_codes[SpecialCodeIndex::VTIME] = self.read[1];
        }
    }
}
