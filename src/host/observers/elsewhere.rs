//! Systems other than Linux: nothing is known of processes. Untested.

use std::collections::BTreeSet;

pub(super) struct Process {
    pub(super) pid: u32,
    pub(super) name: String,
}

#[expect(dead_code, reason = "nothing is found here")]
pub(super) enum Recorder {
    Records(Process),
    MayRecord(Process),
    Shares(Process),
}

pub(super) fn recorders_above(_pid: u32) -> Vec<Recorder> {
    Vec::new()
}

#[expect(dead_code, reason = "nothing is told here")]
pub(super) struct Open {
    pub(super) terminals: BTreeSet<String>,
    pub(super) appends: bool,
}

pub(super) fn open_files(_pid: u32) -> Option<Open> {
    None
}

pub(super) fn on_terminals(_terminals: &BTreeSet<String>, _program: &str) -> BTreeSet<u32> {
    BTreeSet::new()
}

pub(super) fn with_terminal(_program: &str) -> Vec<(u32, String)> {
    Vec::new()
}

pub(super) fn exists(_pid: u32) -> bool {
    true
}

pub(super) fn environment<T>(_pid: u32, _read: impl FnOnce(&dyn Fn(&str) -> Option<String>) -> T) -> Option<T> {
    None
}
