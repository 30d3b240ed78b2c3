//! See `gluepot::properties::html`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| gluepot::properties::html(bytes));
