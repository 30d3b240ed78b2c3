//! Texts to read: the keys, the status, the quick notes of a client.

use ratatui::text::Line;

use super::Shell;
use super::commands::why_not;
use crate::present::format;
use crate::tui::popups::place;
use crate::tui::popups::text::{Text, TextPopup};
use crate::tui::status;
use crate::tui::widgets::paint::styled;
use crate::tui::widgets::wrap::wrap;
use gluepot_body::LayoutOptions;
use gluepot_core::library::State;

impl Shell {
    /// Opens a text to read.
    pub(super) fn open_text(&mut self, text: Text) {
        let width = place::width(self.cx.frame.size);
        let (title, lines) = self.text_lines(text, width);
        self.popups.push(TextPopup { text, width, title, lines, scroll: 0, search: Box::default() });
    }

    /// Opens the quick notes of the open organization, and asks for the rest of them where the list has cut them.
    pub(super) fn open_quick_notes(&mut self) {
        if let Some(id) = self.cx.organization
            && self.cx.store.quick_notes(id).is_some_and(|(_, is_cut)| is_cut)
        {
            let key = id.key();
            self.fetch_record(crate::tui::tasks::Slot::QuickNotes, key, Some(id));
        }
        self.open_text(Text::QuickNotes);
    }

    /// Rebuilds the lines of texts that were made for another width.
    pub(super) fn fit_texts(&mut self) {
        let width = place::width(self.cx.frame.size);
        self.remake_texts(|popup| popup.width != width);
    }

    /// Shows in an open text what has become known since.
    pub(super) fn quick_notes_arrived(&mut self) {
        self.remake_texts(|popup| matches!(popup.text, Text::QuickNotes));
    }

    fn remake_texts(&mut self, is_outdated: impl Fn(&TextPopup) -> bool) {
        let width = place::width(self.cx.frame.size);
        let texts: Vec<Text> =
            self.popups.all_mut::<TextPopup>().filter(|popup| is_outdated(popup)).map(|popup| popup.text).collect();
        for text in texts {
            let (_, lines) = self.text_lines(text, width);
            for popup in self.popups.all_mut::<TextPopup>().filter(|popup| popup.text == text) {
                // The same share of the text stays in view.
                popup.scroll = popup.scroll * lines.len() / popup.lines.len().max(1);
                (popup.lines, popup.width) = (lines.clone(), width);
                popup.search_again();
            }
        }
    }

    fn text_lines(&self, text: Text, popup: u16) -> (String, Vec<Line<'static>>) {
        let width = popup.saturating_sub(4);
        match text {
            Text::Help => {
                let commands = self.commands();
                let refused = |action| why_not(&commands, action).is_some();
                crate::tui::help::lines(&self.cx, width.into(), refused)
            }
            Text::Status => ("Status".into(), self.status_lines(width.into())),
            Text::QuickNotes => self.quick_notes_lines(width),
        }
    }

    fn quick_notes_lines(&self, width: u16) -> (String, Vec<Line<'static>>) {
        let Some(organization) = self.cx.organization.and_then(|id| self.cx.store.organization_in_full(id)) else {
            return ("Quick notes".into(), Vec::new());
        };
        let id = organization.organization_id();
        let Some((notes, is_cut)) = self.cx.store.quick_notes(id) else { return ("Quick notes".into(), Vec::new()) };
        let doc = gluepot_body::Doc::from_notes(notes, &self.cx.link_base(self.cx.organization));
        let options = LayoutOptions {
            width,
            ascii: self.cx.styles.signs.ascii,
            strike_marks: !self.cx.styles.strikes,
            heading_rules: true,
            ..LayoutOptions::default()
        };
        let layout = gluepot_body::Layout::new(&doc, &options);
        let mut lines: Vec<_> = layout.lines.iter().map(|line| styled(line, &self.cx.styles)).collect();
        if is_cut {
            let (words, look) = match self.cx.store.detail(id.key()).map(|detail| &detail.state) {
                Some(State::Failed(error)) => {
                    (format!("The rest is missing. {}", error.told("try again")), self.cx.styles.warning)
                }
                _ => ("Loading the rest…".to_owned(), self.cx.styles.dim),
            };
            lines.push(Line::default());
            lines.extend(wrap(&words, width.into()).into_iter().map(|part| Line::styled(part, look)));
        }
        (format!("Quick notes of {}", organization.name), lines)
    }

