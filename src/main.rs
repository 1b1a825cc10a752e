//! The `retinue` program.

use std::process::ExitCode;

use clap::Parser;
use retinue::cli::Cli;

/// Stack of each worker thread: several times what the deepest document that the guard lets through was measured to take
/// in an unoptimized build (under 768 KiB). Only what is touched costs memory.
const STACK_BYTES: usize = 4 * 1024 * 1024;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK_BYTES).build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(cli.run()),
        Err(source) => Err(retinue::cli::CliError::io("cannot start")(source)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("retinue: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}
