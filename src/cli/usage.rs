//! Help, version, and what was wrong with the command line.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use super::args::Cli;
use super::output;
use crate::config::Environment;
use gluepot_core::secret;
use gluepot_core::text::Clean;

/// What was wrong with the command line, found once more with the arguments filtered: clap leaves escape sequences out
/// of what it repeats, and nothing is to be lost without a mark. Where the filtered ones would do, what clap repeats is
/// filtered in the message.
pub(super) fn filtered(mut error: clap::Error) -> clap::Error {
    use clap::error::ContextValue;

    if !error.use_stderr() {
        return error;
    }
    let clean = std::env::args_os().map(|argument| Clean::line(&argument.to_string_lossy()).to_string());
    if let Err(error) = Cli::read(clean) {
        return error;
    }
    let line = |text: &str| Clean::line(text).to_string();
    let repeated: Vec<_> = error.context().map(|(kind, value)| (kind, value.clone())).collect();
    for (kind, value) in repeated {
        let value = match value {
            ContextValue::String(text) => ContextValue::String(line(&text)),
            ContextValue::Strings(texts) => ContextValue::Strings(texts.iter().map(|text| line(text)).collect()),
            other => other,
        };
        error.insert(kind, value);
    }
    error
}

/// Prints help, version or what was wrong with the command line. clap repeats arguments, so errors are filtered, and a
/// key in its place is not repeated.
pub(super) fn usage(error: &clap::Error) -> ExitCode {
    let environment = Environment::of_process();
    let code = u8::try_from(error.exit_code()).unwrap_or(2);
    let rendered = error.render();
    if error.use_stderr() {
        let words = secret::without_keys(&rendered.to_string());
        let _ = output::write(std::io::stderr().lock(), &Clean::block(&words));
    } else if environment.wants_colour() && std::io::stdout().is_terminal() {
        let _ = output::write(std::io::stdout().lock(), &rendered.ansi().to_string());
    } else {
        let _ = output::write(std::io::stdout().lock(), &rendered.to_string());
    }
    ExitCode::from(code)
}
