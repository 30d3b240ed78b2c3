//! An allocator that overwrites memory when it is given back.
//!
//! Wiping our own values is not enough: a password also passes through the buffers of the TLS stack, of the HTTP
//! client and of the JSON parser, none of which wipe theirs, and through the cells and strings of the screen.
//! All of these are on the Rust heap, so the heap is wiped on free. What this does not cover: memory of C
//! libraries, the stack, and blocks that are still in use.
//!
//! The binary installs it; the library only offers it, so that benches can be run with and without.

use std::alloc::{GlobalAlloc, Layout, System};

/// The system's allocator, with every block overwritten before it is freed.
pub struct ZeroOnFree;

/// Overwrites a block in a way the compiler may not leave out, although nobody reads it afterwards.
///
/// # Safety
/// `block` must be valid for writes of `len` bytes.
#[inline]
unsafe fn wipe(block: *mut u8, len: usize) {
    // SAFETY: the caller promises that the block is ours and this long.
    unsafe { block.write_bytes(0, len) };
    // A store just before `free` is dead to the optimiser. An empty piece of assembly that takes the address and
    // may read memory makes it live, at no cost.
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "x86", target_arch = "arm"))]
    // SAFETY: there is no instruction in it.
    unsafe {
        std::arch::asm!("/* {0} */", in(reg) block, options(nostack, preserves_flags));
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "x86", target_arch = "arm")))]
    std::hint::black_box(block);
}

// SAFETY: every block comes from and goes back to `System` with the layout it was asked for with.
unsafe impl GlobalAlloc for ZeroOnFree {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are handed on unchanged.
        unsafe { System.alloc(layout) }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are handed on unchanged.
        unsafe { System.alloc_zeroed(layout) }
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the block is of this layout, so it is that long, and nobody uses it any more.
        unsafe {
            wipe(block, layout.size());
            System.dealloc(block, layout);
        }
    }

    /// The system's `realloc` may move a block and free the old one unwiped, so it is never used: a block that
    /// must grow is copied by us.
    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // SAFETY: the caller promises a size that is not zero and does not overflow when rounded up; the old
        // block is of `layout`, and both blocks are at least as long as what is copied.
        unsafe {
            let new_layout = Layout::from_size_align_unchecked(new_size, layout.align());
            let moved = System.alloc(new_layout);
            if !moved.is_null() {
                std::ptr::copy_nonoverlapping(block, moved, layout.size().min(new_size));
                self.dealloc(block, layout);
            }
            moved
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The block is looked at from outside, since reading freed memory through a pointer means nothing.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_freed_block_does_not_keep_its_content() {
        use std::os::unix::fs::FileExt;

        let memory = std::fs::File::open("/proc/self/mem").expect("the memory of this process");
        let layout = Layout::from_size_align(4096, 16).expect("a valid layout");
        let mut content = vec![0; layout.size()];
        // SAFETY: the block is used within its size and freed once, with the layout it came with.
        let address = unsafe {
            let block = ZeroOnFree.alloc(layout);
            assert!(!block.is_null());
            block.write_bytes(0x5a, layout.size());
            let address = block.expose_provenance() as u64;
            memory.read_exact_at(&mut content, address).expect("the block is mapped");
            assert_eq!(content, [0x5a; 4096], "this test sees nothing");
            ZeroOnFree.dealloc(block, layout);
            address
        };
        memory.read_exact_at(&mut content, address).expect("a block of this size stays mapped");
        assert!(!content.windows(8).any(|eight| eight == [0x5a; 8]), "old content survived");
    }

    #[test]
    fn growing_and_shrinking_keep_the_content() {
        let layout = Layout::from_size_align(64, 8).expect("a valid layout");
        // SAFETY: as above; the layout follows the size.
        unsafe {
            let block = ZeroOnFree.alloc(layout);
            block.write_bytes(7, 64);
            let grown = ZeroOnFree.realloc(block, layout, 4096);
            assert!(std::slice::from_raw_parts(grown, 64).iter().all(|&byte| byte == 7));
            let wide = Layout::from_size_align(4096, 8).expect("a valid layout");
            let shrunk = ZeroOnFree.realloc(grown, wide, 16);
            assert!(std::slice::from_raw_parts(shrunk, 16).iter().all(|&byte| byte == 7));
            ZeroOnFree.dealloc(shrunk, Layout::from_size_align(16, 8).expect("a valid layout"));
        }
    }
}
