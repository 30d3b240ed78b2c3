//! Web addresses: asked about, then opened where there is a desktop, copied over SSH.

use super::Shell;
use crate::tui::notice::Notice;
use crate::tui::popups::confirm::{Confirm, Question, link_words};
use gluepot_core::access::{LinkMay, Step};
use gluepot_core::policy::Verdict;

impl Shell {
    /// The web address of the selected link or of the record: opened where there is a desktop, copied over SSH.
    pub(super) fn open_url(&mut self) {
        use gluepot_body::LinkTarget;
        if let Some(link) = self.focused_link().cloned()
            && let LinkTarget::Web(address) = &link.target
        {
            self.confirm_url(address, link.misleads);
            return;
        }
        let Some(key) = self.subject_key() else { return };
        match self.cx.web_address(key) {
            Some(address) => self.confirm_url(&address, false),
            None => {
                self.say(Notice::warning(
                    "No web address: IT Glue sent none for this record, and the tenant is unknown.",
                ));
            }
        }
    }

    pub(super) fn confirm_url(&mut self, address: &str, misleads: bool) {
        let Some(from) = self.subject_key() else { return };
        let mut notes = Vec::new();
        if let Ok(url) = url::Url::parse(address)
            && let Some(host) = url.host_str()
            && (!url.username().is_empty() || url.password().is_some())
        {
            notes.push(format!("The part before the @ is a user name. The host is {host}."));
        }
        if misleads {
            notes.push("The text of this link shows a different address from its target.".into());
        }
        let mut lines = vec![address.to_owned()];
        let is_recorded = match self.link_may(address, from, false) {
            LinkMay::Refused(words) => return self.say(Notice::error(words)),
            LinkMay::Ask(decision) if decision.verdict == Verdict::AskReason => {
                return self.ask_step(Step::Link { address: address.to_owned(), from }, &decision, notes);
            }
            LinkMay::Ask(decision) => {
                lines.push(format!("The {}.", decision.told()));
                decision.is_on_record()
            }
            LinkMay::Use(permit) if self.cx.ssh => return self.use_link(address.to_owned(), permit),
            LinkMay::Use(permit) => permit.is_some(),
        };
        if is_recorded {
            lines.push("It is recorded first.".into());
        }
        lines.append(&mut notes);
        let question = Question::OpenUrl { address: address.to_owned(), from };
        let (title, verb) = link_words(self.cx.ssh);
        self.popups.push(Confirm { question, lines, title, verb, yes: if self.cx.ssh { 'c' } else { 'o' } });
    }
}
