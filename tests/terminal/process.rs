//! Processes of the test: their time, their memory, whether they are still there.

use std::path::Path;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// How long leaving may take: a second, and half of one more for a busy machine.
pub const PROMPT: Duration = Duration::from_millis(1500);

/// A process on this machine.
#[derive(Clone, Copy)]
pub struct Process(pub u32);

impl Process {
    fn stat(self) -> Option<Vec<String>> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.0)).ok()?;
        Some(stat.rsplit_once(") ")?.1.split(' ').map(str::to_owned).collect())
    }

    /// Whether it runs. One that ended and was not waited for by its parent does not.
    pub fn runs(self) -> bool {
        self.stat().is_some_and(|fields| !matches!(fields[0].as_str(), "Z" | "X"))
    }

    /// Processor time used so far, in ticks of 10 ms.
    pub fn ticks(self) -> u64 {
        let fields = self.stat().expect("the process runs");
        fields[11..13].iter().map(|ticks| ticks.parse::<u64>().expect("a number")).sum()
    }

    /// A figure of `/proc/PID/status` in KiB, such as `VmRSS`.
    pub fn kib(self, figure: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0)).expect("the process runs");
        let line = status.lines().find(|line| line.starts_with(&format!("{figure}:"))).expect("the figure is there");
        line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).expect("a number")
    }

    pub fn signal(self, signal: Signal) {
        let pid = i32::try_from(self.0).ok().and_then(Pid::from_raw).expect("a process id");
        kill_process(pid, signal).expect("the signal is sent");
    }

    /// Waits for its end and says how long that took.
    pub fn wait_end(self) -> Duration {
        let start = Instant::now();
        wait_until("the process ends", || !self.runs());
        start.elapsed()
    }
}

/// Waits for something outside of the screen, such as a file or another process.
pub fn wait_until(what: &str, mut met: impl FnMut() -> bool) {
    let start = Instant::now();
    while !met() {
        assert!(start.elapsed() < gluepot_testkit::pty::LIMIT, "in vain: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Whether a program is installed. Tests that need it pass without it, and say so.
pub fn installed(program: &str) -> bool {
    let found = ["/usr/local/bin", "/usr/bin", "/bin"].iter().any(|dir| Path::new(dir).join(program).exists());
    if !found {
        let test = std::thread::current().name().unwrap_or("a test").to_owned();
        gluepot_testkit::skip::skip(&test, &format!("{program} is not installed"));
    }
    found
}
