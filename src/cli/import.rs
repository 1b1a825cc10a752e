//! `retinue import opportunities`.

mod progress;
mod rejects_file;
mod report;

use std::fs::File;
use std::path::PathBuf;

use clap::Args;

use super::{CliError, open};
use crate::domain::access::Base;
use crate::domain::import;
use progress::Teller;
use rejects_file::RejectsFile;

/// What to import, and how.
#[derive(Debug, Args)]
#[command(
    after_help = "Rows that cannot be taken are written to the rejects file with line, column and reason. \
    Mend them there and import that file; rows that were taken in already are known again and change nothing.\n\n\
    Exit code: 0 when every row was taken, 2 when rows were rejected, 1 when the import failed; what was taken \
    in before a failure stays, and a second run goes on from there."
)]
pub struct ImportOptions {
    /// The export: comma-separated, UTF-8, its column names in the first line
    file: PathBuf,
    /// The account's name or id; may be left out when there is one
    #[arg(long)]
    account: Option<String>,
    /// Make users of people whom the account does not know, with the permissions of a new user
    #[arg(long)]
    create_users: bool,
    /// First allow different owners for contacts and their opportunities
    #[arg(long)]
    separate_owners: bool,
    /// The order of the stages that are made; others follow as they first appear in the file
    #[arg(long, value_delimiter = ',', value_name = "STAGE,…")]
    stages: Vec<String>,
    /// Where rejected rows go [default: beside FILE, ending in `.rejects.csv`]
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Print the summary as one line of JSON
    #[arg(long)]
    json: bool,
}

/// Imports the file and prints what came of it.
///
/// # Errors
/// A file or account that cannot be used, an import that failed; [`CliError::Partial`] when rows were rejected.
pub async fn run(base: &Base, options: ImportOptions) -> Result<(), CliError> {
    let access = open::account(base, options.account.as_deref()).await?;
    let name = options.file.display();
    let file = File::open(&options.file).map_err(CliError::io(format!("`{name}` cannot be opened")))?;
    let path = options.rejects.clone().unwrap_or_else(|| options.file.with_extension("rejects.csv"));
    let mut rejects = RejectsFile::at(&path, &options.file)?;

    let how = import::Options {
        create_users: options.create_users,
        separate_owners: options.separate_owners,
        stages: options.stages.clone(),
        ..import::Options::default()
    };
    let mut teller = Teller::new(&name.to_string());
    let mut tell = |progress: import::Progress<'_>| teller.tell(progress);
    let outcome = import::opportunities(&access, file, &how, &mut tell, &mut rejects).await;
    teller.end();
    // Kept whatever happened: the batches before a failure are in, and so are their rejects.
    let kept = rejects.finish()?;
    let summary = outcome?;

    if options.json {
        println!("{}", report::json(&summary, &kept)?);
    } else {
        print!("{}", report::text(&summary, &kept));
    }
    match kept.path {
        Some(path) => Err(CliError::Partial(format!(
            "{} of {} rows were rejected: mend them in `{}`, then import that file",
            summary.rejected,
            summary.read,
            path.display()
        ))),
        None => Ok(()),
    }
}
