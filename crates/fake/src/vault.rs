//! Vaulted passwords: the service does not have their value, only what the host passphrase made of it.

use super::world::Row;

/// What show answers for a vaulted password: text that begins with one of the two marks live accounts have shown.
/// Always the same for the same record, and unreadable.
pub(super) fn ciphertext(row: &Row) -> String {
    let mark = if row.id.is_multiple_of(2) { "AES256GCM" } else { "AES-256-GCM" };
    let mut random = fastrand::Rng::with_seed(row.id);
    let mut word = |length: usize| -> String { (0..length).map(|_| random.alphanumeric()).collect() };
    format!("{mark}${}${}", word(16), word(44))
}

/// Whether the value of this record is kept by the host passphrase.
pub(super) fn is_vaulted(row: &Row) -> bool {
    row.attributes.get("vault-id").is_some_and(|vault| !vault.is_null())
}
