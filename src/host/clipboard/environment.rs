//! Where the program runs, as far as it matters for copying.

use std::ffi::OsString;

use crate::host::promise::{Desktop, ScreenSession, TmuxPane};

/// What decides the way. Filled from the environment by [`Environment::here`]; tests write their own.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Environment {
    /// Reached over SSH: the desktop of this machine, if it has one, is not where the person sits
    pub ssh: bool,
    /// A desktop clipboard that answered a knock
    pub desktop: Option<Desktop>,
    /// Inside tmux
    pub tmux: Option<TmuxPane>,
    /// Inside GNU screen
    pub screen: Option<ScreenSession>,
    /// `TERM`
    pub term: String,
    /// A terminal that says that it is of the VTE family, which takes no clipboard sequences
    pub vte: bool,
}

impl Environment {
    /// Reads the environment, and checks that the display in it responds: a clipboard library that finds no display
    /// waits or panics.
    pub fn here() -> Self {
        Self::from_lookup(|name| std::env::var_os(name).filter(|value| !value.is_empty()))
    }

    fn from_lookup(get: impl Fn(&str) -> Option<OsString>) -> Self {
        let text = |name: &str| get(name).map(|value| value.to_string_lossy().into_owned());
        let tmux = text("TMUX").and_then(|value| {
            let socket = value.split(',').next().filter(|path| path.starts_with('/'))?;
            Some(TmuxPane { socket: socket.into(), pane: text("TMUX_PANE").filter(|pane| is_pane(pane))? })
        });
        Self {
            ssh: ["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"].iter().any(|name| get(name).is_some()),
            desktop: desktop(&get).filter(|_| cfg!(feature = "screen")),
            tmux,
            screen: text("STY").map(|name| ScreenSession { name, folder: get("SCREENDIR") }),
            term: text("TERM").unwrap_or_default(),
            vte: get("VTE_VERSION").is_some(),
        }
    }
}

/// The name of a pane goes into a command line: `%` and digits.
pub(super) fn is_pane(name: &str) -> bool {
    name.strip_prefix('%').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(all(unix, not(target_os = "macos")))]
fn desktop(get: &impl Fn(&str) -> Option<OsString>) -> Option<Desktop> {
    use std::os::unix::net::UnixStream;
    use std::path::Path;

    if let Some(display) = get("WAYLAND_DISPLAY") {
        let socket = Path::new(&get("XDG_RUNTIME_DIR").unwrap_or_default()).join(display);
        if UnixStream::connect(socket).is_ok() {
            return Some(Desktop::Wayland);
        }
    }
    // Only a display of this machine: one with a host name is a forwarded connection.
    let display = get("DISPLAY")?.into_string().ok()?;
    let number = display.strip_prefix(':')?.split('.').next()?;
    let path = format!("/tmp/.X11-unix/X{}", number.parse::<u32>().ok()?);
    (UnixStream::connect(&path).is_ok() || answers_abstract(&path)).then_some(Desktop::X11)
}

/// X servers listen on a name without a file as well, and in containers often only there.
#[cfg(target_os = "linux")]
fn answers_abstract(path: &str) -> bool {
    use std::os::linux::net::SocketAddrExt;
    use std::os::unix::net::{SocketAddr, UnixStream};

    SocketAddr::from_abstract_name(path).and_then(|address| UnixStream::connect_addr(&address)).is_ok()
}

#[cfg(all(unix, not(any(target_os = "linux", target_os = "macos"))))]
fn answers_abstract(_path: &str) -> bool {
    false
}

/// Untested: these systems always have a clipboard for the person at the screen.
#[cfg(any(windows, target_os = "macos"))]
fn desktop(_get: &impl Fn(&str) -> Option<OsString>) -> Option<Desktop> {
    Some(Desktop::Native)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> Environment {
        Environment::from_lookup(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).into()))
    }

    #[test]
    fn tmux_is_known_by_its_socket_and_pane() {
        let inside = environment(&[("TMUX", "/tmp/tmux-1000/default,4711,0"), ("TMUX_PANE", "%12")]);
        assert_eq!(inside.tmux, Some(TmuxPane { socket: "/tmp/tmux-1000/default".into(), pane: "%12".to_owned() }));
    }

    #[test]
    fn a_pane_that_is_not_a_pane_is_not_put_on_a_command_line() {
        for pane in ["", "%", "-t", "%1;kill-server", "12"] {
            assert_eq!(environment(&[("TMUX", "/tmp/x,1,0"), ("TMUX_PANE", pane)]).tmux, None, "{pane}");
        }
        assert_eq!(environment(&[("TMUX", "x"), ("TMUX_PANE", "%1")]).tmux, None);
    }

    #[test]
    fn any_sign_of_ssh_counts() {
        for name in ["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"] {
            assert!(environment(&[(name, "x")]).ssh, "{name}");
        }
        assert!(!environment(&[]).ssh);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_display_that_nobody_serves_or_of_another_host_is_no_desktop() {
        for display in [":4093", "localhost:10.0", "", ":x", "unix"] {
            assert_eq!(environment(&[("DISPLAY", display)]).desktop, None, "{display}");
        }
        assert_eq!(
            environment(&[("WAYLAND_DISPLAY", "wayland-77"), ("XDG_RUNTIME_DIR", "/nonexistent")]).desktop,
            None
        );
    }
}
