//! Addresses of images that work without a key until their time is over.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Signs addresses of images, so that they work without a key until they expire.
pub(crate) struct Signer {
    secret: [u8; 32],
    /// How long an address works
    pub ttl: Duration,
}

/// Milliseconds since 1970.
fn now_millis() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}

impl Signer {
    /// A signer with a random secret.
    pub(crate) fn new(ttl: Duration) -> Self {
        let mut secret = [0; 32];
        fastrand::fill(&mut secret);
        Self { secret, ttl }
    }

    fn signature(&self, path: &str, expires: u64) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret).expect("any length of key will do");
        mac.update(path.as_bytes());
        mac.update(&expires.to_be_bytes());
        let bytes: [u8; 32] = mac.finalize().into_bytes().into();
        let half = bytes.iter().take(16).fold(0_u128, |sum, &byte| sum << 8 | u128::from(byte));
        format!("{half:032x}")
    }

    /// A signed address of one size of an image.
    pub(super) fn address(&self, base: &str, image: u64, size: &str) -> String {
        let path = format!("/storage/document_images/{image}/{size}");
        let expires = now_millis() + self.ttl.as_millis() as u64;
        format!("{base}{path}?expires={expires}&signature={}", self.signature(&path, expires))
    }

    /// Whether a signed address is genuine and still works.
    pub(crate) fn accepts(&self, path: &str, query: &str) -> bool {
        let value = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        let Some(expires) = value("expires").and_then(|text| text.parse().ok()) else { return false };
        value("signature").is_some_and(|signature| signature == self.signature(path, expires))
            && now_millis() <= expires
    }
}
