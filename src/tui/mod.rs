//! The screen: the loop, the state, the panes, and how they look.
//!
//! ```text
//! keys ──┐                                            ┌─> store (facts) ──┐
//!        ├─> Message ─> Shell::update (never waits) ──┤                   ├─> draw, once the queue is empty
//! tasks ─┘      ^                                     └─> view state ─────┘
//!               └──── tasks.start(slot, …) <── actions
//! ```

pub mod bar;
pub mod browse;
pub mod component;
pub mod desk;
pub mod finder;
pub mod frame;
pub mod help;
pub mod history;
pub mod keymap;
pub mod known;
pub mod layout;
pub mod message;
pub mod notice;
pub mod pick;
pub mod popups;
pub mod reader;
pub mod rows;
pub mod shell;
pub mod spell;
pub mod status;
pub mod styles;
pub mod target;
pub mod tasks;
pub mod widgets;

use std::io;
use std::time::Duration;

use ratatui::Terminal;

use message::Message;
pub use shell::{Exit, Parts, Shell};

use crate::host::guard::News;
use crate::host::terminal::{self, Session, Signal};
use gluepot_core::clock::Alarm;

/// Messages taken in one go before a frame is drawn: a flood must not starve the screen.
const BATCH: usize = 256;
/// How long the end of the program waits for outcomes to be written and the clipboard to be cleared.
const FAREWELL: Duration = Duration::from_millis(1_500);

/// Runs the program on the real terminal until it ends. Gives the exit code.
///
/// # Errors
/// There is no terminal, or it cannot be set up.
pub async fn run(parts: Parts, log: Option<std::path::PathBuf>) -> io::Result<u8> {
    let (sender, mut queue) = tokio::sync::mpsc::unbounded_channel();
    let keys = sender.clone();
    let mut app = Shell::new(parts, sender);
    let mut session = Session::enter(terminal::Options { mouse: app.mouse, log, promises: app.promises().clone() })?;
    let mut signals = terminal::signals()?;
    let mut screen = Terminal::new(terminal::Drawing::new(session.screen()))?;
    read_keys(terminal::Keys::open(app.keys_with_alt())?, keys)?;
    app.start();
    start_guard(&app);
    let ended = serve(&mut app, &mut queue, &mut session, &mut screen, &mut signals).await;
    let gone = matches!(&ended, Err(error) if is_gone(error));
    if ended.is_err() {
        app.exit = Some(Exit::TerminalGone);
    }
    let code = match app.exit {
        Some(Exit::Signal(cause)) => cause.exit_code(),
        Some(Exit::TerminalGone) => terminal::Cause::Hangup.exit_code(),
        _ => 0,
    };
    // The screen is given back first: no one should read it while the rest takes its time.
    session.leave();
    farewell(&mut app, &mut queue).await;
    crate::host::guard::goodbye(app.promises(), app.leaves_clipboard_to_guard());
    match ended {
        Err(error) if !gone => Err(error),
        _ => Ok(code),
    }
}

/// Whether an error says that there is no terminal to draw on any more: the window was closed, the line dropped.
fn is_gone(error: &io::Error) -> bool {
    #[cfg(unix)]
    let hung_up = matches!(error.raw_os_error(), Some(libc::EIO | libc::ENXIO));
    #[cfg(not(unix))]
    let hung_up = false;
    hung_up || error.kind() == io::ErrorKind::BrokenPipe
}

/// The loop, until there is a reason to end. An error of the terminal is one; the farewell still follows.
async fn serve(
    app: &mut Shell,
    queue: &mut message::Receiver,
    session: &mut Session,
    screen: &mut Terminal<terminal::Drawing<terminal::Screen>>,
    signals: &mut terminal::Signals,
) -> io::Result<()> {
    let mut mouse = app.mouse;
    let mut shows_secret = false;
    let alarm = Alarm::new();
    loop {
        app.tick();
        take_all(app, queue);
        if app.exit.is_some() {
            return Ok(());
        }
        if app.mouse != mouse {
            mouse = app.mouse;
            session.set_mouse(mouse)?;
        }
        if app.repaint {
            app.repaint = false;
            screen.clear()?;
        }
        if app.is_dirty() {
            draw(app, session, screen, shows_secret)?;
            shows_secret = app.shows_secret();
        }
        gluepot_core::secret::wipe_stack();
        if app.suspend {
            app.suspend = false;
            // What was hidden is off the screen by now: the frame above was drawn without it.
            session.suspend()?;
            screen.clear()?;
            app.resumed();
            continue;
        }
        let due = app.next_tick();
        tokio::select! {
            message = queue.recv() => {
                if let Some(message) = message {
                    app.update(message);
                }
            }
            signal = signals.next() => match signal {
                Signal::Continue => {
                    session.resume()?;
                    screen.clear()?;
                    app.resumed();
                }
                other => app.update(Message::Signal(other)),
            },
            () = until(due) => {}
            () = alarm.ring(app.alarm_due()) => {}
        }
    }
}

