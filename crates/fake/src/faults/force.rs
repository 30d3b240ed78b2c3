//! The faults in force.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::parse::SpecError;
use super::rule::{Fault, Rule};

/// A rule in force, with what is left of it.
struct Armed {
    rule: Rule,
    seen: u64,
    struck: u64,
}

/// The faults in force. A handle: clones switch the same server.
#[derive(Clone, Default)]
pub struct Faults(Arc<Mutex<Vec<Armed>>>);

impl fmt::Debug for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let armed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        f.debug_list().entries(armed.iter().map(|armed| armed.rule.to_string())).finish()
    }
}

impl Faults {
    /// Puts a fault in force.
    pub fn add(&self, rule: impl Into<Rule>) {
        let mut armed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        armed.push(Armed { rule: rule.into(), seen: 0, struck: 0 });
    }

    /// Puts a fault in force that is written as a spec.
    pub fn add_spec(&self, spec: &str) -> Result<(), SpecError> {
        self.add(spec.parse::<Rule>()?);
        Ok(())
    }

    /// Takes all faults away.
    pub fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The faults that strike a request, in the order they were added.
    pub(crate) fn strike(&self, method: &str, path: &str) -> Vec<Fault> {
        let mut armed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut faults = Vec::new();
        for armed in armed.iter_mut().filter(|armed| armed.rule.matches(method, path)) {
            armed.seen += 1;
            if armed.seen > armed.rule.after && armed.rule.count.is_none_or(|count| armed.struck < count) {
                armed.struck += 1;
                faults.push(armed.rule.fault.clone());
            }
        }
        faults
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn faults_wait_strike_and_stop() {
        let faults = Faults::default();
        faults.add_spec("reset:path=/passwords:after=1:count=2").unwrap();
        assert!(faults.strike("GET", "/organizations").is_empty());
        let struck: Vec<bool> = (0..5).map(|_| !faults.strike("GET", "/passwords?page[size]=1").is_empty()).collect();
        assert_eq!(struck, [false, true, true, false, false]);
    }
}
