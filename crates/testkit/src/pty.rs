//! The real binary in a pseudo-terminal: start it, press keys, look at the screen it drew, count the bytes it wrote.
//!
//! Nothing of the machine leaks in: the environment is empty but for what a terminal sets, and home, config, state
//! and runtime folders are below a temporary folder that goes away with the [`Session`]. Tests wait for what they
//! expect to see, with a limit, and never sleep; a test that waits in vain shows the screen it got.

use std::io::{Read as _, Write as _};
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::fs::{Mode, OFlags};
use tempfile::TempDir;

use crate::keeper;

/// How long a wait may take before the test fails. Long, since the machine may be busy; a wait that is met ends at
/// once.
pub const LIMIT: Duration = Duration::from_secs(30);

/// What leaves the alternate screen.
pub const LEAVE: &[u8] = b"\x1b[?1049l";

/// A home folder with these settings.
pub fn home_with(config: &str) -> TempDir {
    let home = tempfile::tempdir().expect("a temporary folder");
    // GNU screen wants its folder closed.
    std::fs::set_permissions(home.path(), std::os::unix::fs::PermissionsExt::from_mode(0o700)).expect("a mode");
    let folder = home.path().join(".config/gluepot");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("config.toml"), config).expect("a file");
    home
}

/// The binary under test. Cargo builds it beside the test programs, which are one folder below it.
pub fn program() -> PathBuf {
    let test = std::env::current_exe().expect("a test program knows its path");
    let folder = test.ancestors().nth(2).expect("a test program is in a folder of the build");
    folder.join(format!("gluepot{}", std::env::consts::EXE_SUFFIX))
}

/// How a session begins.
pub struct Start {
    program: String,
    args: Vec<String>,
    environment: Vec<(String, String)>,
    columns: u16,
    rows: u16,
    home: Option<TempDir>,
}

impl Start {
    /// The binary under test, at 120x36 in `TERM=xterm-256color` with a UTF-8 locale.
    pub fn gluepot(args: &[&str]) -> Self {
        Self::program(&program().to_string_lossy(), args)
    }

    /// Any other program in the same surroundings, such as a multiplexer around the binary.
    pub fn program(program: &str, args: &[&str]) -> Self {
        let text = |s: &str| s.to_owned();
        let environment = [("TERM", "xterm-256color"), ("LANG", "C.UTF-8"), ("PATH", "/usr/local/bin:/usr/bin:/bin")];
        Self {
            program: text(program),
            args: args.iter().copied().map(text).collect(),
            environment: environment.map(|(name, value)| (text(name), text(value))).to_vec(),
            columns: 120,
            rows: 36,
            home: None,
        }
    }

    /// A program by its path, in the surroundings of [`Start::gluepot`]: the release build, for figures.
    pub fn binary(path: &Path, args: &[&str]) -> Self {
        Self::program(&path.to_string_lossy(), args)
    }

    /// Another size.
    pub fn size(mut self, columns: u16, rows: u16) -> Self {
        (self.columns, self.rows) = (columns, rows);
        self
    }

    /// One more variable, or another value for one.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.retain(|(other, _)| other != name);
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A home folder prepared by the test.
    pub fn home(mut self, home: TempDir) -> Self {
        self.home = Some(home);
        self
    }

    /// Runs it.
    pub fn run(self) -> Session {
        let home = self.home.unwrap_or_else(|| tempfile::tempdir().expect("a temporary folder"));
        let size = PtySize { rows: self.rows, cols: self.columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(&self.program);
        command.args(&self.args);
        command.env_clear();
        command.cwd(home.path());
        command.env("HOME", home.path());
        for (name, below) in [
            ("XDG_CONFIG_HOME", ".config"),
            ("XDG_STATE_HOME", ".local/state"),
            ("XDG_DATA_HOME", ".local/share"),
            ("XDG_CACHE_HOME", ".cache"),
        ] {
            command.env(name, home.path().join(below));
        }
        command.env(keeper::NAME, keeper::value());
        for (name, value) in &self.environment {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).expect("the program starts");
        drop(pair.slave);
        let shared = Arc::new(Shared {
            state: Mutex::new(State { parser: parser(self.columns, self.rows), bytes: Vec::new(), over: false }),
            changed: Condvar::new(),
        });
        let mut reader = pair.master.try_clone_reader().expect("a reader of the terminal");
        let writer = Arc::new(Mutex::new(pair.master.take_writer().expect("a writer of the terminal")));
        let (reading, answering) = (Arc::clone(&shared), Arc::clone(&writer));
        let read = move || {
            let mut buffer = vec![0; 65536];
            loop {
                let read = reader.read(&mut buffer).unwrap_or(0);
                let mut state = lock(&reading.state);
                if read == 0 {
                    state.over = true;
                } else {
                    state.bytes.extend_from_slice(&buffer[..read]);
                    state.parser.process(&buffer[..read]);
                    let answers = std::mem::take(&mut state.parser.callbacks_mut().answers);
                    if !answers.is_empty() {
                        // The program may be gone already; then no one waits for the answer.
                        let _ = lock(&answering).write_all(&answers);
                    }
                }
                drop(state);
                reading.changed.notify_all();
                if read == 0 {
                    return;
                }
            }
        };
        std::thread::Builder::new().name("pty-reader".to_owned()).spawn(read).expect("a thread");
        Session { master: pair.master, writer, child, shared, home, escaped: AtomicBool::new(false) }
    }
}

fn parser(columns: u16, rows: u16) -> vt100::Parser<Terminal> {
    vt100::Parser::new_with_callbacks(cells(rows), cells(columns), 0, Terminal::default())
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).expect("a terminal has at least one cell")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A wait in vain panics with the state in hand, and its thread is not the only one that looks at it.
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// What a terminal knows and answers besides its cells.
#[derive(Default)]
pub struct Terminal {
    answers: Vec<u8>,
    title: String,
    clipboard: Vec<Vec<u8>>,
}

impl vt100::Callbacks for Terminal {
    fn set_window_title(&mut self, _: &mut vt100::Screen, title: &[u8]) {
        self.title = String::from_utf8_lossy(title).into_owned();
    }

