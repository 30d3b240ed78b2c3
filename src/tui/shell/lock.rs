//! The lock: a blank screen, no secret behind it, and what opens it.
//!
//! It comes by a key, or when no key was pressed for a while. Secrets are dropped, dialogs that lead to one
//! and everything typed into them go away; background work continues. Without a PIN one key opens
//! it. With one, each wrong try is followed by a longer pause, and after the fifth only leaving the program
//! is left. If a policy requires a PIN and there is none, or the file with it cannot be used, it does not open either;
//! and then nothing secret is fetched: [`LockRules::trouble`](gluepot_core::access::LockRules::trouble) is asked before a dialog and again right before the record
//! of a fetch, each time at the file itself, so that a PIN that is set or removed meanwhile counts.
//!
//! The hash is read when the lock comes and not again: a file that is exchanged meanwhile opens nothing.
//!
//! If a PIN locks the screen, suspending is refused: it would give a passer-by the shell below, and with it the file
//! and another gluepot. Leaving the program is not refused, since it ends what was open; the shell below is the person's
//! to lock (`exec gluepot`, or the terminal's own lock).

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::style::{Modifier, Style};

use super::Shell;
use crate::present::format::width;
use crate::tui::keymap::{Action, Context};
use crate::tui::message::Message;
use crate::tui::notice::Notice;
use crate::tui::widgets::paint::put;
use gluepot_core::access::PinTrouble;
use gluepot_core::access::pin::{self, Pin};
use gluepot_core::clock::BootTime;
use gluepot_core::secret::Typed;
use gluepot_core::text::Clean;

/// The room before which nobody sits.
pub(super) struct Lock {
    /// The lock while it is on
    pub(super) locked: Option<Locked>,
    lock_number: u64,
    /// Why the policy lets nothing secret be fetched, when it was looked last
    pub(super) pin_trouble: Option<PinTrouble>,
    /// When a key was pressed last: the lock comes some time after it
    pub(super) last_key: BootTime,
}

impl Default for Lock {
    fn default() -> Self {
        Self { locked: None, lock_number: 0, pin_trouble: None, last_key: BootTime::now() }
    }
}

/// What opens the lock.
enum Key {
    /// Not known yet: the file is being read
    Reading,
    /// Any: Enter
    Enter,
    /// The PIN
    Pin(Pin),
    /// Nothing does, for this reason
    Nothing(Clean),
}

/// The lock while it is on.
pub(super) struct Locked {
    key: Key,
    typed: Typed,
    /// A PIN is being looked at
    checking: bool,
    wrong: u32,
    /// Suspending was requested and refused
    suspend_refused: bool,
    /// No try before this moment
    pause_until: Option<BootTime>,
    shown_seconds: u64,
    /// Which lock of this run it is: an answer that belongs to an earlier one changes nothing
    number: u64,
}

impl Locked {
    fn new(number: u64) -> Self {
        Self {
            key: Key::Reading,
            typed: Typed::default(),
            checking: false,
            wrong: 0,
            suspend_refused: false,
            pause_until: None,
            shown_seconds: 0,
            number,
        }
    }

    /// What was read of the PIN decides what opens it.
    fn take(&mut self, read: Result<Option<Pin>, Clean>, needs_pin: bool) {
        self.key = match read {
            Ok(Some(pin)) => Key::Pin(pin),
            Ok(None) if needs_pin => {
                Key::Nothing("The policy asks for a PIN and none is set. To set one: gluepot pin set".into())
            }
            Ok(None) => Key::Enter,
            Err(why) => Key::Nothing(Clean::line(&format!("The PIN cannot be read: {why}."))),
        };
    }

    /// A wrong PIN: a pause of 1, 2, 4, 8 seconds, then the end.
    fn fail(&mut self, now: BootTime) {
        self.wrong += 1;
        match pin::pause_after(self.wrong) {
            Some(pause) => self.pause_until = Some(now + pause),
            None => self.key = Key::Nothing("Too many wrong PINs.".into()),
        }
    }

    /// Whether the shell below may be had without the PIN: only where none is requested.
    fn may_suspend(&self) -> bool {
        matches!(self.key, Key::Enter)
    }

    fn takes_keys(&self) -> bool {
        matches!(self.key, Key::Pin(_)) && !self.checking && self.pause_until.is_none()
    }
}

impl Shell {
    /// Locks the screen.
    pub(super) fn lock(&mut self, why: &'static str) {
        self.drop_secrets(why);
        self.popups.retain(|popup| !popup.leads_on());
        self.cx.bar.notice = None;
        self.cx.dirty = true;
        self.lock.lock_number += 1;
        let number = self.lock.lock_number;
        self.lock.locked = Some(Locked::new(number));
        let file = self.cx.access.lock().file.clone();
        let sender = self.cx.tasks.sender();
        self.cx.tasks.start_other(async move {
            let work = tokio::task::spawn_blocking(move || {
                let _ = sender.send(Message::PinRead { lock: number, read: Pin::read(&file) });
            });
            let _ = work.await;
        });
    }

