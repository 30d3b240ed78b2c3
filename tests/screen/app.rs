//! The whole program on a test screen, against the embedded IT Glue over real HTTP: keys in, screen out.

use std::sync::Arc;
use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use gluepot::config::Config;
use gluepot::host::clipboard::{Clipboard, Environment};
use gluepot::source::Source;
use gluepot::tui::keymap::Keymap;
use gluepot::tui::message::{Message, Receiver};
use gluepot::tui::styles::Styles;
use gluepot::tui::{Parts, Shell};
use gluepot_core::access::{Access, LockRules, Trail, Who};
use gluepot_core::secret::{LockedKey, Secret};
use gluepot_fake::{Options, Server, World};
use gluepot_itglue::{BaseUrl, Client, Settings};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

/// How long anything may take before a test gives up.
const LIMIT: Duration = Duration::from_secs(20);

/// What a test wants to be otherwise than in the demo.
pub struct Setup {
    pub columns: u16,
    pub rows: u16,
    pub server: Options,
    pub config: Config,
    /// Hosts of the web app that are known by a setting
    pub hosts: Vec<String>,
    pub organization: Option<String>,
    /// The one organization requests may be about
    pub inside: gluepot_itglue::Inside,
    pub ticket: Option<String>,
    pub policies: gluepot_core::policy::Policies,
    pub full_key: bool,
    pub ascii: bool,
    pub colour: bool,
    /// The hash of a PIN
    pub pin: Option<String>,
    /// Where copies go; nowhere if nothing is set
    pub clipboard: Environment,
    /// Where it is looked who else sees the terminal
    pub observers: Option<gluepot::host::observers::Surroundings>,
}

impl Default for Setup {
    fn default() -> Self {
        Self::with_world(gluepot_fake::data::demo())
    }
}

impl Setup {
    pub fn with_world(world: World) -> Self {
        let mut config = Config::default();
        // The rest of the cursor is real time: short, so that a test waits little, and long enough to be skipped.
        config.ui.preview_ms = 40;
        // Tests press keys faster than people: the pace would only make them slow.
        config.network.requests_per_second = 10;
        Self {
            columns: 140,
            rows: 40,
            server: Options::with_world(world),
            config,
            hosts: vec!["northbeam.itglue.com".into()],
            organization: None,
            inside: gluepot_itglue::Inside::Anywhere,
            ticket: None,
            policies: gluepot_core::policy::Policies::default(),
            full_key: true,
            ascii: false,
            colour: true,
            pin: None,
            clipboard: Environment::default(),
            observers: None,
        }
    }

    pub fn size(mut self, columns: u16, rows: u16) -> Self {
        (self.columns, self.rows) = (columns, rows);
        self
    }

    pub fn organization(mut self, name: &str) -> Self {
        self.organization = Some(name.into());
        self
    }

    pub fn ticket(mut self, ticket: &str) -> Self {
        self.ticket = Some(ticket.into());
        self
    }

    pub async fn start(self) -> Program {
        let mut program = Box::pin(Program::start(self)).await;
        program.settle().await;
        program
    }

    /// The program right after its start, while everything is loading.
    pub async fn start_at_once(self) -> Program {
        let mut program = Box::pin(Program::start(self)).await;
        program.draw();
        program
    }
}

/// The running program.
pub struct Program {
    pub app: Shell,
    pub server: Server,
    pub audit_dir: tempfile::TempDir,
    queue: Receiver,
    screen: Terminal<TestBackend>,
}

