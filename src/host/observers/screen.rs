//! GNU screen: whether it writes a log, and which terminals are attached.

use std::collections::BTreeSet;

use super::observer::Observer;
use super::processes;
use gluepot_core::text::Clean;

/// Looks which files and terminals the server of GNU screen has open, where the system tells. Gives the processes that
/// are attached. Screen itself is not asked: it writes its answer to a query over the person's last line too, and shows
/// nothing else there for seconds.
pub(super) fn look_at_screen(name: &str, tell: &mut impl FnMut(Observer)) -> BTreeSet<u32> {
    let server = name.split('.').next().and_then(|pid| pid.parse().ok());
    let Some(server) = server.filter(|server| processes::exists(*server)) else {
        tell(Observer::Unknown("the GNU screen that the environment names is not there".into()));
        return BTreeSet::new();
    };
    let Some(open) = processes::open_files(server) else {
        let clients = processes::with_terminal("screen");
        let places = clients.iter().map(|(pid, terminal)| Clean::line(&format!("{terminal} (process {pid})")));
        tell(Observer::Unseen(places.collect()));
        return BTreeSet::new();
    };
    if open.appends {
        tell(Observer::Logged);
    }
    if open.terminals.len() > 1 {
        tell(Observer::ScreenClients(open.terminals.iter().map(|terminal| Clean::line(terminal)).collect()));
    }
    processes::on_terminals(&open.terminals, "screen")
}
