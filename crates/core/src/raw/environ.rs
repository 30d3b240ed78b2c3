//! Taking a secret out of this process's own environment.
//!
//! Neither finding a variable in memory nor removing it is safe in general. Removing alone
//! would not do, since the text stays where the kernel put it at start and is in every dump of the process; so it
//! is overwritten first.

use std::ffi::CString;

use zeroize::Zeroizing;

/// Takes a variable: its value is given once, overwritten where it lay, and removed, so that no program started from
/// here inherits it.
///
/// Must be called while the process has one thread, as at the start of `main`.
#[cfg(unix)]
pub fn take(name: &str) -> Option<Zeroizing<Vec<u8>>> {
    let c_name = CString::new(name).ok()?;
    // SAFETY: one thread (see above), so nothing changes the environment meanwhile; the name ends with a zero byte.
    let value = unsafe { libc::getenv(c_name.as_ptr()) };
    if value.is_null() {
        return None;
    }
    let mut taken = Zeroizing::new(Vec::new());
    // SAFETY: getenv gave a zero-terminated string in this process's writable memory (the initial block, or
    // the heap after a setenv); the length is measured before the first byte is overwritten.
    unsafe {
        let length = libc::strlen(value);
        taken.reserve_exact(length);
        for at in 0..length {
            let byte = value.add(at).cast::<u8>();
            taken.push(byte.read());
            byte.write_volatile(0);
        }
        std::env::remove_var(name);
    }
    Some(taken)
}

/// Untested: elsewhere the variable is only removed.
#[cfg(not(unix))]
pub fn take(name: &str) -> Option<Zeroizing<Vec<u8>>> {
    let value = std::env::var_os(name)?;
    // SAFETY: one thread (see above).
    unsafe { std::env::remove_var(name) };
    Some(Zeroizing::new(value.into_encoded_bytes()))
}
