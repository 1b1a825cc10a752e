//! `retinue migrate`.

use std::sync::Arc;

use clap::Subcommand;

use super::CliError;
use crate::clock::SystemClock;
use crate::config::{Config, Defaults, Listening, Settings};
use crate::domain::access::Base;
use crate::domain::database::Database;
use crate::domain::search;
use crate::telemetry;

#[derive(Debug, Subcommand)]
pub enum MigrateCommand {
    /// Apply every migration that is missing
    Up,
    /// Take back the newest migrations, with their data
    Down {
        /// How many
        #[arg(long, default_value_t = 1, conflicts_with = "all")]
        steps: u32,
        /// All of them
        #[arg(long)]
        all: bool,
        /// Yes, delete the data
        #[arg(long)]
        yes: bool,
    },
    /// Show which migrations were applied
    Status,
}

pub async fn run(settings: &Settings, command: &MigrateCommand) -> Result<(), CliError> {
    let config = Config::of(settings, &Listening::default(), Defaults::COMMAND)?;
    telemetry::start(&config.log);
    let database = Database::open(&config.database).await?;
    match command {
        MigrateCommand::Up => {
            database.migrate_up().await?;
            // Records that are older than search are found by nothing yet; folding them takes more than SQL.
            search::rebuild_missing(&Base::new(database.clone(), Arc::new(SystemClock))).await?;
        }
        MigrateCommand::Down { yes: false, .. } => {
            let message =
                "this deletes the tables that the migration made, and their data: add `--yes` if you mean it";
            return Err(CliError::Usage(message.into()));
        }
        MigrateCommand::Down { steps, all, yes: true } => {
            database.migrate_down((!all).then_some(*steps)).await?;
        }
        MigrateCommand::Status => {}
    }
    let migrations = database.migrations().await?;
    for (name, applied) in &migrations.known {
        println!("{} {name}", if *applied { "applied" } else { "missing" });
    }
    for name in &migrations.unknown {
        println!("unknown {name}");
    }
    Ok(())
}
