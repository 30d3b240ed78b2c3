//! The `gluepot` binary: everything is in the library.

/// What passed through the heap is overwritten when it is freed.
#[global_allocator]
static HEAP: gluepot_core::secret::ZeroOnFree = gluepot_core::secret::ZeroOnFree;

fn main() -> std::process::ExitCode {
    gluepot::cli::main()
}