/// Takes what is in the queue already: it goes before the frame, which would be old when drawn.
fn take_all(app: &mut Shell, queue: &mut message::Receiver) {
    for _ in 0..BATCH {
        let Ok(message) = queue.try_recv() else { return };
        app.update(message);
    }
}

/// Draws a frame. `showed_secret` says whether the one before showed a value: then the buffers of the screen forget it.
fn draw(
    app: &mut Shell,
    session: &Session,
    screen: &mut Terminal<terminal::Drawing<terminal::Screen>>,
    showed_secret: bool,
) -> io::Result<()> {
    let size = screen.size()?;
    if screen.current_buffer_mut().area().as_size() != size {
        session.renew_for_size(screen)?;
    }
    let parks = app.shows_secret();
    // By the size of the very frame: asked before, the window may have another one by the time it is drawn.
    let mut paint = |frame: &mut ratatui::Frame<'_>| {
        app.prepare(frame.area().as_size());
        // Whatever the frame took to prepare: a due value is not in it.
        if app.hide_overdue() {
            app.prepare(frame.area().as_size());
        }
        app.draw(frame);
    };
    let written = session.frame(|| {
        screen.draw(&mut paint)?;
        if parks { screen.backend_mut().park_cursor() } else { Ok(()) }
    });
    // A frame that failed may have reached the person all the same: what was in it counts as shown.
    app.drawn();
    written??;
    // What was shown is off the screen now; the buffers of the screen still know it.
    if showed_secret && !app.shows_secret() {
        session.renew(screen, |frame| app.draw(frame))?;
    }
    Ok(())
}

/// Starts the guard beside the first frame. That there is none is said once, in the bar.
fn start_guard(app: &Shell) {
    let sender = app.cx.tasks.sender();
    crate::host::guard::start(app.promises(), app.trail_for_guard(), move |news| {
        let message = match news {
            News::Missing(status) => {
                let words = format!("The guard process is missing: {status}.");
                Message::Notice(notice::Notice::warning(words))
            }
            News::Blanked => Message::Repaint,
        };
        let _ = sender.send(message);
    });
}

/// Puts what the terminal sends into the queue, in its own thread, which sleeps until there is something. It ends
/// with the program, or with the terminal.
fn read_keys(mut keys: terminal::Keys, queue: message::Sender) -> io::Result<()> {
    let read = move || {
        loop {
            // An error is the end of the input: the terminal is gone.
            let message = keys.next_event().map_or(Message::TerminalGone, Message::Input);
            let is_end = matches!(message, Message::TerminalGone);
            if queue.send(message).is_err() || is_end {
                return;
            }
        }
    };
    std::thread::Builder::new().name("keys".to_owned()).spawn(read).map(drop)
}

/// Writes outcomes and clears the clipboard before the end, with a limit.
async fn farewell(app: &mut Shell, queue: &mut message::Receiver) {
    app.say_goodbye();
    let all = async {
        while !app.is_settled() {
            match queue.recv().await {
                Some(message) => app.update(message),
                None => break,
            }
        }
    };
    // The next start reports what did not end in time: an intent without an outcome is in the file.
    let _ = tokio::time::timeout(FAREWELL, all).await;
}

async fn until(due: Option<std::time::Instant>) {
    match due {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}

/// Hands an address to the browser: one argument, never a shell.
///
/// # Errors
/// The address is not a web address, or no browser could be started.
pub fn browse(address: &str) -> Result<(), String> {
    let url = url::Url::parse(address).map_err(|error| error.to_string())?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("it is no web address".into());
    }
    hand_over(url.as_str())
}

/// `xdg-open` knows the person's browser. It is the only program that is started, with one argument, nothing of the
/// terminal and its own process group; if it takes more than two seconds, it may continue alone.
#[cfg(target_os = "linux")]
fn hand_over(address: &str) -> Result<(), String> {
    use std::os::unix::process::CommandExt as _;
    use std::process::Stdio;
    let mut command = std::process::Command::new("xdg-open");
    command.arg(address).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    let mut child = command.spawn().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => "xdg-open is not installed (package xdg-utils)".to_owned(),
        _ => gluepot_core::text::Clean::line(&error.to_string()).to_string(),
    })?;
    let until = std::time::Instant::now() + Duration::from_secs(2);
    while std::time::Instant::now() < until {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => return Err(format!("xdg-open says {status}")),
            Ok(None) => std::thread::sleep(Duration::from_millis(20)),
            Err(error) => return Err(gluepot_core::text::Clean::line(&error.to_string()).to_string()),
        }
    }
    // It runs on; something has to collect its end.
    std::thread::spawn(move || child.wait());
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn hand_over(address: &str) -> Result<(), String> {
    webbrowser::open(address).map_err(|error| gluepot_core::text::Clean::line(&error.to_string()).to_string())
}
