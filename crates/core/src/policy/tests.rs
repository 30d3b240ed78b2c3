#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::parse::MOST_RULES;
use super::*;
use crate::model::{OrganizationId, SourceId};
use crate::text::Clean;

fn policy(text: &str) -> Policy {
    parse(text, Path::new("/etc/p.toml")).unwrap()
}

fn refused(text: &str) -> String {
    parse(text, Path::new("/etc/p.toml")).unwrap_err().to_string()
}

/// A password of Harbour & Pine in `Servers/Imaging`.
fn subject(action: Action) -> Subject<'static> {
    Subject {
        action,
        person: Some("kim"),
        account: Some("northbeam"),
        organization: Some(OrganizationId::new(SourceId::NONE, 4_120_387)),
        organization_name: Some("Harbour & Pine Dental"),
        short_name: Some("HPD"),
        category: Some("Domain admin"),
        folder: Some("Servers/Imaging"),
        name: Some("HPD-IMG01 local admin"),
    }
}

fn says(text: &str, action: Action) -> (Verdict, usize) {
    let decision = policy(text).decide(&subject(action));
    (decision.verdict, decision.because[0].line)
}

#[test]
fn the_first_rule_that_fits_decides() {
    let text = "[[rule]]\nactions = ['copy']\nthen = 'deny'\n\n[[rule]]\nname = '*admin*'\nthen = 'ask'\n\n[[rule]]\nthen = 'allow'\n";
    assert_eq!(says(text, Action::Copy), (Verdict::Deny, 1));
    assert_eq!(says(text, Action::Reveal), (Verdict::Ask, 5));
    let other = Subject { name: Some("Wi-Fi"), ..subject(Action::Reveal) };
    let decision = policy(text).decide(&other);
    assert_eq!((decision.verdict, decision.because[0].line), (Verdict::Allow, 9));
    assert_eq!(says("", Action::Reveal), (Verdict::Allow, 0));
}

#[test]
fn each_way_to_narrow_a_rule_works() {
    for fits in [
        "organization = 'HPD'",
        "organization = 4120387",
        "organization = '4120387'",
        "organization = ['X', 'harbour*']",
        "category = 'domain admin'",
        "folder = 'Servers'",
        "folder = 'Servers/Imaging'",
        "folder = '*/Imaging'",
        "name = '*local admin'",
        "organization = 'HPD'\ncategory = 'Dom*'\nfolder = 'Serv*'\nname = 'HPD-*'\nactions = ['reveal', 'copy']",
    ] {
        assert_eq!(says(&format!("[[rule]]\n{fits}\nthen = 'deny'"), Action::Reveal).0, Verdict::Deny, "{fits}");
    }
    for other in [
        "organization = 'HP'",
        "organization = 412",
        "organization = ''",
        "category = 'domain'",
        "folder = 'Imaging'",
        "folder = 'Serv'",
        "folder = ''",
        "name = 'admin'",
        "actions = ['copy', 'view']",
        "organization = 'HPD'\nname = 'x'",
        "person = 'kimberly'",
        "account = 'north'",
    ] {
        assert_eq!(says(&format!("[[rule]]\n{other}\nthen = 'deny'"), Action::Reveal).0, Verdict::Allow, "{other}");
    }
}

#[test]
fn a_rule_may_name_who_acts_and_which_account() {
    let text = "[[rule]]\nperson = ['temp-*', 'Kim']\naccount = 'northbeam'\nthen = 'deny'";
    let decide = |subject: Subject<'_>| policy(text).decide(&subject).verdict;
    let kim = subject(Action::Reveal);
    assert_eq!(decide(kim), Verdict::Deny);
    assert_eq!(decide(Subject { person: Some("temp-4"), ..kim }), Verdict::Deny);
    assert_eq!(decide(Subject { person: Some("alex"), ..kim }), Verdict::Allow);
    assert_eq!(decide(Subject { account: Some("other"), ..kim }), Verdict::Allow);
    for unknown in
        [Subject { person: None, ..kim }, Subject { person: Some(""), ..kim }, Subject { account: None, ..kim }]
    {
        assert_eq!(decide(unknown), Verdict::Deny, "who is not known may be the one that is meant");
    }
}

