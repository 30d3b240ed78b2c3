//! The `gluepot` binary: everything is in the library.

fn main() -> std::process::ExitCode {
    gluepot::cli::main()
}
