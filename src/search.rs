//! Fuzzy filtering over what is already loaded.
