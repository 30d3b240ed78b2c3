//! The policy of the real program: an administrator's file that binds, wherever the user points his settings.

use std::path::Path;
use std::process::{Command, Output};

const DENY: &str = "[[rule]]\nactions = 'reveal'\nthen = 'deny'\nwhy = 'not here'\n";

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn gluepot(home: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gluepot"));
    command.args(args).env_clear().env("HOME", home).env("XDG_CONFIG_HOME", home.join("config"));
    command.output().expect("the program starts")
}

/// Runs a shell line with a policy of an administrator in place, in a mount namespace of its own. `None` where the
/// machine does not let one be made.
fn under_admin(home: &Path, policy: &str, line: &str) -> Option<Output> {
    let admin = home.join("etc-gluepot");
    std::fs::create_dir_all(&admin).expect("a folder");
    std::fs::write(admin.join("policy.toml"), policy).expect("a policy");
    let script = format!(
        "set -e; mount -t tmpfs -o mode=755 none /etc; mkdir /etc/gluepot; cp '{}/policy.toml' /etc/gluepot/; \
         chmod 644 /etc/gluepot/policy.toml; {line}",
        admin.display()
    );
    let mut command = Command::new("unshare");
    command.args(["-m", "sh", "-c", &script]).env("G", env!("CARGO_BIN_EXE_gluepot")).env("HOME", home);
    let can = Command::new("unshare").args(["-m", "mount", "-t", "tmpfs", "none", "/mnt"]).output();
    if !can.is_ok_and(|output| output.status.success()) {
        return None;
    }
    Some(command.output().expect("unshare starts"))
}

#[test]
fn the_users_own_file_decides_and_explains_with_its_line() {
    let home = tempfile::tempdir().expect("a home");
    let folder = home.path().join("config/gluepot");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("policy.toml"), DENY).expect("a policy");
    let told = text(&gluepot(home.path(), &["policy", "explain", "reveal"]));
    assert!(told.starts_with("reveal: deny\n") && told.contains("policy.toml, line 1: not here"), "{told}");
    let told = text(&gluepot(home.path(), &["policy", "explain", "copy"]));
    assert!(told.starts_with("copy: allow\n") && told.contains("no rule fits"), "{told}");
    std::fs::write(folder.join("policy.toml"), "\n[[rule]]\nthan = 'deny'\n").expect("a policy");
    let output = gluepot(home.path(), &["policy", "check"]);
    assert!(!output.status.success() && text(&output).contains("policy.toml, line 3: than is not known"), "{output:?}");
    let told = text(&gluepot(home.path(), &["policy", "explain", "copy"]));
    assert!(told.starts_with("copy: deny\n") && told.contains("line 3"), "{told}");
    let told = text(&gluepot(home.path(), &["doctor", "--offline"]));
    assert!(told.contains("FIX ") && told.contains("policy.toml, line 3"), "{told}");
}

#[test]
fn an_administrators_policy_binds_whatever_variables_and_settings_say() {
    let home = tempfile::tempdir().expect("a home");
    let line = "echo 'region = \"us\"' > \"$HOME/c.toml\"; printf \"[[rule]]\\nthen = 'allow'\\n\" > \"$HOME/policy.toml\"; \
                XDG_CONFIG_DIRS=$HOME GLUEPOT_POLICY=$HOME/policy.toml GLUEPOT_CONFIG=$HOME/c.toml \
                \"$G\" policy explain reveal";
    let Some(output) = under_admin(home.path(), DENY, line) else {
        return crate::skip("an_administrators_policy_binds", "no mount namespace can be made here");
    };
    let told = text(&output);
    assert!(told.starts_with("reveal: deny\n"), "{told}");
    assert!(told.contains("deny  /etc/gluepot/policy.toml, line 1: not here"), "{told}");
    assert!(told.contains("allow  ") && told.contains("policy.toml, line 1"), "both files are explained: {told}");
}

#[test]
fn an_administrators_file_that_others_can_change_counts_as_broken() {
    let home = tempfile::tempdir().expect("a home");
    let Some(output) = under_admin(
        home.path(),
        "",
        "chmod 666 /etc/gluepot/policy.toml; \"$G\" policy check || true; \"$G\" policy explain copy",
    ) else {
        return crate::skip("an_administrators_file_others_can_change", "no mount namespace can be made here");
    };
    let told = text(&output);
    assert!(told.contains("can be changed by others: chmod go-w /etc/gluepot/policy.toml"), "{told}");
    assert!(told.contains("copy: deny"), "{told}");
}

#[test]
fn the_example_in_the_repository_is_in_order() {
    let home = tempfile::tempdir().expect("a home");
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/policy.example.toml");
    let output = gluepot(home.path(), &["policy", "check", example]);
    assert!(output.status.success() && text(&output).contains("rules"), "{output:?}");
}