#[test]
fn what_is_not_known_makes_the_strictest_of_what_may_fit_count() {
    let text =
        "[[rule]]\nfolder = 'Safe'\nthen = 'deny'\n[[rule]]\nname = 'Wi-Fi'\nthen = 'ask'\n[[rule]]\nthen = 'allow'";
    let unknown = Subject { folder: None, name: Some("Wi-Fi"), ..subject(Action::Reveal) };
    let decision = policy(text).decide(&unknown);
    assert_eq!((decision.verdict, decision.because[0].line), (Verdict::Deny, 1));
    assert!(decision.told().contains("not all it asks for is known"), "{}", decision.told());
    // An organization whose name was not loaded may be the one that is denied; one that is named by its id is not.
    let unnamed = Subject { organization_name: None, short_name: None, ..subject(Action::Reveal) };
    assert_eq!(policy("[[rule]]\norganization = 'Bank*'\nthen = 'deny'").decide(&unnamed).verdict, Verdict::Deny);
    assert_eq!(policy("[[rule]]\norganization = 77\nthen = 'deny'").decide(&unnamed).verdict, Verdict::Allow);
    // What is allowed for certain only is not allowed on a guess.
    let text = "[[rule]]\nfolder = 'Open'\nthen = 'allow'\n[[rule]]\nthen = 'deny'";
    assert_eq!(policy(text).decide(&unknown).verdict, Verdict::Deny);
}

#[test]
fn the_user_can_only_tighten() {
    for (admin, user, both) in [
        (Verdict::Allow, Verdict::Deny, Verdict::Deny),
        (Verdict::Deny, Verdict::Allow, Verdict::Deny),
        (Verdict::Ask, Verdict::AskReason, Verdict::AskReason),
        (Verdict::AskReason, Verdict::Ask, Verdict::AskReason),
        (Verdict::Allow, Verdict::Allow, Verdict::Allow),
    ] {
        let rule = |verdict: Verdict| format!("[[rule]]\nthen = '{}'", verdict.word());
        let file = |name: &str, verdict| File::Read(parse(&rule(verdict), Path::new(name)).unwrap());
        let policies = Policies::new(file("/etc/admin.toml", admin), file("/home/user.toml", user));
        let decision = policies.decide(&subject(Action::Reveal));
        assert_eq!(decision.verdict, both);
        let said: Vec<_> = decision.because.iter().map(ToString::to_string).collect();
        assert_eq!(said, ["/etc/admin.toml, line 1", "/home/user.toml, line 1"], "both are explained");
    }
}

#[test]
fn settings_of_both_files_are_joined_to_the_stricter() {
    let read = |text: &str| File::Read(policy(text));
    let admin = "[lock]\nidle_seconds = 600\n[audit]\nrequire_sink = true\n";
    let both =
        Policies::new(read(admin), read("[lock]\npin = true\nidle_seconds = 900\n[audit]\nrequire_sink = false"));
    assert_eq!(both.screen_lock(), ScreenLock { pin: true, idle_seconds: Some(600) });
    assert_eq!(both.pin_asked_by().map(|because| because.short_place()), Some("p.toml, line 2".into()));
    assert!(both.require_sink());
    assert_eq!(Policies::default().screen_lock(), ScreenLock::default());
}

#[test]
fn a_copy_that_is_required_and_has_nowhere_to_go_holds_secrets_back() {
    let mut policies =
        Policies::new(File::Read(policy("\n[audit]\nrequire_sink = true\n")), File::Absent("user.toml".into()));
    let mut keeping = crate::audit::Keeping::default();
    policies.keep(&mut keeping, Path::new("config.toml"));
    let decision = policies.decide(&subject(Action::Copy));
    assert_eq!(decision.verdict, Verdict::Deny);
    assert!(
        decision.told().contains("/etc/p.toml, line 3: copies of audit records are required"),
        "{}",
        decision.told()
    );
    assert_eq!(policies.decide(&subject(Action::View)).verdict, Verdict::Allow);
    let sink = crate::audit::Sink { system: crate::audit::System::Syslog, socket: "/dev/log".into(), required: false };
    let mut policies =
        Policies::new(File::Read(policy("[audit]\nrequire_sink = true\n")), File::Absent("user.toml".into()));
    keeping.sink = Some(sink);
    policies.keep(&mut keeping, Path::new("config.toml"));
    assert!(keeping.sink.unwrap().required);
    assert_eq!(policies.decide(&subject(Action::Copy)).verdict, Verdict::Allow);
}

