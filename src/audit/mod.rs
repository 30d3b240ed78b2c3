//! The audit trail: who did what, for which ticket, written before it happens.
