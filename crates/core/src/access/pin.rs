//! The PIN of the lock screen, kept as its argon2id hash and nothing else.
//!
//! It guards the screen, against a passer-by while the user is away. It protects no file and no key:
//! a shell of this user can remove the file, or start gluepot once more. That is also the way out of a
//! forgotten PIN: delete the file and set a new one. Of a PIN of a few digits the hash
//! can be tried out within hours by a reader of the file; so the file is checked as strictly as that of the API key,
//! and a longer PIN is worth more.

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::private_file::{self, Access, Care, Make, open_own};
use crate::secret::{Secret, Typed};
use crate::text::Clean;

/// The fewest characters of a PIN.
pub const SHORTEST: usize = 4;

/// What the hash costs: 64 MiB and three passes, as RFC 9106 advises where memory is dear.
const COST: (u32, u32, u32) = (64 * 1024, 3, 1);
/// What a hash that was found may cost at most: an odd file must not take the machine's memory or the person's time.
const MOST: (u32, u32, u32) = (128 * 1024, 10, 4);

/// A hash with everything that belongs to it takes some 100 bytes.
const MAX_FILE: u64 = 1024;

/// The hash of a PIN.
#[derive(Clone)]
pub struct Pin(String);

impl Pin {
    /// Reads the hash; `None` where no PIN is set.
    ///
    /// # Errors
    /// The file is there and cannot be used: then nothing opens the lock.
    pub fn read(path: &Path) -> Result<Option<Self>, Clean> {
        let file = match private_file::open(path, Care::Secret) {
            Ok(file) => file,
            Err(refusal) if refusal.is_missing => return Ok(None),
            Err(refusal) => return Err(refusal.message),
        };
        let mut text = String::new();
        let damaged = || Clean::line(&format!("{} is damaged: gluepot pin set", path.display()));
        file.take(MAX_FILE).read_to_string(&mut text).map_err(|_| damaged())?;
        Self::parse(text.trim()).map(Some).ok_or_else(damaged)
    }

    fn parse(text: &str) -> Option<Self> {
        let hash = PasswordHash::new(text).ok()?;
        let params = Params::try_from(&hash).ok()?;
        let bearable = params.m_cost() <= MOST.0 && params.t_cost() <= MOST.1 && params.p_cost() <= MOST.2;
        let is_ours = hash.algorithm == Algorithm::Argon2id.ident() && hash.hash.is_some() && hash.salt.is_some();
        (is_ours && bearable).then(|| Self(text.to_owned()))
    }

    /// Whether this is the PIN. Takes a fraction of a second, on purpose: not for the loop.
    pub fn is(&self, typed: &Secret) -> bool {
        let Ok(hash) = PasswordHash::new(&self.0) else { return false };
        Argon2::default().verify_password(typed.expose().as_bytes(), &hash).is_ok()
    }
}

/// Wrong PINs until no more are taken.
const MOST_TRIES: u32 = 5;

/// The pause after `wrong` wrong PINs: 1, 2, 4, 8 seconds. `None`: no more are taken.
pub fn pause_after(wrong: u32) -> Option<Duration> {
    (wrong < MOST_TRIES).then(|| Duration::from_secs(1 << wrong.saturating_sub(1)))
}

/// Why a PIN is not taken; `None` when it is.
pub fn refusal(pin: &Typed) -> Option<String> {
    (pin.count() < SHORTEST).then(|| format!("a PIN has {SHORTEST} to {} characters", Typed::LONGEST))
}

