//! An allocator that overwrites memory when it is given back.
//!
//! Wiping our own values is not enough: a password also passes through the buffers of the TLS stack, of the HTTP
//! client and of the JSON parser, none of which wipe theirs, and through the cells and strings of the screen.
//! All of these are on the Rust heap, so the heap is wiped on free. What this does not cover: memory of C
//! libraries, the stack, and blocks that are still in use.
//!
//! On Linux a block of [`LARGE`] bytes or more is a separate mapping. It grows by moving its pages, not their
//! content, and goes back to the kernel as a whole: nothing of it can be read afterwards, so nothing has to be
//! overwritten. A body of five megabytes makes the parser grow lists to hundreds of megabytes, and copying and
//! overwriting each of their sizes took longer than the parsing.
//!
//! The binary installs it; the library only offers it, so that benches can be run with and without.

use std::alloc::{GlobalAlloc, Layout, System};

/// The system's allocator, with every block overwritten before it is freed.
pub struct ZeroOnFree;

/// From this size on a block is a separate mapping.
#[cfg(target_os = "linux")]
const LARGE: usize = 1 << 20;

/// Whether a block is a separate mapping: its layout alone tells, since that is all a block has with it.
#[cfg(target_os = "linux")]
#[inline]
fn is_mapping(size: usize, align: usize) -> bool {
    size >= LARGE && align <= 4096
}

/// New pages, all zero; null where there are none.
#[cfg(target_os = "linux")]
#[cold]
fn map(size: usize) -> *mut u8 {
    use rustix::mm::{MapFlags, ProtFlags, mmap_anonymous};

    let rights = ProtFlags::READ | ProtFlags::WRITE;
    // SAFETY: a new mapping at a place that the kernel chooses is no other memory.
    let mapped = unsafe { mmap_anonymous(std::ptr::null_mut(), size, rights, MapFlags::PRIVATE) };
    mapped.map_or(std::ptr::null_mut(), <*mut _>::cast)
}

/// Overwrites a block in a way the compiler may not leave out, although nothing reads it afterwards.
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