    fn copy_to_clipboard(&mut self, _: &mut vt100::Screen, _: &[u8], data: &[u8]) {
        self.clipboard.push(data.to_vec());
    }

    fn unhandled_csi(
        &mut self,
        screen: &mut vt100::Screen,
        intermediate: Option<u8>,
        _: Option<u8>,
        params: &[&[u16]],
        c: char,
    ) {
        match (intermediate, params.first().and_then(|p| p.first()), c) {
            // What are you? A VT220 with colours that takes OSC 52.
            (None, None | Some(0), 'c') => self.answers.extend(b"\x1b[?62;22;52c"),
            // Where is the cursor?
            (None, Some(6), 'n') => {
                let (row, column) = screen.cursor_position();
                self.answers.extend(format!("\x1b[{};{}R", row + 1, column + 1).bytes());
            }
            _ => {}
        }
    }
}

struct State {
    parser: vt100::Parser<Terminal>,
    bytes: Vec<u8>,
    over: bool,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

/// A place in the stream of bytes that the program wrote.
#[derive(Clone, Copy, Debug)]
pub struct Mark(usize);

/// How the program ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum End {
    /// It left with this code.
    Code(u32),
    /// A signal ended it; the system's words for it.
    Signal(String),
}

/// A running program and its terminal. Dropped, it is killed.
pub struct Session {
    master: Box<dyn MasterPty + Send>,
    writer: Arc<Mutex<Box<dyn std::io::Write + Send>>>,
    child: Box<dyn Child + Send + Sync>,
    shared: Arc<Shared>,
    home: TempDir,
    /// The last that was typed is Esc
    escaped: AtomicBool,
}

impl Session {
    /// Sends text as if typed: `"j"`, `"\r"` for Enter, `"\x1b"` for Esc, `"\x0b"` for Ctrl-k, `"\x1b[B"` for down.
    /// What follows an Esc waits until that was read: together they could be an arrow.
    pub fn send(&self, keys: &str) {
        if self.escaped.swap(keys.ends_with('\x1b'), Ordering::Relaxed) {
            self.wait_read();
        }
        self.send_bytes(keys.as_bytes());
    }

    /// Sends bytes as the terminal would, in one piece.
    pub fn send_bytes(&self, bytes: &[u8]) {
        let mut writer = lock(&self.writer);
        writer.write_all(bytes).and_then(|()| writer.flush()).expect("the terminal takes keys");
    }

