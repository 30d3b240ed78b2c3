//! See `gluepot::properties::audit_reader`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| gluepot::properties::audit_reader(bytes));
