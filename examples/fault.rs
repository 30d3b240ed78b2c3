//! The program with a fault in it, for the tests of what a fault leaves behind (`tests/trust/exits.rs`).
//!
//! It is the whole program, started the same way. When it is told to by USR1 it has the fault that
//! `GLUEPOT_TEST_FAULT` names, on the thread of the screen or in a task. Nothing of this is in the program that
//! is installed.

use std::process::ExitCode;

/// As in the program.
#[global_allocator]
static HEAP: gluepot_core::secret::ZeroOnFree = gluepot_core::secret::ZeroOnFree;

fn main() -> ExitCode {
    gluepot::cli::main_beside(fault())
}

/// Waits for the signal. It is polled on the thread of the screen, between two frames.
async fn fault() {
    use tokio::signal::unix::{SignalKind, signal};

    let kind = std::env::var("GLUEPOT_TEST_FAULT").unwrap_or_default();
    let words = std::env::var("GLUEPOT_TEST_WORDS").unwrap_or_default();
    let mut told = signal(SignalKind::user_defined1()).expect("a signal can be waited for");
    told.recv().await;
    match kind.as_str() {
        "panic" => panic!("{words}"),
        "panic in a task" => {
            tokio::spawn(async move { panic!("{words}") });
        }
        "abort" => std::process::abort(),
        "stack overflow" => {
            deeper(0);
        }
        "stack overflow in a task" => {
            tokio::spawn(async { deeper(0) });
        }
        other => panic!("there is no fault {other:?}"),
    }
}

/// Takes the stack until there is none left.
#[expect(unconditional_recursion, reason = "that is the fault")]
fn deeper(depth: u64) -> u64 {
    let here = std::hint::black_box([depth; 64]);
    deeper(depth + 1) + here[0]
}
