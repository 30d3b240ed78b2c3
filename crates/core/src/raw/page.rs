//! Separate memory for one long-lived secret.

use std::fmt;

/// How a page of a [`crate::secret::LockedKey`] is protected.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Protection {
    /// In secret memory: in no dump, not readable by a debugger, never swapped.
    SecretMemory,
    /// Locked in memory and left out of core dumps; a debugger of root can read it. With the reason why secret
    /// memory was refused.
    Locked(String),
    /// Ordinary memory, wiped at the end. With the reason why it could not be locked.
    Plain(String),
}

impl fmt::Display for Protection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SecretMemory => f.write_str("in secret memory (memfd_secret), excluded from dumps"),
            Self::Locked(why) => {
                write!(f, "locked in memory and kept out of core dumps; no secret memory here ({why})")
            }
            Self::Plain(why) => write!(f, "in ordinary memory, wiped at the end; it could not be locked ({why})"),
        }
    }
}

pub use system::Page;

#[cfg(unix)]
mod system {
    use std::io;
    use std::ptr;

    use rustix::mm::{MapFlags, ProtFlags};
    use zeroize::Zeroize;

    use super::Protection;

    /// Whole pages, readable and writable by this process alone.
    pub struct Page {
        start: *mut u8,
        len: usize,
        protection: Protection,
    }

    // SAFETY: the pages belong to this value alone; shared references only read them.
    unsafe impl Send for Page {}
    // SAFETY: as above.
    unsafe impl Sync for Page {}

    impl Page {
        /// Pages for at least `len` bytes, zeroed.
        pub fn new(wanted: usize) -> io::Result<Self> {
            let size = rustix::param::page_size();
            let len = wanted.max(1).div_ceil(size) * size;
            let refused = match secret_memory(len) {
                Ok(start) => return Ok(Self { start, len, protection: Protection::SecretMemory }),
                Err(error) => error,
            };
            // SAFETY: a fresh mapping at an address of the kernel's choice.
            let start = unsafe {
                rustix::mm::mmap_anonymous(ptr::null_mut(), len, ProtFlags::READ | ProtFlags::WRITE, MapFlags::PRIVATE)
            }?
            .cast::<u8>();
            // SAFETY: the range was mapped just above.
            let locked = unsafe { rustix::mm::mlock(start.cast(), len) };
            keep_out_of_dumps(start, len);
            let protection = match locked {
                Ok(()) => Protection::Locked(refused.to_string()),
                Err(error) => Protection::Plain(error.to_string()),
            };
            Ok(Self { start, len, protection })
        }

        /// What is in them.
        pub fn bytes(&self) -> &[u8] {
            // SAFETY: `start` is a mapping of `len` bytes that lives as long as `self`, zeroed by the kernel.
            unsafe { std::slice::from_raw_parts(self.start, self.len) }
        }

        /// What is in them, to be changed.
        pub fn bytes_mut(&mut self) -> &mut [u8] {
            // SAFETY: as above, and `&mut self` makes the reference the only one.
            unsafe { std::slice::from_raw_parts_mut(self.start, self.len) }
        }

        /// How they are protected.
        pub fn protection(&self) -> &Protection {
            &self.protection
        }
    }

    impl Drop for Page {
        fn drop(&mut self) {
            self.bytes_mut().zeroize();
            // SAFETY: the mapping is ours, and nothing can refer to it any more. A failure leaves zeroed pages.
            let _ = unsafe { rustix::mm::munmap(self.start.cast(), self.len) };
        }
    }

    /// Keeps the pages out of core dumps and out of the children this program starts.
    fn keep_out_of_dumps(start: *mut u8, len: usize) {
        #[cfg(target_os = "linux")]
        for advice in [rustix::mm::Advice::LinuxDontDump, rustix::mm::Advice::LinuxDontFork] {
            // SAFETY: the range is our mapping, and neither advice changes what is in it here.
            let _ = unsafe { rustix::mm::madvise(start.cast(), len, advice) };
        }
        #[cfg(not(target_os = "linux"))]
        let _ = (start, len);
    }

