//! Talking to IT Glue: one client, one `send`, typed records.
