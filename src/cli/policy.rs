//! `gluepot policy`: looks for mistakes in a policy and says which rule decides what.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::builder::{PossibleValuesParser, TypedValueParser as _};

use super::output;
use crate::session::Settings;
use gluepot_core::model::{OrganizationId, SourceId};
use gluepot_core::policy::{self, Action, File, Policies, Subject};

/// Check the policy for mistakes, and explain which rule decides
#[derive(clap::Args, Debug)]
pub(super) struct PolicyArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// Look for mistakes in a file, or in both files that are in force
    Check {
        /// The file; who owns it is not looked at
        file: Option<PathBuf>,
    },
    /// Say which rule of which file decides an action
    Explain(ExplainArgs),
}

#[derive(clap::Args, Debug)]
struct ExplainArgs {
    /// view, list-passwords, reveal, copy, console, version, open-link, create, update or launch
    #[arg(value_parser = action(), hide_possible_values = true)]
    action: Action,
    /// The id of the organization; what is left out counts as not known
    #[arg(long, value_name = "ID")]
    org_id: Option<u64>,
    /// The name of the organization
    #[arg(long, value_name = "NAME")]
    org: Option<String>,
    /// Its short name
    #[arg(long, value_name = "SHORT")]
    short: Option<String>,
    /// The category of the password; "" for none
    #[arg(long)]
    category: Option<String>,
    /// The folders it lies in, outermost first, with / between them; "" for none
    #[arg(long, value_name = "PATH")]
    folder: Option<String>,
    /// The name of the record
    #[arg(long)]
    name: Option<String>,
    /// The user who acts
    #[arg(long, value_name = "USER")]
    person: Option<String>,
    /// The account: its profile or tenant
    #[arg(long, value_name = "NAME")]
    account: Option<String>,
}

fn action() -> impl clap::builder::TypedValueParser<Value = Action> {
    PossibleValuesParser::new(Action::ALL.map(Action::word))
        .map(|word| Action::of_word(&word).expect("the words are those of the actions"))
}

pub(super) fn run(args: &PolicyArgs, settings: &Settings) -> ExitCode {
    match &args.command {
        Command::Check { file: Some(file) } => check_file(file),
        Command::Check { file: None } => {
            let policies = &settings.policies;
            let code = output::print(&format!("{}\n{}\n", policies.admin, policies.user));
            if policies.problems().is_empty() { code } else { ExitCode::FAILURE }
        }
        Command::Explain(args) => explain(args, &settings.policies),
    }
}

fn check_file(path: &Path) -> ExitCode {
    match policy::draft(path) {
        Ok(policy) => output::print(&format!("{}\n", File::Read(policy))),
        Err(problem) => output::fail(&problem),
    }
}

fn explain(args: &ExplainArgs, policies: &Policies) -> ExitCode {
    let subject = Subject {
        action: args.action,
        person: args.person.as_deref(),
        account: args.account.as_deref(),
        organization: args.org_id.map(|id| OrganizationId::new(SourceId::NONE, id)),
        organization_name: args.org.as_deref(),
        short_name: args.short.as_deref(),
        category: args.category.as_deref(),
        folder: args.folder.as_deref(),
        name: args.name.as_deref(),
    };
    let decision = policies.decide(&subject);
    let mut text = format!("{}: {}\n", args.action.word(), decision.verdict.word());
    for because in &decision.because {
        text.extend(["  ", because.verdict.word(), "  ", &because.to_string(), "\n"]);
    }
    if args.action.is_of_a_secret() {
        text.push_str("  on record, as everything that is done with a secret\n");
    } else if decision.is_on_record() && decision.verdict != policy::Verdict::Deny {
        text.push_str("  on record before it is done, else not done\n");
        for because in &decision.on_record {
            text.extend(["    ", &because.to_string(), "\n"]);
        }
    }
    if decision.because.is_empty() {
        text.push_str("  there is no policy\n");
    }
    if !args.action.exists() {
        text.push_str("  this version of gluepot has no such action\n");
    }
    output::print(&text)
}
