//! See `gluepot::properties::markdown`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| gluepot::properties::markdown(bytes));
