//! The command line: flags, subcommands and what each of them starts.

/// Runs the program and says how it ended.
pub fn main() -> std::process::ExitCode {
    std::process::ExitCode::SUCCESS
}