    /// Connection, quota, audit, clipboard and what was reported.
    fn status_lines(&self, width: usize) -> Vec<Line<'static>> {
        let mut rows = self.connection_rows();
        rows.extend(self.keeping_rows());
        rows.push(("Watchdog".into(), self.promises().status().to_string()));
        // What is above in more detail is not repeated.
        let audit = self.cx.audit.folder().display().to_string();
        let told = |label: &str, place: &str| place.starts_with(&audit) || label.starts_with("policy");
        for (label, place) in self.places.iter().filter(|(label, place)| !told(label, place)) {
            let label = format::capital(label);
            // Several lines about the same thing have one name.
            let again = rows.iter().rev().find(|(label, _)| !label.is_empty()).is_some_and(|(last, _)| *last == label);
            rows.push((if again { String::new() } else { label }, place.clone()));
        }
        let running = self.cx.tasks.alive();
        rows.push(("In progress".into(), format::count(running, "background task", "background tasks")));
        status::lines(rows, &self.reports, width, &self.cx.styles)
    }

    /// Where the account is, how the way there is protected, and how many requests are left.
    fn connection_rows(&self) -> Vec<(String, String)> {
        let quota = self.source.quota();
        let mut rows: Vec<(String, String)> = vec![
            ("Profile".into(), self.profile.clone()),
            (
                "Requests left".into(),
                format!(
                    "{} of {} (5 min), {} queued",
                    format::number(quota.left as usize),
                    format::number(quota.of as usize),
                    quota.waiting
                ),
            ),
        ];
        if let Some(until) = quota.paused_until {
            let seconds = until.saturating_duration_since(self.now()).as_secs();
            rows.push(("Paused".into(), format!("IT Glue limits requests, {seconds} s left")));
        }
        if let Some(why) = self.source.counts_alone() {
            rows.push(("Quota".into(), format!("{why}. Only a quarter of the quota is used")));
        }
        let connection = self.source.connection();
        rows.push(("Connection".into(), connection.to.to_string()));
        rows.push(("Certificates".into(), connection.trusted.to_string()));
        if let Some(certificate) = connection.certificate {
            rows.push(("Certificate".into(), certificate.to_string()));
        }
        if let Some(proxy) = connection.proxy {
            let words = "a proxy that inspects TLS sees everything; check the issuer of the certificate";
            rows.push(("Proxy".into(), format!("{proxy}; {words}")));
        }
        rows
    }

    /// What the status screen says about the policies.
    fn policy_rows(&self) -> Vec<(String, String)> {
        let policies = self.cx.access.policies();
        let mut rows = vec![("Policy".into(), policies.admin.to_string()), (String::new(), policies.user.to_string())];
        if let Some(by) = policies.sink_asked_by() {
            let copies = match (policies.sink_trouble(), &self.cx.audit.keeping().sink) {
                (Some(trouble), _) => format!("nothing secret is fetched: {trouble} ({by})"),
                (None, Some(sink)) => format!("required: {} at {} ({by})", sink.system.name(), sink.socket.display()),
                // The demo makes none and needs none.
                (None, None) => format!("required outside of the demo ({by})"),
            };
            rows.push(("Audit copies".into(), copies));
        }
        rows
    }

    /// Where it is recorded, how text is copied, when the screen locks, and what the policies are.
    fn keeping_rows(&self) -> Vec<(String, String)> {
        let mut rows = Vec::new();
        rows.push((
            "Audit".into(),
            match self.cx.audit.trouble() {
                None => self.cx.audit.folder().display().to_string(),
                Some(trouble) => {
                    format!("cannot be written: {}. Reveal and copy are off until it can", trouble.whole)
                }
            },
        ));
        rows.push((
            "Clipboard".into(),
            format!("{}: {}", self.desk.clipboard.way().label(), self.desk.clipboard.why()),
        ));
        if let Some((way, doubt)) = self.desk.last_delivery {
            rows.push(("Last copy".into(), format!("{}, unconfirmed: {doubt}", way.label())));
        }
        rows.push(("Auto-lock".into(), self.lock_words()));
        rows.extend(self.policy_rows());
        rows
    }
}
