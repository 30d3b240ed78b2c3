//! What a check found, in words.

use gluepot_core::audit::{self, Report};

pub(super) fn fault_line(fault: &audit::Fault) -> String {
    match fault.line {
        0 => format!("{}: {}", fault.wrong, fault.detail),
        line => format!("{}, line {line}: {}: {}", fault.path.display(), fault.wrong, fault.detail),
    }
}

/// What was found, one finding a line. `noted` says whether there is a whole `audit.key` where one should be.
pub(super) fn findings(report: &Report, files: usize, noted: Option<bool>, from_outside: usize) -> String {
    let mut out = Vec::new();
    match &report.fault {
        Some(fault) => out.push(format!("BAD      {}", fault_line(fault))),
        None => out.push("good     every record follows from the one before".to_owned()),
    }
    if let Some(fault) = &report.further {
        out.push(format!("BAD      {}", fault_line(fault)));
    }
    if let (Some((first, last)), Some(end)) = (report.range, report.end) {
        let until = if report.fault.is_some() { " are in order before that" } else { "" };
        out.push(format!("records  {first} to {last} in {files} files{until}"));
        out.push(format!("end      {end}"));
    }
    out.push(if report.keyed {
        "seals    checked with the first key".to_owned()
    } else {
        "seals    not checked: only --key finds records forged by somebody who computed the hashes anew".to_owned()
    });
    match (from_outside, noted) {
        (0, _) => out.push(
            "outside  not compared: only --anchor finds an end that was cut off together with audit.key".to_owned(),
        ),
        _ => out.push(format!("outside  {} records compared, audit.key's note included", report.anchored)),
    }
    if noted == Some(false) {
        out.push("warning  audit.key is missing or damaged, so nothing here tells where the trail ended".to_owned());
    }
    if report.anchors_before > 0 {
        out.push(format!("note     {} anchors speak of records before these files", report.anchors_before));
    }
    if report.anchors_archived > 0 {
        out.push(format!(
            "note     {} anchors speak of trails that were archived before this one: check those in their aside-… folders",
            report.anchors_archived
        ));
    }
    out.extend(copies(report));
    if report.clock_back > 0 {
        let first = report.first_clock_back.unwrap_or_default();
        out.push(format!("warning  the clock stepped back {} times, first at record {first}", report.clock_back));
    }
    if report.unsent > 0 {
        out.push(format!("warning  {} copies did not reach the log system", report.unsent));
    }
    if report.healed > 0 {
        out.push(format!("note     {} times a line was not written whole; a record after it says so", report.healed));
    }
    if report.open > 0 {
        let numbers: Vec<_> = report.open_first.iter().map(ToString::to_string).collect();
        out.push(format!("note     {} intents have no outcome: {}", report.open, numbers.join(", ")));
    }
    if report.shown > 0 {
        let numbers: Vec<_> = report.shown_first.iter().map(ToString::to_string).collect();
        out.push(format!(
            "note     {} shown values have no end on record, of intents {}: they are on a screen now, or program and \
             guard were killed",
            report.shown,
            numbers.join(", ")
        ));
    }
    out.join("\n") + "\n"
}

/// What is known of copies in a log system.
fn copies(report: &Report) -> Vec<String> {
    let mut out = Vec::new();
    if let Some((from, (first, last))) = report.copies_from.zip(report.range) {
        let since = last.saturating_sub(from.max(first)).saturating_add(1).saturating_sub(report.uncopied);
        out.push(format!("copies   {since} records from record {from} on have one"));
        if from > first {
            out.push(format!(
                "note     records {first} to {} have no copy: they are older than the first one",
                from - 1
            ));
        }
        if report.uncopied > 0 && report.uncopied <= report.unsent_since {
            out.push(format!(
                "warning  {} have no copy; later records say that {} copies could not be sent",
                audit::records(report.uncopied, &report.uncopied_first),
                report.unsent_since
            ));
        }
    }
    if report.forged_copies > 0 {
        out.push(format!(
            "warning  {} copies do not have the seal of this trail and count for nothing, first one of record {}: something \
             else wrote them into the log system. They say nothing about the person whose trail this is",
            report.forged_copies,
            report.first_forged.unwrap_or_default()
        ));
    }
    out
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn findings_say_what_was_not_checked() {
        let text = findings(&Report::default(), 1, Some(false), 0);
        for wanted in ["seals    not checked", "outside  not compared", "audit.key is missing or damaged"] {
            assert!(text.contains(wanted), "{text}");
        }
    }
}