#[test]
fn a_broken_file_denies_secrets_with_its_line_and_lets_people_read() {
    let problem = parse("\n\nthen = 1", Path::new("/etc/p.toml")).unwrap_err();
    let policies = Policies::new(File::Broken(problem), File::Absent("user.toml".into()));
    for action in Action::ALL {
        let verdict = policies.decide(&subject(action)).verdict;
        let reads = matches!(action, Action::View | Action::OpenLink);
        assert_eq!(verdict, if reads { Verdict::Allow } else { Verdict::Deny }, "{action:?}");
    }
    let told = policies.decide(&subject(Action::Reveal)).told();
    assert!(told.starts_with("policy denies this: /etc/p.toml, line 3: then is not known here"), "{told}");
    assert!(policies.concern(Action::Reveal) && !policies.concern(Action::View));
}

#[test]
fn a_rule_may_want_a_record_and_so_does_a_reason_that_is_asked_for() {
    let on_record = |text: &str, action| {
        let decision = policy(text).decide(&subject(action));
        (decision.is_on_record(), decision.on_record.first().map(|because| because.line))
    };
    let text = "[[rule]]\nactions = 'view'\nfolder = 'Servers'\nthen = 'allow'\naudit = true\n";
    assert_eq!(on_record(text, Action::View), (true, Some(1)));
    assert_eq!(on_record(text, Action::OpenLink), (false, None), "another action");
    let policies = Policies::new(File::Read(policy(text)), File::Absent("user.toml".into()));
    assert!(policies.concern(Action::View) && !policies.concern(Action::OpenLink));
    let elsewhere = Subject { folder: Some("Open"), ..subject(Action::View) };
    assert!(!policies.decide(&elsewhere).is_on_record());
    let unknown = Subject { folder: None, ..subject(Action::View) };
    assert!(policies.decide(&unknown).is_on_record(), "what may be a folder to record is recorded");
    assert!(policies.decide(&Subject::unknown(Action::View)).is_on_record());
    // The first rule that matches decides this as well.
    let text = format!("[[rule]]\nactions = 'view'\nname = 'HPD*'\nthen = 'allow'\n{text}");
    assert_eq!(on_record(&text, Action::View), (false, None));
    assert_eq!(on_record("[[rule]]\nactions = 'view'\nthen = 'ask-reason'", Action::View), (true, None));
    assert_eq!(on_record("[[rule]]\nactions = 'view'\nthen = 'ask'", Action::View), (false, None));
    // Every action may be meant: secrets are on record anyway.
    assert_eq!(on_record("[[rule]]\nthen = 'allow'\naudit = true", Action::ListPasswords), (true, Some(1)));
}

#[test]
fn a_record_that_is_wanted_needs_its_copy_where_copies_are_required() {
    let text =
        "[audit]\nrequire_sink = true\n[[rule]]\nactions = 'view'\nname = 'HPD*'\nthen = 'allow'\naudit = true\n";
    let mut policies = Policies::new(File::Read(policy(text)), File::Absent("user.toml".into()));
    policies.keep(&mut crate::audit::Keeping::default(), Path::new("config.toml"));
    assert_eq!(policies.decide(&subject(Action::View)).verdict, Verdict::Deny);
    let other = Subject { name: Some("Wi-Fi"), ..subject(Action::View) };
    assert_eq!(policies.decide(&other).verdict, Verdict::Allow, "what is not recorded needs no copy");
}

#[test]
fn a_rule_for_an_organization_fits_perhaps_where_the_organization_is_not_known() {
    let decision = policy("[[rule]]\norganization = 77\nthen = 'deny'").decide(&Subject::unknown(Action::View));
    assert_eq!(decision.verdict, Verdict::Deny);
}