// SAFETY: every block comes from and goes back to `System`, or to the kernel where it is large, with the layout it was
// asked for with.
unsafe impl GlobalAlloc for ZeroOnFree {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        #[cfg(target_os = "linux")]
        if is_mapping(layout.size(), layout.align()) {
            return map(layout.size());
        }
        // SAFETY: the caller's promises are handed on unchanged.
        unsafe { System.alloc(layout) }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        #[cfg(target_os = "linux")]
        if is_mapping(layout.size(), layout.align()) {
            return map(layout.size());
        }
        // SAFETY: the caller's promises are handed on unchanged.
        unsafe { System.alloc_zeroed(layout) }
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        #[cfg(target_os = "linux")]
        if is_mapping(layout.size(), layout.align()) {
            // SAFETY: a block of this layout is one whole mapping that `map` made or `mremap` moved.
            let given_back = unsafe { rustix::mm::munmap(block.cast(), layout.size()) };
            if given_back.is_err() {
                // The kernel kept it (it has a limit on mappings): then it is wiped and stays.
                // SAFETY: the block is of this layout, and nothing uses it any more.
                unsafe { wipe(block, layout.size()) };
            }
            return;
        }
        // SAFETY: the block is of this layout, so it is that long, and nothing uses it any more.
        unsafe {
            wipe(block, layout.size());
            System.dealloc(block, layout);
        }
    }

    /// The system's `realloc` may move a block and free the old one unwiped, so it is never used: a block that
    /// must grow is copied by us.
    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        #[cfg(target_os = "linux")]
        if is_mapping(layout.size(), layout.align()) && is_mapping(new_size, layout.align()) {
            use rustix::mm::{MremapFlags, mremap};
            if new_size < layout.size() {
                // What it loses in its last page, which stays. No page is larger than this.
                // SAFETY: these bytes are the block's, behind what it keeps.
                unsafe { wipe(block.add(new_size), (layout.size() - new_size).min(64 << 10)) };
            }
            // SAFETY: the block is one whole mapping. Its pages move as they are; what it loses at its end, and the
            // place where it was, are not memory any more.
            let moved = unsafe { mremap(block.cast(), layout.size(), new_size, MremapFlags::MAYMOVE) };
            return moved.map_or(std::ptr::null_mut(), <*mut _>::cast);
        }
        // SAFETY: the caller promises a size that is not zero and does not overflow when rounded up; the old
        // block is of `layout`, and both blocks are at least as long as what is copied.
        unsafe {
            let new_layout = Layout::from_size_align_unchecked(new_size, layout.align());
            let moved = self.alloc(new_layout);
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

    /// The block is read from outside, since reading freed memory through a pointer means nothing.
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

    /// Grown, made smaller, made small, freed.
    #[cfg(target_os = "linux")]
    #[test]
    fn of_a_large_block_nothing_can_be_read_where_it_was() {
        use std::os::unix::fs::FileExt;

        let memory = std::fs::File::open("/proc/self/mem").expect("the memory of this process");
        let size = 3 * LARGE + 100;
        let layout = Layout::from_size_align(size, 8).expect("a valid layout");
        let left = |address: u64| {
            let mut content = vec![0; 4096];
            let mut left = 0;
            for page in 0..size.div_ceil(4096) as u64 {
                let read = memory.read_exact_at(&mut content, address + page * 4096);
                left += usize::from(read.is_ok() && content.windows(8).any(|eight| eight == [0x5a; 8]));
            }
            left
        };
        // SAFETY: the blocks are used within their sizes and freed once, with the layout they have then.
        unsafe {
            let block = ZeroOnFree.alloc(layout);
            block.write_bytes(0x5a, size);
            let address = block.expose_provenance() as u64;
            assert_eq!(left(address), size.div_ceil(4096), "this test sees nothing");
            let grown = ZeroOnFree.realloc(block, layout, 400 * LARGE);
            assert!(std::slice::from_raw_parts(grown, size).iter().all(|&byte| byte == 0x5a));
            assert!(std::slice::from_raw_parts(grown.add(size), LARGE).iter().all(|&byte| byte == 0));
            let moved = grown.expose_provenance() as u64;
            assert!(moved == address || left(address) == 0, "it was left behind");
            let large = Layout::from_size_align(400 * LARGE, 8).expect("a valid layout");
            // Less, still large; then small.
            let less = ZeroOnFree.realloc(grown, large, 2 * LARGE + 10);
            assert!(std::slice::from_raw_parts(less, 2 * LARGE + 10).iter().all(|&byte| byte == 0x5a));
            let place = less.expose_provenance() as u64;
            assert_eq!(left(place), (2 * LARGE + 10).div_ceil(4096));
            let mut last = [1; 4096];
            memory.read_exact_at(&mut last, place + 2 * LARGE as u64).expect("its last page");
            assert_eq!(last[..10], [0x5a; 10]);
            assert_eq!(last[10..], [0; 4086], "what it lost is still there");
            let less_layout = Layout::from_size_align(2 * LARGE + 10, 8).expect("a valid layout");
            let small = ZeroOnFree.realloc(less, less_layout, 64);
            assert!(std::slice::from_raw_parts(small, 64).iter().all(|&byte| byte == 0x5a));
            assert_eq!(left(place), 0, "it was left behind when it became small");
            ZeroOnFree.dealloc(small, Layout::from_size_align(64, 8).expect("a valid layout"));
            let fresh = ZeroOnFree.alloc_zeroed(layout);
            assert!(std::slice::from_raw_parts(fresh, size).iter().all(|&byte| byte == 0));
            fresh.write_bytes(0x5a, size);
            let place = fresh.expose_provenance() as u64;
            ZeroOnFree.dealloc(fresh, layout);
            assert_eq!(left(place), 0, "it was left behind when it was freed");
        }
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
