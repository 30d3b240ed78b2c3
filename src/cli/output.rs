//! Printing for people and pipes: what came from outside is filtered, and a closed pipe is not an error.

use std::fmt::Display;
use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use gluepot_core::text::Clean;

/// Prints text to standard output. The text is filtered; `\n` stays.
pub(super) fn print(text: &str) -> ExitCode {
    write(std::io::stdout().lock(), &Clean::block(text))
}

/// Tells the person something on standard error, with the program's name before it.
pub(super) fn complain(what: &dyn Display) {
    let text = format!("gluepot: {}\n", Clean::block(&what.to_string()));
    // If standard error is closed, there is no one to tell.
    let _ = write(std::io::stderr().lock(), &text);
}

/// Tells the person and fails.
pub(super) fn fail(what: &dyn Display) -> ExitCode {
    complain(what);
    ExitCode::FAILURE
}

/// Writes text that is filtered already.
pub(super) fn write(mut out: impl Write, text: &str) -> ExitCode {
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Failing(ErrorKind);

    impl Write for Failing {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_went_away_is_no_error_and_a_full_disk_is() {
        let code = |kind| format!("{:?}", write(Failing(kind), "text"));
        assert_eq!(code(ErrorKind::BrokenPipe), format!("{:?}", ExitCode::SUCCESS));
        assert_eq!(code(ErrorKind::StorageFull), format!("{:?}", ExitCode::FAILURE));
    }
}
