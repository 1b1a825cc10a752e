//! What the commands open: configuration, logs, database, account.

use std::sync::Arc;

use super::CliError;
use crate::clock::SystemClock;
use crate::config::{Config, Defaults, Listening, Settings};
use crate::domain::access::{Access, Base};
use crate::domain::database::Database;
use crate::telemetry;

/// Opens a database whose schema fits.
///
/// # Errors
/// A configuration or a database that cannot be used.
pub async fn base(settings: &Settings) -> Result<(Base, Config), CliError> {
    let config = Config::of(settings, &Listening::default(), Defaults::COMMAND)?;
    telemetry::start(&config.log);
    let database = Database::open(&config.database).await?;
    database.require_current_schema().await?;
    Ok((Base::new(database, Arc::new(SystemClock)), config))
}

/// The account of this name or id; the only one, when none is named.
///
/// # Errors
/// No such account, or none named among several.
pub async fn account(base: &Base, name: Option<&str>) -> Result<Access, CliError> {
    if let Some(name) = name {
        let found = base.account(name).await?;
        return found.ok_or_else(|| {
            CliError::Usage(format!("there is no account `{name}`: `retinue account create` makes one"))
        });
    }
    let mut accounts = base.accounts().await?;
    match (accounts.pop(), accounts.len()) {
        (Some(account), 0) => Ok(account),
        (None, _) => {
            Err(CliError::Usage("there is no account yet: `retinue account create` makes one".into()))
        }
        (Some(_), more) => {
            Err(CliError::Usage(format!("there are {} accounts: name one with `--account`", more + 1)))
        }
    }
}
