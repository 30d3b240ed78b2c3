//! Where config, audit and log live.
