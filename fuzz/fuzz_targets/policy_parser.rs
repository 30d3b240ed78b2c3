//! See `gluepot::properties::policy_parser`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| gluepot::properties::policy_parser(bytes));
