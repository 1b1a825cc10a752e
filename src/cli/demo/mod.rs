//! `retinue demo`: a clinic with six people to play, on this machine only.

mod clinic;
mod deals;
mod diary;
mod notes;
mod people;
mod story;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use serde_json::json;

use self::deals::Deals;
use super::CliError;
use super::serve::{app, listen, until_stopped};
use crate::auth::{Bearer, Secrets, Tokens};
use crate::clock::SystemClock;
use crate::config::{Config, Defaults, Listening, Settings};
use crate::domain::access::{Access, Base};
use crate::domain::database::{Database, sqlite_file};
use crate::domain::user;
use crate::http::{DemoPerson, Session};
use crate::telemetry;

/// How long the demo's tokens are valid; every start makes new ones.
const TOKEN_SECONDS: i64 = 30 * 24 * 60 * 60;

#[derive(Debug, Args)]
pub struct DemoArgs {
    #[command(flatten)]
    listening: Listening,
    /// Throw the demo's data away and start afresh
    #[arg(long)]
    reset: bool,
    /// Also take in an opportunities export, and show its board
    #[arg(long, value_name = "FILE")]
    import: Option<PathBuf>,
    /// The order of the stages of that board; others follow as they first appear in the file
    #[arg(long, value_delimiter = ',', value_name = "STAGE,…", requires = "import")]
    stages: Vec<String>,
    /// Print address and tokens as one line of JSON
    #[arg(long)]
    json: bool,
}

pub async fn run(settings: &Settings, args: &DemoArgs) -> Result<(), CliError> {
    let config = Config::of(settings, &args.listening, Defaults::DEMO)?;
    telemetry::start(&config.log);
    if !config.listen.ip().is_loopback() {
        let message =
            "the demo hands out identities, so it only listens on this machine: use 127.0.0.1 or [::1]";
        return Err(CliError::Usage(message.into()));
    }
    let file = sqlite_file(&config.database).ok_or_else(|| {
        CliError::Usage(
            "the demo uses an embedded database: leave `--database` out, or name `sqlite:FILE`".into(),
        )
    })?;
    let listener = listen(&config).await?;
    if args.reset {
        reset(file).await?;
    }
    if !file.exists() {
        make(file).await?;
    }

    let database = Database::open(&config.database).await?;
    database.require_current_schema().await?;
    let base = Base::new(database, Arc::new(SystemClock));
    let clinic = base.account(clinic::NAME).await?.ok_or_else(|| not_a_demo(file))?;
    let secrets = Secrets::at(&config.secrets)?;
    if let Some(file) = &args.import {
        deals::take_in(&clinic, file, &args.stages).await?;
    }
    let deals = deals::find(&clinic).await?;
    let people = identities(&clinic, deals.as_ref(), &Tokens::new(&secrets.token_key)).await?;
    let tabs = story::tabs(&clinic, deals.as_ref()).await?;

    let address = listener.local_addr().map_err(CliError::io("the listener has no address"))?;
    announce(&format!("http://{address}"), &people, args.json);
    let session = config.playground.then(|| Arc::new(Session::demo(people, tabs)));
    until_stopped(listener, &config, app(&base, &secrets, &config, session)?).await
}

/// Makes the database aside and moves it into place, so that half a clinic is never found.
async fn make(file: &Path) -> Result<(), CliError> {
    let aside = beside(file, ".new");
    remove(&aside)?;
    eprintln!("making the clinic in `{}` …", file.display());
    let database = Database::open(&format!("sqlite:{}", aside.display())).await?;
    database.migrate_up().await?;
    let base = Base::new(database, Arc::new(SystemClock));
    clinic::make(&base).await?;
    base.database.close().await.map_err(|error| CliError::Domain(error.into()))?;
    fs::rename(&aside, file).map_err(CliError::io(format!("cannot write `{}`", file.display())))
}

/// Deletes a demo's database, and nothing else.
async fn reset(file: &Path) -> Result<(), CliError> {
    if !file.exists() {
        return Ok(());
    }
    let database = Database::open(&format!("sqlite:{}", file.display())).await?;
    let base = Base::new(database, Arc::new(SystemClock));
    let is_demo = base.accounts().await.is_ok_and(|accounts| {
        accounts.iter().all(|access| access.account().name == clinic::NAME) && !accounts.is_empty()
    });
    base.database.close().await.map_err(|error| CliError::Domain(error.into()))?;
    if !is_demo {
        return Err(not_a_demo(file));
    }
    remove(file)?;
    remove(&Secrets::beside(file))
}

fn not_a_demo(file: &Path) -> CliError {
    let message =
        format!("`{}` is not a demo's database: name another file with `--database`", file.display());
    CliError::Usage(message)
}

fn remove(file: &Path) -> Result<(), CliError> {
    for suffix in ["", "-wal", "-shm"] {
        match fs::remove_file(beside(file, suffix)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(CliError::io(format!("cannot delete `{}`", file.display()))(error));
            }
            _ => {}
        }
    }
    Ok(())
}

fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

async fn identities(
    clinic: &Access,
    deals: Option<&Deals>,
    tokens: &Tokens,
) -> Result<Vec<DemoPerson>, CliError> {
    let mut people = Vec::new();
    for person in people::SIX {
        let user = user::find(clinic, &person.email()).await?;
        people.push((user, person.key, person.role, person.about));
    }
    if let Some(deals) = deals {
        let agent = "owns most of the deals that were taken in; sees every record";
        let manager = "follows most of the deals that were taken in, and sees just what they follow";
        people.push((deals.agent.clone(), "agent", "agent", agent));
        people.push((deals.manager.clone(), "manager", "manager who follows", manager));
    }
    let mut identities = Vec::new();
    for (user, key, role, about) in people {
        let now = clinic.base().clock.now();
        let bearer = Bearer::lasting(clinic.account().id, user.id, now, TOKEN_SECONDS);
        let token = tokens
            .issue(bearer, now)
            .map_err(|error| CliError::Usage(format!("the tokens cannot be signed: {error}")))?;
        let (key, role, about) = (key.to_owned(), role.to_owned(), about.to_owned());
        identities.push(DemoPerson { key, name: user.name, role, about, token });
    }
    Ok(identities)
}

fn announce(address: &str, people: &[DemoPerson], as_json: bool) {
    if as_json {
        let line = json!({
            "address": address,
            "graphql": format!("{address}/graphql"),
            "playground": format!("{address}/playground"),
            "people": people,
        });
        println!("{line}");
        return;
    }
    println!("Retinue plays {}.", clinic::NAME);
    println!();
    println!("  playground  {address}/playground");
    println!("  graph       {address}/graphql");
    println!();
    for person in people {
        println!("{} — {} ({})", person.name, person.role, person.key);
        println!("  {}", person.about);
        println!("  {}", person.token);
    }
    println!();
    println!("Ctrl-C stops it; the data stay. `--reset` starts afresh.");
}
