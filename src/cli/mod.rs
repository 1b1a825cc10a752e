//! The program's commands.

mod account;
mod bench;
mod demo;
mod doctor;
mod error;
pub mod import;
mod migrate;
mod open;
mod policy;
mod serve;
mod token;
mod user;

use clap::{Parser, Subcommand};

use crate::config::Settings;

pub use error::CliError;

/// A headless GraphQL CRM core with separate owners, followers, and one policy that explains itself.
#[derive(Debug, Parser)]
#[command(name = "retinue", version, about, propagate_version = true)]
pub struct Cli {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the graph at /graphql and the playground at /playground
    Serve(serve::ServeArgs),
    /// Make a clinic with six people to play, and serve it on this machine
    Demo(demo::DemoArgs),
    /// Bring the database's schema up to date, or back
    #[command(subcommand)]
    Migrate(migrate::MigrateCommand),
    /// Print the GraphQL schema
    Schema,
    /// Make accounts and set them up
    #[command(subcommand)]
    Account(account::AccountCommand),
    /// Add people and change what they may do
    #[command(subcommand)]
    User(user::UserCommand),
    /// Take in data from another CRM
    #[command(subcommand)]
    Import(ImportCommand),
    /// Compare what is maintained beside the records with the records, and mend it
    Doctor(doctor::DoctorArgs),
    /// Print a token for a user
    Token(token::TokenArgs),
    /// Measure the server on this machine
    #[command(subcommand)]
    Bench(bench::BenchCommand),
    /// Print who may do what
    #[command(subcommand)]
    Policy(policy::PolicyCommand),
}

#[derive(Debug, Subcommand)]
enum ImportCommand {
    /// Take in an opportunities export
    Opportunities(import::ImportOptions),
}

impl Cli {
    /// Runs the command.
    ///
    /// # Errors
    /// Whatever went wrong, in words for whoever typed it.
    pub async fn run(self) -> Result<(), CliError> {
        match self.command {
            Command::Serve(args) => serve::run(&self.settings, &args).await,
            Command::Demo(args) => demo::run(&self.settings, &args).await,
            Command::Migrate(command) => migrate::run(&self.settings, &command).await,
            Command::Schema => {
                print!("{}", crate::graphql::sdl());
                Ok(())
            }
            Command::Account(command) => account::run(&self.settings, &command).await,
            Command::User(command) => user::run(&self.settings, &command).await,
            Command::Import(ImportCommand::Opportunities(options)) => {
                let (base, _) = open::base(&self.settings).await?;
                import::run(&base, options).await
            }
            Command::Doctor(args) => doctor::run(&self.settings, &args).await,
            Command::Token(args) => token::run(&self.settings, &args).await,
            Command::Bench(command) => bench::run(&command).await,
            Command::Policy(command) => {
                policy::run(&command);
                Ok(())
            }
        }
    }
}
