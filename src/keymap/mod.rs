//! Actions and the keys that start them.