#[test]
fn mistakes_are_told_with_line_and_what_is_right() {
    for (text, told) in [
        ("[[rule]]\nthen = 'allow'\nthan = 'deny'", "line 3: than is not known here; known are actions, person"),
        (
            "organisation = 'HPD'",
            "line 1: organisation is not known here; known are organization, [lock], [client], [audit]",
        ),
        ("\norganization = 'Kestrel*'", "line 2: the lock is for one organization: its id or its whole name"),
        ("organization = ['A', 'B']", "line 1: expected a text in quotes, found array"),
        ("[lock]\npim = true", "line 2: pim is not known here; known are pin, idle_seconds"),
        ("[lock]\npin = 'yes'", "line 2: expected true or false, found string"),
        ("[lock]\nidle_seconds = 0", "line 2: expected 10 to 86400 seconds"),
        (
            "[audit]\nsinks = 'syslog'",
            "line 2: sinks is not known here; known are require_sink, sink, sink_socket, folder",
        ),
        ("[audit]\nsink = 'mail'", "line 2: expected \"syslog\" or \"journal\""),
        ("[audit]\nsink_socket = '/x'", "line 1: sink_socket needs sink = "),
        ("[audit]\nfolder = 'x/y'", "line 2: expected a path from the root on"),
        ("[rule]\nthen = 'deny'", "line 1: rules are written as [[rule]]"),
        ("\n[[rule]]\nname = 'x'", "line 2: a rule needs then"),
        ("[[rule]]\nthen = 'never'", "line 2: expected \"allow\", \"ask\""),
        (
            "[[rule]]\nactions = ['look']\nthen = 'deny'",
            "line 2: no action is called look; known are view, list-passwords",
        ),
        ("[[rule]]\nactions = []\nthen = 'deny'", "line 2: an empty list fits nothing"),
        ("[[rule]]\nname = true\nthen = 'deny'", "line 2: expected a text in quotes, found boolean"),
        ("[[rule]]\nactions = ['list-passwords']\nfolder = 'x'\nthen = 'deny'", "line 3: list-passwords is about"),
        ("[[rule]]\nwhy = ''\nthen = 'deny'", "line 2: expected 1 to 200 ordinary characters"),
        (
            "[[rule]]\nactions = ['view', 'reveal']\nthen = 'allow'\naudit = true",
            "line 4: audit is for view, list-passwords and open-link: what is done with a secret is always on record",
        ),
        ("[[rule]]\nactions = 'view'\naudit = true\nthen = 'deny'", "line 3: what is denied is not done"),
        ("[[rule]]\nactions = 'view'\naudit = false\nthen = 'ask-reason'", "line 3: a reason is asked for"),
        ("[[rule]]\nactions = 'view'\naudit = 1\nthen = 'ask'", "line 3: expected true or false, found integer"),
        ("a = 1\n[[rule]\n", "line 2: this is not TOML"),
        ("[[rule]]\nthen = 'deny'\nthen = 'allow'", "line 3: this is not TOML"),
    ] {
        let message = refused(text);
        assert!(message.starts_with("/etc/p.toml, line ") && message.contains(told), "{text:?}: {message}");
    }
}

/// Spellings of a category that look like the rule's, on either side.
#[test]
fn a_rule_is_not_got_round_by_a_spelling_that_looks_the_same() {
    let spellings = [
        "Zentralschlüssel Süd",
        "Zentralschlu\u{308}ssel Su\u{308}d",
        " Zentralschlüssel  Süd ",
        "Zentralschlüssel\u{a0}Süd",
        "Zentral\u{200b}schlüssel Süd",
        "Zentral\u{ad}schlüssel Süd\u{feff}",
        "Ｚｅｎｔｒａｌschlüssel Süd",
        "ZENTRALSCHLÜSSEL SÜD",
    ];
    for written in spellings {
        let rules = policy(&format!("[[rule]]\ncategory = \"{written}\"\nthen = 'deny'"));
        for found in spellings {
            // As the server's text comes, and as `policy explain` is given it.
            for category in [Clean::line(found).as_str(), found] {
                let subject = Subject { category: Some(category), ..subject(Action::Reveal) };
                assert_eq!(rules.decide(&subject).verdict, Verdict::Deny, "{written:?} {found:?}");
            }
        }
        let other = Subject { category: Some("Zentralschlüssel Nord"), ..subject(Action::Reveal) };
        assert_eq!(rules.decide(&other).verdict, Verdict::Allow, "{written:?}");
    }
    let folder = policy("[[rule]]\nfolder = 'Safe /Keys'\nthen = 'deny'");
    let subject = Subject { folder: Some("Safe\u{a0}/ Ke\u{ad}ys/Old"), ..subject(Action::Reveal) };
    assert_eq!(folder.decide(&subject).verdict, Verdict::Deny);
}

#[test]
fn an_organization_without_a_name_to_be_seen_may_be_the_one_that_is_meant() {
    let unseen = Subject { organization_name: Some("\u{200b} "), ..subject(Action::Reveal) };
    assert_eq!(policy("[[rule]]\norganization = 'Bank*'\nthen = 'deny'").decide(&unseen).verdict, Verdict::Deny);
}

#[test]
fn of_rules_that_say_as_much_the_first_is_named() {
    let text = "[[rule]]\nfolder = 'Safe'\nthen = 'deny'\n[[rule]]\nname = 'Wi-Fi'\nthen = 'deny'";
    let unknown = Subject { folder: None, name: Some("Wi-Fi"), ..subject(Action::Reveal) };
    let decision = policy(text).decide(&unknown);
    assert_eq!((decision.verdict, decision.because[0].line), (Verdict::Deny, 1));
}

