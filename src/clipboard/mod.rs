//! Copying text and secrets by the way that works here, and taking secrets back.
