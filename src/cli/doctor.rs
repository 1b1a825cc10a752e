//! `retinue doctor`.

use clap::Args;
use serde_json::{Value, json};

use super::{CliError, open};
use crate::config::Settings;
use crate::domain::access::Access;
use crate::domain::doctor::{self, Finding};
use crate::domain::retry::retrying;

#[derive(Debug, Args)]
#[command(
    after_help = "It compares what is kept beside the records with the records themselves: who owns each record, when it \
    last changed and whether it is deleted, as lists read it; and the totals that boards show.\n\n\
    Exit code: 0 when nothing differs, or everything was repaired; 1 when differences remain."
)]
pub struct DoctorArgs {
    /// The account's name or id; every account when left out
    #[arg(long)]
    account: Option<String>,
    /// Mend what differs; nobody else changes the account meanwhile
    #[arg(long)]
    repair: bool,
    /// Print what was found as one line of JSON
    #[arg(long)]
    json: bool,
}

pub async fn run(settings: &Settings, args: &DoctorArgs) -> Result<(), CliError> {
    let (base, _) = open::base(settings).await?;
    let accounts = match &args.account {
        Some(name) => vec![open::account(&base, Some(name)).await?],
        None => base.accounts().await?,
    };
    let mut reports = Vec::new();
    let mut remaining = 0;
    for access in &accounts {
        let findings = if args.repair {
            retrying(|| doctor::repair(access)).await?
        } else {
            doctor::examine(access).await?
        };
        remaining += findings.iter().map(|finding| finding.remaining).sum::<usize>();
        if args.json {
            reports.push(as_json(access, &findings));
        } else {
            print!("{}", as_text(access, &findings));
        }
    }
    if args.json {
        println!("{}", json!({ "accounts": reports, "remaining": remaining }));
    }
    match (remaining, args.repair) {
        (0, _) => Ok(()),
        (_, false) => {
            let message = format!("differences remain ({remaining}): `retinue doctor --repair` mends them");
            Err(CliError::Differences(message))
        }
        (_, true) => {
            Err(CliError::Differences(format!("differences remain ({remaining}), though they were mended")))
        }
    }
}

fn as_json(access: &Access, findings: &[Finding]) -> Value {
    let checks: Vec<Value> = findings
        .iter()
        .map(|finding| {
            json!({
                "check": finding.check.name(),
                "differences": finding.differences,
                "remaining": finding.remaining,
                "examples": finding.examples,
            })
        })
        .collect();
    json!({ "id": access.account().id.to_string(), "account": access.account().name, "checks": checks })
}

fn as_text(access: &Access, findings: &[Finding]) -> String {
    use std::fmt::Write as _;
    let mut text = format!("account {}\n", access.account().name);
    for Finding { check, differences, examples, remaining } in findings {
        let came_of_it = match (differences, remaining) {
            (0, _) => "fine".to_owned(),
            (found, 0) => format!("{found} repaired"),
            (found, _) => format!("{found} differ"),
        };
        // Writing to a text cannot fail.
        let _ = writeln!(text, "{}: {came_of_it}", check.name());
        for example in examples {
            let _ = writeln!(text, "  {}: kept {}, is {}", example.about, example.kept, example.truth);
        }
        if *differences > examples.len() {
            let _ = writeln!(text, "  and {} more", differences - examples.len());
        }
    }
    text
}