impl Program {
    async fn start(setup: Setup) -> Self {
        let server = Server::start(setup.server).await.expect("the embedded server starts on loopback");
        let audit_dir = tempfile::tempdir().expect("a folder for the audit file");
        let audit = Arc::new(Trail::new(audit_dir.path().join("audit"), gluepot_core::audit::Keeping::default()));
        let key = if setup.full_key { server.key() } else { server.key_without_passwords() };
        let base = BaseUrl::parse(&server.base_url()).expect("the server's address is a base URL");
        let key = Secret::new(zeroize::Zeroizing::new(key.to_owned()));
        let mut settings = Settings::new(base, "demo", Arc::new(LockedKey::new(key).expect("a page for the key")));
        settings.inside = setup.inside.clone();
        settings.pace.per_second = 1_000;
        settings.pace.at_once = 1_000;
        let pin_file = audit_dir.path().join("pin");
        if let Some(pin) = &setup.pin {
            std::fs::write(&pin_file, pin).expect("a file for the PIN");
            let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
            std::fs::set_permissions(&pin_file, private).expect("it is ours");
        }
        let clipboard = Arc::new(Clipboard::with_tty(&setup.clipboard, Box::new(|_| Ok(()))));
        let theme = if setup.colour { setup.config.theme.clone() } else { gluepot::config::Theme::colourless() };
        let (asked, asked_by) = (setup.policies.screen_lock(), setup.policies.pin_asked_by());
        let lock = LockRules::new(setup.config.ui.lock_after, asked.idle_seconds, asked_by, pin_file);
        let who = Who::here("northbeam".into());
        let access = Access::new(setup.policies, setup.config.ui.confirm_client, lock, who);
        let parts = Parts {
            styles: Styles::new(theme, setup.ascii),
            keymap: Keymap::default().ascii(setup.ascii),
            source: Source::ItGlue(Client::new(settings).expect("the settings are in order")),
            audit,
            access,
            clipboard,
            profile: "us · northbeam".into(),
            demo: true,
            ssh: true,
            hosts: setup.hosts,
            organization: setup.organization,
            ticket: setup.ticket,
            reports: Vec::new(),
            places: Vec::new(),
            observers: setup.observers,
            config: setup.config,
        };
        let (sender, queue) = tokio::sync::mpsc::unbounded_channel();
        let app = Shell::new(parts, sender);
        let screen = Terminal::new(TestBackend::new(setup.columns, setup.rows)).expect("a test screen never fails");
        let mut program = Self { app, server, audit_dir, queue, screen };
        program.app.start();
        program
    }

    /// Presses keys: plain letters, and names such as `<Enter>`, `<Esc>`, `<C-k>`, `<Down>`, `<Space>`. Waits until
    /// everything they started has ended.
    pub async fn press(&mut self, keys: &str) -> &mut Self {
        self.type_fast(keys);
        self.settle().await;
        self
    }

    /// Presses keys without waiting, drawing after each as the real loop does.
    pub fn type_fast(&mut self, keys: &str) {
        for key in keys_of(keys) {
            self.app.update(Message::Input(Box::new(Event::Key(key))));
            self.draw();
        }
    }

    pub fn event(&mut self, event: Event) {
        self.app.update(Message::Input(Box::new(event)));
        self.draw();
    }

    /// Waits until nothing is pending, then draws.
    pub async fn settle(&mut self) {
        let done = tokio::time::timeout(LIMIT, async {
            loop {
                self.step();
                if self.app.is_idle() && self.queue.is_empty() {
                    // Recording what a frame showed is work as well.
                    self.draw();
                    if self.app.is_idle() && self.queue.is_empty() && !self.app.is_dirty() {
                        break;
                    }
                }
                self.wait().await;
            }
        });
        done.await.expect("the program becomes idle");
    }

    /// Waits until the screen shows a text, whatever else is pending.
    pub async fn wait_for(&mut self, text: &str) {
        let done = tokio::time::timeout(LIMIT, async {
            loop {
                self.step();
                self.draw();
                if self.text().contains(text) {
                    break;
                }
                self.wait().await;
            }
        });
        assert!(done.await.is_ok(), "{text:?} never came up:\n{}", self.text());
    }

    /// Waits until a text is no longer on the screen.
    pub async fn wait_gone(&mut self, text: &str) {
        let done = tokio::time::timeout(LIMIT, async {
            while self.text().contains(text) {
                self.wait().await;
                self.step();
                self.draw();
            }
        });
        assert!(done.await.is_ok(), "{text:?} never went away:\n{}", self.text());
    }

    fn step(&mut self) {
        self.app.tick();
        while let Ok(message) = self.queue.try_recv() {
            self.app.update(message);
        }
    }

