//! `retinue bench`: measures the real server, in a process of its own, on this machine.

mod bare;
mod fanout;
mod process;
mod socket;

use clap::Subcommand;

use super::CliError;

#[derive(Debug, Subcommand)]
pub enum BenchCommand {
    /// How much it costs to tell many sockets of one change, beside a bare write to as many sockets
    Fanout(fanout::FanoutArgs),
    /// What the fan-out is compared with: writes the same bytes to every connection
    #[command(hide = true)]
    Bare(bare::BareArgs),
}

pub async fn run(command: &BenchCommand) -> Result<(), CliError> {
    match command {
        BenchCommand::Fanout(args) => fanout::run(args).await,
        BenchCommand::Bare(args) => bare::run(args).await,
    }
}