#[test]
fn what_this_version_cannot_do_is_known_by_its_word_all_the_same() {
    let absent: Vec<_> = Action::ALL.into_iter().filter(|action| !action.exists()).map(Action::word).collect();
    assert_eq!(absent, ["create", "update", "launch"]);
}

#[test]
fn a_file_says_what_became_of_it() {
    let broken = || File::Broken(parse("\n\nthen = 1", Path::new("/etc/p.toml")).unwrap_err());
    for (file, told) in [
        (File::Absent("/etc/p.toml".into()), "/etc/p.toml (not there)"),
        (File::Read(policy("[[rule]]\nthen = 'deny'")), "/etc/p.toml: 1 rule"),
        (File::Read(policy("")), "/etc/p.toml: 0 rules"),
    ] {
        assert_eq!(file.to_string(), told);
    }
    assert!(broken().to_string().contains("line 3: then is not known here"));
    assert!(broken().to_string().ends_with("Until it is right nothing secret is fetched and no passwords are listed"));
    let policies = Policies::new(File::Read(policy("")), broken());
    let told: Vec<_> = policies.problems().iter().map(ToString::to_string).collect();
    assert!(told.len() == 1 && told[0].contains("line 3"), "{told:?}");
    // If no rule matches, no line is named; only if an invalid file lets reading continue, that is said.
    let (reads, denied) = (policies.decide(&subject(Action::View)), policies.decide(&subject(Action::Reveal)));
    assert_eq!(reads.because[0].to_string(), "/etc/p.toml: no rule fits");
    assert!(reads.because[1].to_string().ends_with("; reading goes on"), "{reads:?}");
    assert!(!denied.because[1].to_string().contains("reading goes on"), "{denied:?}");
}

#[test]
fn records_are_asked_about_only_where_a_rule_could_say_something() {
    let policies = |admin: &str| Policies::new(File::Read(policy(admin)), File::Absent("user.toml".into()));
    let copy = policies("[[rule]]\nactions = ['copy']\nthen = 'ask'");
    assert!(copy.concern(Action::Copy) && !copy.concern(Action::View));
    assert!(policies("[[rule]]\nname = 'x'\nthen = 'deny'").concern(Action::View));
    assert!(!policies("[[rule]]\nthen = 'allow'").concern(Action::Copy));
    assert!(!policies("").concern(Action::Copy));
    assert!(!policies("").require_sink());
}

#[test]
fn lists_and_words_have_an_end() {
    let rules = |count: usize| "[[rule]]\nthen = 'deny'\n".repeat(count);
    assert_eq!(policy(&rules(MOST_RULES)).rules.len(), MOST_RULES);
    assert!(refused(&rules(MOST_RULES + 1)).contains("more than"));
    let names = |count: usize| format!("[[rule]]\nthen = 'deny'\nname = [{}]", "'x',".repeat(count));
    assert_eq!(policy(&names(MOST_RULES)).rules[0].names.len(), MOST_RULES);
    assert!(refused(&names(MOST_RULES + 1)).contains("line 3: too many in one list"));
    let why = |why: &str| format!("[[rule]]\nthen = 'deny'\nwhy = \"{why}\"");
    assert_eq!(policy(&why(&"x".repeat(200))).rules[0].why.as_str().len(), 200);
    assert!(refused(&why(&"x".repeat(201))).contains("expected 1 to 200"));
    assert!(refused(&why("a\\u202eb")).contains("expected 1 to 200"));
    // An id is written as people read it.
    assert!(refused("[[rule]]\norganization = 0x10\nthen = 'deny'").contains("line 2: expected a text in quotes"));
}

#[test]
fn a_list_of_passwords_is_about_the_organization_alone() {
    let text = "[[rule]]\ncategory = '*'\nthen = 'ask'\n[[rule]]\norganization = 'HPD'\nactions = 'list-passwords'\nthen = 'deny'";
    let list = Subject { category: Some(""), folder: Some(""), name: Some(""), ..subject(Action::ListPasswords) };
    assert_eq!(policy(text).decide(&list).verdict, Verdict::Ask);
}

#[test]
fn the_example_is_a_policy_and_says_what_it_says() {
    let text = include_str!("../../../../policy.example.toml");
    let example = policy(text);
    assert!(example.rules.len() >= 5, "{}", example.rules.len());
    for action in Action::ALL.into_iter().map(Action::word).chain(Verdict::ALL.map(Verdict::word)) {
        assert!(text.contains(action), "the example does not speak of {action}");
    }
    assert_eq!(example.decide(&subject(Action::Reveal)).verdict, Verdict::AskReason, "domain administrators");
    let wifi = Subject { category: Some(""), name: Some("Guest Wi-Fi"), folder: Some(""), ..subject(Action::Copy) };
    assert_eq!(example.decide(&wifi).verdict, Verdict::Allow);
}