    /// Looks whether there is the PIN that a policy requires, so that it is said before a secret is wanted.
    pub(super) fn look_for_pin(&mut self) {
        if self.cx.access.lock().asked_by.is_none() {
            return;
        }
        let (rules, sender) = (self.cx.access.lock().clone(), self.cx.tasks.sender());
        self.cx.tasks.start_other(async move {
            let work = tokio::task::spawn_blocking(move || {
                let _ = sender.send(Message::PinLooked { ticket: None, trouble: rules.trouble() });
            });
            let _ = work.await;
        });
    }

    /// It was looked for the PIN that a policy requires, before a secret or without one.
    pub(super) fn pin_looked(&mut self, ticket: Option<u64>, trouble: Option<PinTrouble>) {
        self.cx.dirty = true;
        let wanted =
            ticket.is_some() && self.desk.looked_for.take_if(|looked_for| Some(*looked_for) == ticket).is_some();
        if let Some(trouble) = trouble.as_ref().filter(|_| wanted) {
            self.say(Notice::error(format!("Not fetched: {}.", trouble.brief())));
        }
        self.lock.pin_trouble = trouble;
    }

    pub(super) fn pin_read(&mut self, number: u64, read: Result<Option<Pin>, Clean>) {
        let needs_pin = self.cx.access.lock().asked_by.is_some();
        if let Some(locked) = self.lock.locked.as_mut().filter(|locked| locked.number == number) {
            locked.take(read, needs_pin);
            self.cx.dirty = true;
        }
    }

    pub(super) fn pin_tried(&mut self, number: u64, right: bool) {
        let Some(locked) = self.lock.locked.as_mut().filter(|locked| locked.number == number) else { return };
        self.cx.dirty = true;
        locked.checking = false;
        if right {
            self.unlock();
        } else {
            locked.fail(BootTime::now());
        }
    }

    fn unlock(&mut self) {
        self.lock.locked = None;
        self.lock.last_key = BootTime::now();
        self.want_known();
        self.cx.dirty = true;
    }