    async fn wait(&mut self) {
        let due = self.app.next_tick().unwrap_or_else(|| std::time::Instant::now() + Duration::from_millis(50));
        tokio::select! {
            message = self.queue.recv() => if let Some(message) = message { self.app.update(message) },
            () = tokio::time::sleep_until(due.into()) => {}
        }
    }

    pub fn draw(&mut self) {
        if self.app.is_dirty() {
            let size = self.screen.size().expect("a test screen has a size");
            self.app.prepare(size);
            self.screen.draw(|frame| self.app.draw(frame)).expect("a test screen never fails");
            self.app.drawn();
        }
    }

    pub async fn resize(&mut self, columns: u16, rows: u16) {
        self.screen.backend_mut().resize(columns, rows);
        self.event(Event::Resize(columns, rows));
        self.settle().await;
    }

    pub fn buffer(&self) -> &Buffer {
        self.screen.backend().buffer()
    }

    /// The screen as text, trailing blanks cut.
    pub fn text(&self) -> String {
        let buffer = self.buffer();
        (0..buffer.area.height)
            .map(|y| {
                let mut line = String::new();
                let mut x = 0;
                while x < buffer.area.width {
                    let symbol = buffer[(x, y)].symbol();
                    line.push_str(symbol);
                    x += gluepot::present::format::width(symbol).max(1) as u16;
                }
                line.trim_end().to_owned() + "\n"
            })
            .collect()
    }

    /// The line of the screen that holds a text.
    pub fn line_with(&self, text: &str) -> String {
        let screen = self.text();
        screen
            .lines()
            .find(|line| line.contains(text))
            .map_or_else(|| panic!("{text:?} is not on the screen:\n{screen}"), str::to_owned)
    }

    #[track_caller]
    pub fn sees(&self, text: &str) -> &Self {
        let screen = self.text();
        assert!(screen.contains(text), "{text:?} is not on the screen:\n{screen}");
        self
    }

    #[track_caller]
    pub fn misses(&self, text: &str) -> &Self {
        let screen = self.text();
        assert!(!screen.contains(text), "{text:?} is on the screen:\n{screen}");
        self
    }

    /// The audit file's text.
    pub fn audit(&self) -> String {
        let dir = self.audit_dir.path().join("audit");
        std::fs::read_dir(&dir)
            .into_iter()
            .flatten()
            .filter_map(Result::ok)
            .filter(|entry| entry.path().extension().is_some_and(|e| e == "jsonl" || e == "log"))
            .map(|entry| std::fs::read_to_string(entry.path()).unwrap_or_default())
            .collect()
    }
}

fn keys_of(text: &str) -> Vec<KeyEvent> {
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == '<'
            && let Some(end) = rest.find('>').filter(|&end| end > 1)
        {
            keys.push(named(&rest[1..end]));
            rest = &rest[end + 1..];
        } else {
            keys.push(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE));
            rest = &rest[c.len_utf8()..];
        }
    }
    keys
}

fn named(name: &str) -> KeyEvent {
    if let Some(letter) = name.strip_prefix("C-") {
        let c = letter.chars().next().expect("a key behind C-");
        return KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL);
    }
    let (code, modifiers) = match name {
        "Enter" => (KeyCode::Enter, KeyModifiers::NONE),
        "Esc" => (KeyCode::Esc, KeyModifiers::NONE),
        "Tab" => (KeyCode::Tab, KeyModifiers::NONE),
        "S-Tab" => (KeyCode::BackTab, KeyModifiers::SHIFT),
        "BS" => (KeyCode::Backspace, KeyModifiers::NONE),
        "Space" => (KeyCode::Char(' '), KeyModifiers::NONE),
        "Up" => (KeyCode::Up, KeyModifiers::NONE),
        "Down" => (KeyCode::Down, KeyModifiers::NONE),
        "Left" => (KeyCode::Left, KeyModifiers::NONE),
        "Right" => (KeyCode::Right, KeyModifiers::NONE),
        "PgUp" => (KeyCode::PageUp, KeyModifiers::NONE),
        "PgDn" => (KeyCode::PageDown, KeyModifiers::NONE),
        other => panic!("no key is named {other}"),
    };
    KeyEvent::new(code, modifiers)
}
