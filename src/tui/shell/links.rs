//! Web addresses: asked about, then opened where there is a desktop, copied over SSH.

use super::Shell;
use super::consent::Said;
use crate::tui::notice::Notice;
use crate::tui::popups::confirm::{Confirm, Question, link_words};
use crate::tui::popups::consent::Step;
use gluepot_core::policy::Verdict;
use gluepot_core::text::Clean;

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
        let decision = self.cx.decide_link(from);
        if let Some(refusal) = super::policy::refusal_of(&decision, "Not opened") {
            self.say(Notice::error(refusal));
            return;
        }
        if decision.verdict == Verdict::AskReason {
            self.ask_step(Step::Link { address: address.to_owned(), from }, &decision, notes);
            return;
        }
        if self.cx.ssh && decision.verdict == Verdict::Allow {
            let said = Said { ticket: Clean::line(&self.cx.stay.ticket), ..Said::default() };
            self.use_link(address.to_owned(), from, &said);
            return;
        }
        let mut lines = vec![address.to_owned()];
        if decision.verdict == Verdict::Ask {
            lines.push(format!("The {}.", decision.told()));
        }
        if decision.is_on_record() {
            lines.push("It is recorded first.".into());
        }
        lines.append(&mut notes);
        let question = Question::OpenUrl { address: address.to_owned(), from };
        let (title, verb) = link_words(self.cx.ssh);
        self.popups.push(Confirm { question, lines, title, verb, yes: if self.cx.ssh { 'c' } else { 'o' } });
    }
}