    /// Waits until all that was sent was read.
    pub fn wait_read(&self) {
        let begun = Instant::now();
        while self.unread() > 0 && begun.elapsed() < Duration::from_secs(5) {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Waits until the screen shows a text.
    pub fn wait_for(&self, text: &str) {
        self.wait_until(&format!("the screen shows {text:?}"), |screen| screen.contents().contains(text));
    }

    /// Waits until the screen no longer shows a text.
    pub fn wait_gone(&self, text: &str) {
        self.wait_until(&format!("the screen no longer shows {text:?}"), |screen| !screen.contents().contains(text));
    }

    /// Waits until the screen shows a text, or the program is gone.
    pub fn wait_until_over_or(&self, text: &str) {
        let deadline = Instant::now() + LIMIT;
        let mut state = lock(&self.shared.state);
        while !state.over && !state.parser.screen().contents().contains(text) {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "neither the end nor {text:?}. The screen:\n{}", framed(&state));
            state = self.shared.changed.wait_timeout(state, left).unwrap_or_else(std::sync::PoisonError::into_inner).0;
        }
    }

    /// Sends keys to a program that may be gone.
    pub fn try_send(&self, keys: &str) {
        // A terminal without a program takes none.
        let _ = lock(&self.writer).write_all(keys.as_bytes());
    }

    /// Waits until something is true of the screen. `what` says it in the failure.
    pub fn wait_until(&self, what: &str, met: impl Fn(&vt100::Screen) -> bool) {
        self.wait(what, LIMIT, |state| met(state.parser.screen()));
    }

    /// Waits until the program wrote these bytes after the mark, such as an escape sequence.
    pub fn wait_for_bytes(&self, since: Mark, wanted: &[u8]) {
        self.wait(&format!("the stream has {:?}", String::from_utf8_lossy(wanted)), LIMIT, |state| {
            memchr::memmem::find(state.bytes.get(since.0..).unwrap_or_default(), wanted).is_some()
        });
    }

    /// Waits until the program wrote anything after the mark.
    pub fn wait_for_more(&self, since: Mark) {
        self.wait("something is written", LIMIT, |state| state.bytes.len() > since.0);
    }

    fn wait(&self, what: &str, limit: Duration, met: impl Fn(&State) -> bool) {
        let deadline = Instant::now() + limit;
        let mut state = lock(&self.shared.state);
        while !met(&state) {
            let left = deadline.saturating_duration_since(Instant::now());
            let over = if state.over { ", and the program is gone" } else { "" };
            assert!(!left.is_zero() && !state.over, "in vain: {what}{over}. The screen:\n{}", framed(&state));
            state = self.shared.changed.wait_timeout(state, left).unwrap_or_else(std::sync::PoisonError::into_inner).0;
        }
    }

    /// Waits until the program has written nothing for so long and had nothing to do either: it is at rest. On a busy
    /// machine silence alone means nothing: a program that waits for the processor, for keys that it has not read yet or
    /// for the embedded server is silent too. Such time does not count, nor does what this thread waits for its turn.
    pub fn settle(&self, quiet: Duration) {
        const SLICE: Duration = Duration::from_millis(10);
        let begun = Instant::now();
        let mut still = Duration::ZERO;
        let mut state = lock(&self.shared.state);
        while !state.over && still < quiet {
            let before = state.bytes.len();
            state = self.shared.changed.wait_timeout(state, SLICE).unwrap_or_else(std::sync::PoisonError::into_inner).0;
            assert!(begun.elapsed() < LIMIT, "the program never came to rest. The screen:\n{}", framed(&state));
            let is_silent = state.bytes.len() == before;
            drop(state);
            still = if is_silent && !self.has_work(begun.elapsed()) { still + SLICE } else { Duration::ZERO };
            state = lock(&self.shared.state);
        }
    }

    /// Whether something is pending: keys, output, or work of the program or of the servers in this process.
    /// Those may be busy for other tests, and a program may have ceased to read keys, so that counts for a time only. One
    /// that is stopped has nothing to do, whatever was typed.
    fn has_work(&self, waited: Duration) -> bool {
        let ours = |name: &str| ["fake-itglue", "tls-front", "front", "pty-reader"].contains(&name);
        let works = |states: &[char]| states.iter().any(|state| matches!(state, 'R' | 'D'));
        let states = self.child.process_id().map(|pid| thread_states(&pid.to_string(), |_| true)).unwrap_or_default();
        let has_keys = || !states.contains(&'T') && self.unread() > 0;
        works(&states) || waited < Duration::from_secs(5) && (has_keys() || works(&thread_states("self", ours)))
    }

    /// The text on the screen now.
    pub fn screen(&self) -> String {
        lock(&self.shared.state).parser.screen().contents()
    }

    /// Whatever else one wants to know of the screen: cells, cursor, modes.
    pub fn look<T>(&self, at: impl FnOnce(&vt100::Screen) -> T) -> T {
        at(lock(&self.shared.state).parser.screen())
    }

    /// The window's title as the program set it last.
    pub fn title(&self) -> String {
        lock(&self.shared.state).parser.callbacks().title.clone()
    }

    /// What the program put into the clipboard by OSC 52, as the base64 it sent, one after the other.
    pub fn clipboard(&self) -> Vec<Vec<u8>> {
        lock(&self.shared.state).parser.callbacks().clipboard.clone()
    }

    /// This place in the stream.
    pub fn mark(&self) -> Mark {
        Mark(lock(&self.shared.state).bytes.len())
    }

    /// The bytes the program wrote since a mark.
    pub fn bytes_since(&self, mark: Mark) -> Vec<u8> {
        lock(&self.shared.state).bytes.get(mark.0..).unwrap_or_default().to_vec()
    }

    /// Every byte the program wrote.
    pub fn all_bytes(&self) -> Vec<u8> {
        self.bytes_since(Mark(0))
    }

    /// Makes the window another size.
    pub fn resize(&self, columns: u16, rows: u16) {
        lock(&self.shared.state).parser.set_size(cells(rows), cells(columns));
        self.master.resize(PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }).expect("a new size");
    }

