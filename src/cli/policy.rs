//! `retinue policy`.

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// Print what every kind of person may do to every kind of record
    Matrix,
    /// Print the rules, as a table in Markdown
    Rules,
}

pub fn run(command: &PolicyCommand) {
    match command {
        PolicyCommand::Matrix => print!("{}", policy::matrix()),
        PolicyCommand::Rules => print!("{}", policy::rules_table()),
    }
}
