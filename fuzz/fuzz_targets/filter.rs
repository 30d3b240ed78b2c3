//! See `gluepot::properties::filter`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| gluepot::properties::filter(bytes));