    #[cfg(target_os = "linux")]
    fn secret_memory(len: usize) -> io::Result<*mut u8> {
        use std::os::fd::{FromRawFd, OwnedFd};

        // SAFETY: memfd_secret(2) takes one flag word and returns a file descriptor or -1.
        let fd = unsafe { libc::syscall(libc::SYS_memfd_secret, libc::O_CLOEXEC) };
        let fd = i32::try_from(fd).ok().filter(|fd| *fd >= 0).ok_or_else(io::Error::last_os_error)?;
        // SAFETY: the kernel gave us this descriptor just now.
        let fd = unsafe { OwnedFd::from_raw_fd(fd) };
        rustix::fs::ftruncate(&fd, len as u64)?;
        // SAFETY: a fresh mapping at an address of the kernel's choice; the file is ours and keeps its length.
        let start = unsafe {
            rustix::mm::mmap(ptr::null_mut(), len, ProtFlags::READ | ProtFlags::WRITE, MapFlags::SHARED, &fd, 0)
        }?;
        let start = start.cast::<u8>();
        keep_out_of_dumps(start, len);
        Ok(start)
    }

    #[cfg(not(target_os = "linux"))]
    fn secret_memory(_len: usize) -> io::Result<*mut u8> {
        Err(io::Error::new(io::ErrorKind::Unsupported, "only Linux has it"))
    }
}

/// Untested: elsewhere the secret is in an ordinary block that is wiped at the end.
#[cfg(not(unix))]
mod system {
    use std::io;

    use zeroize::Zeroizing;

    use super::Protection;

    pub struct Page {
        block: Zeroizing<Box<[u8]>>,
        protection: Protection,
    }

    impl Page {
        pub fn new(wanted: usize) -> io::Result<Self> {
            let block = Zeroizing::new(vec![0; wanted.max(1)].into_boxed_slice());
            Ok(Self { block, protection: Protection::Plain("not built for this system".to_owned()) })
        }

        pub fn bytes(&self) -> &[u8] {
            &self.block
        }

        pub fn bytes_mut(&mut self) -> &mut [u8] {
            &mut self.block
        }

        pub fn protection(&self) -> &Protection {
            &self.protection
        }
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;

    /// How the kernel marks the mapping of `len` bytes at a place; `None` if there is none.
    fn flags(start: usize, len: usize) -> Option<String> {
        let text = std::fs::read_to_string("/proc/self/smaps").expect("the mappings of this process");
        let range = format!("{start:08x}-{:08x} ", start + len);
        let of_it = text.lines().skip_while(|line| !line.starts_with(&range));
        of_it.into_iter().find_map(|line| line.strip_prefix("VmFlags:")).map(|flags| format!("{flags} "))
    }

    #[test]
    fn a_page_is_in_no_core_dump_and_in_no_child_and_is_given_back() {
        let page = Page::new(10_000).expect("there is memory");
        let (start, len) = (page.bytes().as_ptr().addr(), page.bytes().len());
        assert!(len >= 10_000 && page.bytes().iter().all(|&byte| byte == 0));
        let marks = flags(start, len).expect("it is a mapping of its own");
        assert!(marks.contains(" dd ") && marks.contains(" dc "), "do not dump, do not copy: {marks}");
        drop(page);
        assert_eq!(flags(start, len), None, "it is still there");
    }

    #[test]
    fn where_the_kernel_gives_secret_memory_a_page_is_in_it() {
        // SAFETY: takes one flag word and returns a file descriptor or -1.
        let fd = unsafe { libc::syscall(libc::SYS_memfd_secret, libc::O_CLOEXEC) };
        let page = Page::new(1).expect("there is memory");
        assert_eq!(*page.protection() == Protection::SecretMemory, fd >= 0, "{}", page.protection());
        if let Ok(fd @ 0..) = i32::try_from(fd) {
            // SAFETY: the kernel gave us this descriptor, and nothing else has it.
            unsafe { libc::close(fd) };
        }
    }
}
