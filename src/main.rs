//! The `retinue` program.

use std::process::ExitCode;

use clap::Parser;
use retinue::cli::Cli;

/// Stack of each worker thread. The deepest document that the guard lets through needs a few megabytes in an unoptimized
/// build; only what is touched costs memory.
const STACK_BYTES: usize = 16 * 1024 * 1024;

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