/// Stores the hash of a PIN, for the owner alone, in place of the one before.
///
/// # Errors
/// It cannot be stored, with the reason.
pub fn set(path: &Path, pin: &Secret) -> Result<(), Clean> {
    let told = |error: &dyn std::fmt::Display| Clean::line(&format!("{} cannot be written: {error}", path.display()));
    let params = Params::new(COST.0, COST.1, COST.2, None).map_err(|error| told(&error))?;
    let hash = Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password(pin.expose().as_bytes())
        .map_err(|error| told(&error))?;
    if let Some(folder) = path.parent() {
        private_file::create_private_dir(folder).map_err(|error| told(&error))?;
    }
    // Written beside it and renamed: at no time there is half a hash, and no link is followed.
    let beside = path.with_extension(format!("new-{}", std::process::id()));
    let written = open_own(&beside, Access::Update, Make::Always)
        .and_then(|mut file| {
            writeln!(file, "{hash}")?;
            file.sync_all()
        })
        .and_then(|()| std::fs::rename(&beside, path));
    if let Err(error) = written {
        // The name may not have been ours to take.
        if error.kind() != std::io::ErrorKind::AlreadyExists {
            let _ = std::fs::remove_file(&beside);
        }
        return Err(told(&error));
    }
    // What was written is of no use if it cannot be read for its mode or that of a folder: better said now.
    match Pin::read(path) {
        Ok(_) => Ok(()),
        Err(why) => {
            let _ = std::fs::remove_file(path);
            Err(why)
        }
    }
}

/// Removes the PIN. Says whether there was one.
///
/// # Errors
/// It cannot be removed.
pub fn clear(path: &Path) -> Result<bool, Clean> {
    match std::fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Clean::line(&format!("{} cannot be removed: {error}", path.display()))),
    }
}

#[cfg(all(test, unix))]
#[expect(clippy::unwrap_used, reason = "a failed set-up is a failed test")]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use zeroize::Zeroizing;

    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::new(Zeroizing::new(text.to_owned()))
    }

    #[test]
    fn only_a_hash_is_stored_and_only_its_pin_opens_it() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("state/pin");
        assert!(Pin::read(&path).unwrap().is_none(), "no PIN is set");
        set(&path, &secret("27 sheep")).unwrap();
        let stored = std::fs::read_to_string(&path).unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=65536,t=3,p=1$"), "{stored}");
        assert!(!stored.contains("sheep"));
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let pin = Pin::read(&path).unwrap().unwrap();
        assert!(pin.is(&secret("27 sheep")));
        assert!(!pin.is(&secret("27 Sheep")));
        // The same PIN gives another hash the next time: no table helps.
        set(&path, &secret("27 sheep")).unwrap();
        assert_ne!(std::fs::read_to_string(&path).unwrap(), stored);
        assert!(clear(&path).unwrap() && !clear(&path).unwrap());
        assert!(Pin::read(&path).unwrap().is_none());
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 0, "nothing is left beside it");
    }

    #[test]
    fn a_file_that_others_can_read_or_change_opens_nothing() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("pin");
        std::fs::write(&path, "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$x").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(Pin::read(&path).err().unwrap().contains("can be read by others: chmod 600"));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        for damaged in [
            "",
            "1234",
            "$argon2id$v=19$m=65536,t=3,p=1$c2FsdHNhbHQ",
            // Another kind of hash, and one that would take all memory or all day.
            "$argon2i$v=19$m=65536,t=3,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaA",
            "$argon2id$v=19$m=4194304,t=3,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaA",
            "$argon2id$v=19$m=65536,t=100000,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaA",
        ] {
            std::fs::write(&path, damaged).unwrap();
            assert!(Pin::read(&path).err().unwrap().contains("is damaged"), "{damaged}");
        }
        std::fs::write(&path, "$argon2id$v=19$m=65536,t=3,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaA").unwrap();
        assert!(Pin::read(&path).unwrap().is_some(), "the others are refused for what is odd in them");
    }

    #[test]
    fn a_link_in_the_way_is_not_followed() {
        let root = tempfile::tempdir().unwrap();
        let other = root.path().join("other");
        std::fs::write(&other, "mine").unwrap();
        let path = root.path().join("pin");
        std::os::unix::fs::symlink(&other, &path).unwrap();
        assert!(Pin::read(&path).err().unwrap().contains("symbolic link"));
        set(&path, &secret("1234")).unwrap();
        assert_eq!(std::fs::read_to_string(&other).unwrap(), "mine");
        assert!(!std::fs::symlink_metadata(&path).unwrap().is_symlink());
    }

    #[test]
    fn a_short_pin_is_refused() {
        let mut pin = Typed::default();
        for c in "123".chars() {
            pin.push(c);
        }
        assert!(refusal(&pin).unwrap().contains("4 to 64"));
        pin.push('4');
        assert_eq!(refusal(&pin), None);
    }
}
