//! `retinue token`.

use clap::Args;

use super::{CliError, open};
use crate::auth::{Bearer, Secrets, Tokens};
use crate::config::Settings;
use crate::domain::user;

#[derive(Debug, Args)]
pub struct TokenArgs {
    /// E-mail address or id of the user
    #[arg(long)]
    user: String,
    /// The account's name or id; may be left out when there is one
    #[arg(long)]
    account: Option<String>,
    /// How long the token is valid
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(i64).range(1..=60 * 24 * 30))]
    minutes: i64,
}

pub async fn run(settings: &Settings, args: &TokenArgs) -> Result<(), CliError> {
    let (base, config) = open::base(settings).await?;
    let access = open::account(&base, args.account.as_deref()).await?;
    let user = user::find(&access, &args.user).await?;
    if !user.active {
        return Err(CliError::Usage(format!("`{}` is not active: a token would be of no use", user.email)));
    }
    let tokens = Tokens::new(&Secrets::at(&config.secrets)?.token_key);
    let now = base.clock.now();
    let bearer = Bearer::lasting(access.account().id, user.id, now, args.minutes * 60);
    let token = tokens
        .issue(bearer, now)
        .map_err(|error| CliError::Usage(format!("the token cannot be signed: {error}")))?;
    println!("{token}");
    Ok(())
}
