//! The `retinue` program.

use std::process::ExitCode;

use clap::Parser;
use retinue::cli::Cli;

#[tokio::main]
async fn main() -> ExitCode {
    match Cli::parse().run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("retinue: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}