    pub(super) fn lock_key(&mut self, key: KeyEvent) {
        let action = self.cx.keymap.lookup(Context::Input, key);
        match action {
            Some(Action::QuitNow) => return self.quit(),
            Some(Action::Suspend) => {
                match &mut self.lock.locked {
                    Some(locked) if !locked.may_suspend() => locked.suspend_refused = true,
                    _ => self.suspend = true,
                }
                self.cx.dirty = true;
                return;
            }
            Some(Action::Redraw) => {
                self.repaint = true;
                return;
            }
            _ => {}
        }
        let Some(locked) = &mut self.lock.locked else { return };
        if action == Some(Action::Open) {
            match &locked.key {
                Key::Enter => self.unlock(),
                Key::Pin(_) if locked.takes_keys() && locked.typed.count() > 0 => self.try_pin(),
                _ => {}
            }
            return;
        }
        if !locked.takes_keys() {
            return;
        }
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Backspace => locked.typed.pop(),
            KeyCode::Esc => locked.typed.clear(),
            KeyCode::Char('u') if control => locked.typed.clear(),
            KeyCode::Char(c) if !control => {
                locked.typed.push(c);
            }
            _ => {}
        }
    }

    fn try_pin(&mut self) {
        let Some(locked) = &mut self.lock.locked else { return };
        let Key::Pin(pin) = &locked.key else { return };
        let (pin, typed, number) = (pin.clone(), locked.typed.take(), locked.number);
        locked.checking = true;
        let sender = self.cx.tasks.sender();
        self.cx.tasks.start_other(async move {
            // A try that comes to no end counts as a wrong one.
            let work = tokio::task::spawn_blocking(move || pin.is(&typed));
            let right = work.await.unwrap_or(false);
            let _ = sender.send(Message::PinTried { lock: number, right });
        });
    }

    // By the clock

    pub(super) fn lock_tick(&mut self, now: BootTime) {
        match &mut self.lock.locked {
            None => {
                if self.idle_due().is_some_and(|due| due <= now) {
                    self.lock("locked: no key was pressed");
                }
            }
            Some(locked) => {
                let Some(until) = locked.pause_until else { return };
                let seconds = super::secrets::seconds_left(until, now);
                if seconds != locked.shown_seconds {
                    locked.shown_seconds = seconds;
                    self.cx.dirty = true;
                }
                if seconds == 0 {
                    locked.pause_until = None;
                }
            }
        }
    }

    /// When the screen locks without a key press.
    fn idle_due(&self) -> Option<BootTime> {
        Some(self.lock.last_key + self.cx.access.lock().after?)
    }

    /// When the lock comes, or the pause after a wrong PIN shows another number.
    pub(super) fn lock_due(&self) -> Option<BootTime> {
        match &self.lock.locked {
            None => self.idle_due(),
            Some(locked) => locked.pause_until.map(|until| super::secrets::next_second(until, BootTime::now())),
        }
    }

    /// What the status screen says about it.
    pub(super) fn lock_words(&self) -> String {
        let rules = self.cx.access.lock();
        let when = rules.after.map_or_else(
            || "off (only by key)".to_owned(),
            |after| format!("after {} idle", crate::present::format::span(after.as_secs())),
        );
        let pin = match (&rules.asked_by, &self.lock.pin_trouble) {
            (None, _) => String::new(),
            (Some(_), Some(trouble)) => format!("; no password is fetched: {trouble}"),
            (Some(asked_by), None) => format!("; PIN set, as the policy requires ({asked_by})"),
        };
        format!("{when}{pin}")
    }

    // Drawing

    /// It shows nothing of a client, nor what the program is doing.
    pub(super) fn draw_locked(&self, buffer: &mut Buffer, locked: &Locked) {
        let styles = &self.cx.styles;
        let quit = self.input_hint(Action::QuitNow);
        let enter = self.input_hint(Action::Open);
        let leave = format!("{quit} quit");
        let mut lines: Vec<(String, Style)> = vec![
            ("gluepot is locked".to_owned(), styles.text.add_modifier(Modifier::BOLD)),
            (String::new(), styles.text),
        ];
        match &locked.key {
            Key::Reading => lines.push((styles.signs.cut.to_owned(), styles.dim)),
            Key::Enter => lines.push((format!("{enter} unlock"), styles.dim)),
            Key::Nothing(why) => {
                lines.extend(
                    crate::tui::widgets::wrap::wrap(why, usize::from(buffer.area.width).saturating_sub(2))
                        .into_iter()
                        .map(|line| (line, styles.danger)),
                );
                lines.push((leave, styles.dim));
            }
            Key::Pin(_) => {
                let wrong = if locked.wrong > 0 { "Wrong PIN. " } else { "" };
                let (words, style) = if locked.checking {
                    (format!("Checking{}", styles.signs.cut), styles.dim)
                } else if let Some(until) = locked.pause_until {
                    let seconds = super::secrets::seconds_left(until, BootTime::now()).max(1);
                    (format!("{wrong}Try again in {seconds} s"), styles.warning)
                } else {
                    let mask = styles.signs.mask.repeat(locked.typed.count());
                    (format!("{wrong}PIN {mask}{}", styles.signs.bar), styles.text)
                };
                lines.push((words, style));
                lines.push((String::new(), styles.text));
                lines.push((format!("{enter} unlock · {leave}"), styles.dim));
            }
        }
        if locked.suspend_refused {
            let suspend = self.input_hint(Action::Suspend);
            lines.push((format!("{suspend} is off while locked: unlock first"), styles.warning));
        }
        let area = buffer.area;
        let top = area.y + (area.height.saturating_sub(lines.len() as u16)) / 2;
        for (at, (text, style)) in lines.iter().enumerate() {
            let x = area.x + area.width.saturating_sub(width(text) as u16) / 2;
            put(buffer, x, top + at as u16, text, usize::from(area.right().saturating_sub(x)), *style);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wrong_pin_makes_the_pause_longer_and_the_fifth_ends_it() {
        let mut locked = Locked::new(1);
        let now = BootTime::now();
        let mut pauses = Vec::new();
        for _ in 1..5 {
            locked.fail(now);
            pauses.extend(locked.pause_until.take().map(|until| until.left(now).as_secs()));
        }
        assert_eq!(pauses, [1, 2, 4, 8]);
        locked.fail(now);
        assert!(matches!(locked.key, Key::Nothing(_)) && !locked.takes_keys());
    }

    #[test]
    fn where_a_pin_is_asked_for_nothing_leads_to_the_shell_below() {
        let may_suspend = |read, needs_pin| {
            let mut locked = Locked::new(1);
            assert!(!locked.may_suspend(), "while it is not known");
            locked.take(read, needs_pin);
            locked.may_suspend()
        };
        assert!(may_suspend(Ok(None), false));
        assert!(!may_suspend(Ok(None), true));
        assert!(!may_suspend(Err("damaged".into()), false));
    }

    #[test]
    fn without_a_pin_a_key_is_enough_unless_the_policy_wants_one() {
        let opens = |read, needs_pin| {
            let mut locked = Locked::new(1);
            locked.take(read, needs_pin);
            matches!(locked.key, Key::Enter)
        };
        assert!(opens(Ok(None), false));
        assert!(!opens(Ok(None), true));
        assert!(!opens(Err("can be read by others".into()), false), "a file that cannot be used opens nothing");
    }
}
