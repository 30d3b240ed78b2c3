//! The embedded IT Glue: a real HTTP server on loopback with a believable MSP's data.