    /// The process, for looking at its memory or sending signals.
    pub fn pid(&self) -> u32 {
        self.child.process_id().expect("a process has an id")
    }

    /// Sends a signal to the process: `rustix::process::Signal::TERM`.
    pub fn kill(&self, signal: rustix::process::Signal) {
        let pid = i32::try_from(self.pid()).ok().and_then(rustix::process::Pid::from_raw).expect("a process id");
        rustix::process::kill_process(pid, signal).expect("the signal is sent");
    }

    /// Waits until the program ended and everything it wrote has been read.
    pub fn wait_exit(&mut self) -> End {
        let deadline = Instant::now() + LIMIT;
        let mut state = lock(&self.shared.state);
        while !state.over {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "the program did not end. The screen:\n{}", framed(&state));
            state = self.shared.changed.wait_timeout(state, left).unwrap_or_else(std::sync::PoisonError::into_inner).0;
        }
        drop(state);
        let status = self.child.wait().expect("the program is ours to wait for");
        match status.signal() {
            Some(signal) => End::Signal(signal.to_owned()),
            None => End::Code(status.exit_code()),
        }
    }

    /// How many typed bytes are unread.
    fn unread(&self) -> u64 {
        let terminal = self.master.tty_name().expect("the terminal has a name");
        let options = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
        // A terminal whose last program is gone has no reader.
        rustix::fs::open(terminal, options, Mode::empty()).and_then(rustix::io::ioctl_fionread).unwrap_or_default()
    }

    /// Whether the terminal hands every key over at once (raw) instead of whole lines.
    pub fn is_raw(&self) -> bool {
        self.master
            .get_termios()
            .is_some_and(|flags| flags.local_flags.bits() & rustix::termios::LocalModes::ICANON.bits() == 0)
    }

    /// Fails unless the terminal is as it was before the program, and shows nothing of a secret, also where the program
    /// drew: it was wiped there before the other screen was left.
    #[track_caller]
    pub fn is_given_back(&self, secret: &str) {
        assert!(!self.is_raw(), "the line is raw");
        self.look(|screen| {
            assert!(!screen.alternate_screen(), "the alternate screen is on");
            assert!(!screen.hide_cursor(), "the cursor is hidden");
            assert!(!screen.bracketed_paste(), "bracketed paste is on");
            assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
            assert!(!screen.contents().contains(secret), "{}", screen.contents());
        });
        let bytes = self.all_bytes();
        let last = |sequence: &[u8]| memchr::memmem::rfind(&bytes, sequence);
        assert!(last(b"\x1b[?1004l") > last(b"\x1b[?1004h"), "focus reports are on");
        let left = last(LEAVE).expect("the alternate screen is left");
        let (rows, columns) = self.look(vt100::Screen::size);
        let mut terminal = vt100::Parser::new(rows, columns, 0);
        terminal.process(&bytes[..left]);
        assert!(!terminal.screen().contents().contains(secret), "it is left on the alternate screen");
    }

    /// The temporary home folder.
    pub fn home(&self) -> &Path {
        self.home.path()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // Both fail only when it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        keeper::end_below(self.home.path());
    }
}

/// What the threads of a process with such names do, in the letters of the kernel: `R` works or waits for the processor,
/// `D` waits for the disk, `T` is stopped.
fn thread_states(pid: &str, wanted: impl Fn(&str) -> bool) -> Vec<char> {
    let threads = std::fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let state_of = |thread: std::fs::DirEntry| {
        let stat = std::fs::read_to_string(thread.path().join("stat")).ok()?;
        // Number, name in parentheses, state: a name may hold anything.
        let (name, rest) = stat.split_once('(')?.1.rsplit_once(") ")?;
        rest.chars().next().filter(|_| wanted(name))
    };
    threads.filter_map(state_of).collect()
}

fn framed(state: &State) -> String {
    let text = state.parser.screen().contents();
    let lines: Vec<String> = text.lines().map(|line| format!("│{line}")).collect();
    let tail = state.bytes.len().saturating_sub(300);
    format!("{}\n(last bytes: {:?})", lines.join("\n"), String::from_utf8_lossy(&state.bytes[tail..]))
}