#[cfg(unix)]
mod files {
    use std::io::Write as _;
    use std::os::unix::fs::{PermissionsExt as _, chown, symlink};

    use super::super::files::{admin, user};
    use super::*;

    const TEXT: &str = "[[rule]]\nthen = 'deny'\n";

    fn chmod(path: &Path, mode: u32) {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    /// A folder with a policy, as an administrator would make it. `None` without root.
    fn place() -> Option<(tempfile::TempDir, PathBuf)> {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("gluepot");
        std::fs::create_dir(&folder).unwrap();
        chmod(&folder, 0o755);
        let file = folder.join("policy.toml");
        std::fs::write(&file, TEXT).unwrap();
        chmod(&file, 0o644);
        rustix::process::geteuid().is_root().then_some((root, file))
    }

    fn broken(file: &File) -> String {
        match file {
            File::Broken(problem) => problem.to_string(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_administrators_file_has_to_be_roots_and_nobody_elses() {
        let Some((_root, file)) = place() else {
            let _ = writeln!(std::io::stderr(), "skipped: only root can give files to others");
            return;
        };
        assert!(matches!(admin(&file), File::Read(_)));
        for mode in [0o664, 0o646, 0o666] {
            chmod(&file, mode);
            assert!(broken(&admin(&file)).contains("can be changed by others: chmod go-w"), "{mode:o}");
        }
        chmod(&file, 0o644);
        chown(&file, Some(65534), None).unwrap();
        assert!(broken(&admin(&file)).contains("belongs to another user: chown 0"));
        chown(&file, Some(0), None).unwrap();
        let folder = file.parent().unwrap();
        chmod(folder, 0o777);
        assert!(broken(&admin(&file)).contains("can be changed by others"));
        chmod(folder, 0o755);
        chown(folder, Some(65534), None).unwrap();
        assert!(broken(&admin(&file)).contains("belongs to another user"));
        chown(folder, Some(0), None).unwrap();
        assert!(matches!(admin(&file), File::Read(_)));
    }

    #[test]
    fn the_administrators_file_and_its_folder_are_no_links() {
        let Some((root, file)) = place() else {
            let _ = writeln!(std::io::stderr(), "skipped: only root can give files to others");
            return;
        };
        let link = file.with_file_name("link.toml");
        symlink(&file, &link).unwrap();
        assert!(broken(&admin(&link)).contains("is a symbolic link"));
        let way = root.path().join("way");
        symlink(file.parent().unwrap(), &way).unwrap();
        assert!(broken(&admin(&way.join("policy.toml"))).contains("is a link or no folder"));
        let pipe = file.with_file_name("pipe.toml");
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, 0o600.into(), 0).unwrap();
        assert!(broken(&admin(&pipe)).contains("not a regular file"));
    }

    /// What a run is kept to by an administrator's file with these bytes.
    #[derive(PartialEq, Debug)]
    enum Lock {
        Of(String),
        /// No request goes out
        Closed,
        None,
    }

    fn lock_of(file: &Path, bytes: &[u8]) -> Lock {
        std::fs::write(file, bytes).unwrap();
        let policies = Policies::read(file, Path::new("/nowhere/policy.toml"));
        match (policies.lock_in_doubt(), policies.organizations().first()) {
            (Some(_), _) => Lock::Closed,
            (None, Some((name, _))) => Lock::Of((*name).to_owned()),
            (None, None) => Lock::None,
        }
    }

    #[test]
    fn a_file_that_some_editor_wrote_locks_as_it_says_or_closes_the_lock() {
        let Some((_root, file)) = place() else {
            let _ = writeln!(std::io::stderr(), "skipped: only root can give files to others");
            return;
        };
        let utf16 = |text: &str, to: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(to).collect::<Vec<u8>>();
        let good = "organization = 4120387\n[lock]\npin = true\n";
        let of = || Lock::Of("4120387".to_owned());
        assert_eq!(lock_of(&file, good.as_bytes()), of());
        assert_eq!(lock_of(&file, format!("\u{feff}{good}").as_bytes()), of(), "a byte order mark");
        assert_eq!(lock_of(&file, good.replace('\n', "\r\n").as_bytes()), of(), "CRLF");
        assert_eq!(lock_of(&file, br#""\u006frganization" = 4120387"#), of(), "TOML reads an escaped key");
        assert_eq!(lock_of(&file, b"# organization = 4120387\n"), Lock::None, "a comment in a file that is in order");
        for (bytes, case) in [
            (format!("\u{feff}{good}[lok]\n").into_bytes(), "a byte order mark and a later mistake"),
            ([b"# M\xfcller\n", good.as_bytes()].concat(), "Latin-1"),
            ([good.as_bytes(), "#".repeat(1 << 20).as_bytes()].concat(), "over 1 MB"),
            (["#".repeat(1 << 20).as_bytes(), b"\n", good.as_bytes()].concat(), "over 1 MB, at its end"),
            ("#".repeat(5 << 20).into_bytes(), "more than is searched"),
            (utf16(&format!("\u{feff}{good}"), u16::to_le_bytes), "UTF-16, little end first"),
            (utf16(good, u16::to_be_bytes), "UTF-16, big end first"),
            (good.replace('\n', "\r").into_bytes(), "CR"),
            (format!("a = [\n[ ],\n]\n{good}").into_bytes(), "an array above"),
            (br#""\u006frganization" = 4120387 x"#.to_vec(), "an escape"),
            (b"[lock]\norganization = 4120387\n".to_vec(), "in a section"),
            (b"organization = 4120387\nunknown = 1\n".to_vec(), "an unknown key"),
            (b"ORGANIZATION = 4120387\n".to_vec(), "capitals"),
            (b"organisation = 4120387\n".to_vec(), "another spelling"),
        ] {
            assert_eq!(lock_of(&file, &bytes), Lock::Closed, "{case}");
        }
        assert_eq!(lock_of(&file, b"[lok]\npin = true\n"), Lock::None, "a broken file that speaks of none");
        // What a file says that others can change, or that cannot be read, is unknown.
        chmod(&file, 0o666);
        assert_eq!(lock_of(&file, good.as_bytes()), Lock::Closed);
        assert_eq!(lock_of(&file, b"[lock]\npin = true\n"), Lock::None);
        std::fs::remove_file(&file).unwrap();
        std::fs::create_dir(&file).unwrap();
        let policies = Policies::read(&file, Path::new("/nowhere/policy.toml"));
        assert!(policies.lock_in_doubt().is_some(), "nobody knows what was to be there");
    }

    proptest! {
        /// A slip of the fingers in a file that locks: it locks still, or nothing goes out. What no program can know:
        /// a line that became a comment, and digits that are another number.
        #[test]
        fn no_small_edit_opens_the_organization_lock(
            edits in prop::collection::vec((any::<prop::sample::Index>(), 0..3_u8, any::<u8>()), 1..=3),
            which in 0..3_usize,
        ) {
            let good = [
                "# the front desk\norganization = 4120387\n",
                "organization = \"Harbour & Pine Dental\"\n[lock]\npin = true\n",
                "\u{feff}\"organization\" = 4120387\r\n[[rule]]\r\nthen = 'deny'\r\n",
            ][which];
            let mut bytes = good.as_bytes().to_vec();
            for (place, what, byte) in edits {
                let at = place.index(bytes.len());
                match what {
                    0 => bytes[at] = byte,
                    1 => bytes.insert(at, byte),
                    _ => drop(bytes.remove(at)),
                }
            }
            let Some((_root, file)) = place() else { return Ok(()) };
            match lock_of(&file, &bytes) {
                Lock::Closed | Lock::Of(_) => {}
                Lock::None => {
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    let is_comment = |line: &str| line.contains('#') && line.to_lowercase().contains("rgan");
                    prop_assert!(text.lines().any(is_comment) || text.contains('#'), "{text:?}");
                }
            }
        }
    }

    #[test]
    fn a_file_that_is_not_there_is_no_policy_and_one_that_cannot_be_read_is_a_broken_one() {
        let root = tempfile::tempdir().unwrap();
        chmod(root.path(), 0o755);
        assert!(matches!(user(&root.path().join("policy.toml")), File::Absent(_)));
        assert!(matches!(admin(Path::new("/nowhere/at/all/policy.toml")), File::Absent(_)));
        let file = root.path().join("policy.toml");
        std::fs::write(&file, b"\xff\xfe").unwrap();
        chmod(&file, 0o600);
        assert!(broken(&user(&file)).contains("not UTF-8"));
        std::fs::write(&file, vec![b'#'; (1 << 20) + 1]).unwrap();
        assert!(broken(&user(&file)).contains("larger than 1 MB"));
        std::fs::write(&file, vec![b'#'; 1 << 20]).unwrap();
        assert!(matches!(user(&file), File::Read(_)));
        let both = Policies::read(&root.path().join("none.toml"), &file);
        assert!(matches!((&both.admin, &both.user), (File::Absent(_), File::Read(_))), "{both:?}");
        std::fs::write(&file, "[[rule]]\nthen = 'no'\n").unwrap();
        assert!(broken(&user(&file)).contains("policy.toml, line 2: expected"));
        std::fs::remove_file(&file).unwrap();
        std::fs::create_dir(&file).unwrap();
        assert!(broken(&user(&file)).contains("not a regular file"));
    }
}

/// Text that looks like a policy more often than not.
fn almost() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "[[rule]]\n",
        "[lock]\n",
        "[audit]\n",
        "then = ",
        "actions = ",
        "name = ",
        "organization = ",
        "folder = ",
        "category = ",
        "audit = ",
        "why = ",
        "pin = ",
        "idle_seconds = ",
        "require_sink = ",
        "'deny'\n",
        "'ask'\n",
        "['copy', 'view']\n",
        "true\n",
        "600\n",
        "0xffffffffff\n",
        "'*'\n",
        "''\n",
        "[",
        "]",
        "{",
        "}",
        "\"",
        "\n",
        "# x\n",
        "1979-05-27\n",
        "nan\n",
        "[[[[[[[[",
        "\u{202e}",
        "\0",
    ]);
    prop::collection::vec(prop_oneof![piece.prop_map(str::to_owned), ".{0,6}"], 0..24).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic_and_every_mistake_has_a_line_of_the_text(
        text in prop_oneof![any::<String>(), almost()]
    ) {
        match parse(&text, Path::new("p.toml")) {
            Ok(policy) => {
                for action in Action::ALL {
                    let _ = policy.decide(&Subject::unknown(action));
                    let _ = policy.decide(&subject(action));
                }
            }
            Err(problem) => {
                let lines = text.bytes().filter(|&b| b == b'\n').count() + 1;
                prop_assert!((1..=lines).contains(&problem.line), "{problem}");
                prop_assert!(!problem.to_string().chars().any(char::is_control), "{problem}");
            }
        }
    }

    /// Whatever a user writes, no answer is milder than the administrator's.
    #[test]
    fn no_user_file_makes_anything_milder(admin_text in almost(), user_text in almost()) {
        let read = |text: &str| match parse(text, Path::new("p.toml")) {
            Ok(policy) => File::Read(policy),
            Err(problem) => File::Broken(problem),
        };
        let admin = read(&admin_text);
        let alone = Policies::new(admin.clone(), File::Absent("user.toml".into()));
        let both = Policies::new(admin, read(&user_text));
        for action in Action::ALL {
            for subject in [subject(action), Subject::unknown(action)] {
                let (both, alone) = (both.decide(&subject), alone.decide(&subject));
                prop_assert!(both.verdict >= alone.verdict);
                prop_assert!(both.is_on_record() >= alone.is_on_record() || both.verdict == Verdict::Deny);
            }
        }
        let (one, two) = (alone.screen_lock(), both.screen_lock());
        prop_assert!(two.pin >= one.pin);
        prop_assert!(one.idle_seconds.is_none_or(|idle| two.idle_seconds.is_some_and(|other| other <= idle)));
        prop_assert!(both.require_sink() >= alone.require_sink());
    }
}

#[test]
fn how_often_a_client_is_confirmed_is_the_strictest_that_is_said_and_never_has_to_be_permitted() {
    use crate::policy::ConfirmClient::{EachChange, Never, Once};
    let file = |confirm: &str| match confirm {
        "" => File::Absent("p.toml".into()),
        "none" => File::Read(policy("")),
        word => File::Read(policy(&format!("[client]\nconfirm = '{word}'"))),
    };
    for (admin, user, wished, comes_of_it) in [
        ("", "", EachChange, EachChange),
        ("", "", Once, Once),
        ("", "", Never, Once),
        ("", "never", Never, Never),
        ("none", "never", Never, Once),
        ("never", "", Never, Never),
        ("never", "once", Never, Once),
        ("once", "", EachChange, EachChange),
        ("each-change", "never", Never, EachChange),
    ] {
        let policies = Policies::new(file(admin), file(user));
        assert_eq!(policies.confirm_client(wished), comes_of_it, "{admin:?} {user:?} {wished:?}");
    }
    assert!(refused("[client]\nconfirm = 'rarely'").contains("expected \"each-change\", \"once\" or \"never\""));
}
