//! See `gluepot::properties::terminal_input`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| gluepot::properties::terminal_input(bytes));
