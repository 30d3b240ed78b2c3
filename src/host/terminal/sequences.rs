//! What is written to take a terminal and to give it back.

/// Plain colours, every cell erased, the cursor in the corner.
///
/// Not by `CSI 2 J`, nor by `CSI J` from the corner: GNU screen (whose alternate screen is off as it comes), tmux with
/// `alternate-screen off` and several terminals take these for a reason to move what is shown into their history, and a
/// password with it. What is erased by lines, or from the second column on, is gone.
macro_rules! erase {
    () => {
        "\x1b[0m\x1b[1;1H\x1b[2K\x1b[1;2H\x1b[J\x1b[1;1H"
    };
}

/// What erases the screen and puts nothing into the history of a multiplexer.
pub const ERASE: &str = erase!();

/// What gives a terminal back, as one string: end of a synchronised frame, mouse, paste and focus reports off,
/// plain colours, the alternate screen erased and left, the cursor shown. Written while the alternate screen is
/// on; on the main screen it would erase what the shell shows.
pub const RESTORE: &str = concat!(
    "\x1b[?2026l",
    "\x1b[?1006l\x1b[?1002l\x1b[?1000l",
    "\x1b[?2004l\x1b[?1004l",
    erase!(),
    "\x1b[?1049l\x1b[?25h",
);

/// The alternate screen. Where there is none, what the shell shows is moved into the history, and the value of a password
/// is not: it was erased when the terminal was given back.
#[cfg(feature = "screen")]
pub(super) const ENTER: &str = "\x1b[?1049h\x1b[0m\x1b[2J\x1b[H";
#[cfg(feature = "screen")]
pub(super) const MODES: &str = "\x1b[?25l\x1b[?2004h\x1b[?1004h";
#[cfg(feature = "screen")]
pub(super) const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1002l\x1b[?1000l";
#[cfg(feature = "screen")]
pub(super) const MOUSE: &str = "\x1b[?1000h\x1b[?1002h\x1b[?1006h";
