//! How the server is set up: by flags, environment and a file, in this order. `docs/configuration.md` is the table.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Deserialize;

use crate::auth::Secrets;
use crate::domain::database::sqlite_file;
use crate::realtime::bus::Bus;

/// The file that is read when it is there and no other is named.
const DEFAULT_FILE: &str = "retinue.toml";

/// For how many days notifications are kept where nothing is set.
const NOTIFICATION_DAYS: u32 = 90;

/// What can be set for every command.
#[derive(Clone, Debug, Default, Args)]
pub struct Settings {
    /// Configuration file in TOML; `retinue.toml` is read when it is there
    #[arg(long, global = true, env = "RETINUE_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where the data lie: `sqlite:FILE` or `postgres://USER@HOST/NAME` [default: sqlite:retinue.db]
    #[arg(long, global = true, env = "RETINUE_DATABASE", value_name = "URL")]
    pub database: Option<String>,
    /// The secrets file; made at the first start [default: beside an embedded database, else retinue.secrets]
    #[arg(long, global = true, env = "RETINUE_SECRETS", value_name = "FILE")]
    pub secrets: Option<PathBuf>,
    /// What is logged, as `tracing` filters, to standard error [default: info for serve, else warn]
    #[arg(long, global = true, env = "RETINUE_LOG", value_name = "FILTER")]
    pub log: Option<String>,
}

/// What can be set for the commands that serve.
#[derive(Clone, Debug, Default, Args)]
pub struct Listening {
    /// Address to listen on [default: 127.0.0.1:4000]
    #[arg(long, env = "RETINUE_LISTEN", value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
    /// Do not serve the playground
    #[arg(long, env = "RETINUE_NO_PLAYGROUND")]
    pub no_playground: bool,
    /// Pages of these origins may open sockets, besides the server's own: `https://crm.example,…`
    #[arg(long, env = "RETINUE_ALLOWED_ORIGINS", value_name = "ORIGIN,…", value_delimiter = ',')]
    pub allowed_origins: Vec<String>,
    /// Over what several servers wake each other: `database`, or `nats://HOST:PORT` [default: database]
    #[arg(long, env = "RETINUE_BUS", value_name = "BUS", value_parser = bus)]
    pub bus: Option<Bus>,
    /// For how many days notifications, and what streams resume from, are kept [default: 90]
    #[arg(long, env = "RETINUE_NOTIFICATION_DAYS", value_name = "DAYS")]
    pub notification_days: Option<NonZeroU32>,
}

/// The same in the file. Unknown keys are refused: a typing error must not go unnoticed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    database: Option<String>,
    secrets: Option<PathBuf>,
    log: Option<String>,
    listen: Option<SocketAddr>,
    playground: Option<bool>,
    allowed_origins: Option<Vec<String>>,
    notification_days: Option<NonZeroU32>,
    bus: Option<String>,
}

/// Everything that is set.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the data lie.
    pub database: String,
    /// The secrets file.
    pub secrets: PathBuf,
    /// What is logged.
    pub log: String,
    /// Address to listen on.
    pub listen: SocketAddr,
    /// Whether the playground is served.
    pub playground: bool,
    /// Pages of which origins may open sockets, besides the server's own.
    pub allowed_origins: Vec<String>,
    /// For how many days notifications, and what streams resume from, are kept.
    pub notification_days: u32,
    /// Over what several servers wake each other.
    pub bus: Bus,
}

/// What a command takes where nothing is set.
#[derive(Clone, Copy, Debug)]
pub struct Defaults {
    /// Where the data lie.
    pub database: &'static str,
    /// What is logged.
    pub log: &'static str,
}

impl Defaults {
    /// Of the server.
    pub const SERVE: Self = Self { database: "sqlite:retinue.db", log: "info" };
    /// Of the demo.
    pub const DEMO: Self = Self { database: "sqlite:retinue-demo.db", log: "warn" };
    /// Of every other command.
    pub const COMMAND: Self = Self { database: "sqlite:retinue.db", log: "warn" };
}

/// Why the configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file that was named cannot be read.
    #[error("the configuration file `{}` cannot be read: {source}", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is not what `docs/configuration.md` says.
    #[error("the configuration file `{}` is wrong: {message}", path.display())]
    Wrong {
        /// Which file.
        path: PathBuf,
        /// Where and why.
        message: String,
    },
    /// No bus is called so.
    #[error("the setting `bus` is wrong: {0}")]
    Bus(String),
}

impl Config {
    /// Puts flags and environment (which clap has read), file and defaults together.
    ///
    /// # Errors
    /// A named file that cannot be read, or one with unknown or ill-formed keys.
    pub fn of(settings: &Settings, listening: &Listening, defaults: Defaults) -> Result<Self, ConfigError> {
        let file = match &settings.config {
            Some(path) => read(path)?,
            None if Path::new(DEFAULT_FILE).exists() => read(Path::new(DEFAULT_FILE))?,
            None => File::default(),
        };
        let allowed_origins = if listening.allowed_origins.is_empty() {
            file.allowed_origins.unwrap_or_default()
        } else {
            listening.allowed_origins.clone()
        };
        let database =
            settings.database.clone().or(file.database).unwrap_or_else(|| defaults.database.to_owned());
        let secrets = settings.secrets.clone().or(file.secrets).unwrap_or_else(|| {
            sqlite_file(&database).map_or_else(|| PathBuf::from("retinue.secrets"), Secrets::beside)
        });
        Ok(Self {
            secrets,
            database,
            log: settings.log.clone().or(file.log).unwrap_or_else(|| defaults.log.to_owned()),
            listen: listening
                .listen
                .or(file.listen)
                .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 4000))),
            playground: !listening.no_playground && file.playground.unwrap_or(true),
            allowed_origins,
            bus: match listening.bus.clone() {
                Some(bus) => bus,
                None => file.bus.as_deref().map_or(Ok(Bus::Database), bus).map_err(ConfigError::Bus)?,
            },
            notification_days: listening
                .notification_days
                .or(file.notification_days)
                .map_or(NOTIFICATION_DAYS, NonZeroU32::get),
        })
    }
}

/// The bus of this name.
fn bus(text: &str) -> Result<Bus, String> {
    match text {
        "database" => Ok(Bus::Database),
        address if address.starts_with("nats://") || address.starts_with("tls://") => {
            Ok(Bus::Nats(address.to_owned()))
        }
        _ => Err("use `database`, or the address of a NATS server, `nats://HOST:PORT`".to_owned()),
    }
}

fn read(path: &Path) -> Result<File, ConfigError> {
    let text = fs::read_to_string(path)
        .map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
    toml::from_str(&text)
        .map_err(|error| ConfigError::Wrong { path: path.to_owned(), message: error.message().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_beat_the_file_and_the_file_beats_the_defaults() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("retinue.toml");
        fs::write(&path, "database = \"sqlite:file.db\"\nlisten = \"127.0.0.1:9\"\nplayground = false\nnotification_days = 7\n")
            .unwrap();
        let settings = Settings {
            config: Some(path),
            database: Some("sqlite:flag.db".to_owned()),
            ..Settings::default()
        };
        let config = Config::of(&settings, &Listening::default(), Defaults::SERVE).unwrap();
        assert_eq!(config.database, "sqlite:flag.db");
        assert_eq!(config.secrets, Path::new("flag.db.secrets"));
        assert_eq!(config.listen, SocketAddr::from(([127, 0, 0, 1], 9)));
        assert!(!config.playground);
        assert_eq!(config.log, "info");
        assert_eq!(config.notification_days, 7);
        let flags = Listening { notification_days: NonZeroU32::new(30), ..Listening::default() };
        assert_eq!(Config::of(&settings, &flags, Defaults::SERVE).unwrap().notification_days, 30);
        let nothing = Settings::default();
        assert_eq!(
            Config::of(&nothing, &Listening::default(), Defaults::SERVE).unwrap().notification_days,
            90
        );
    }

    #[test]
    fn notifications_are_kept_for_a_day_at_least() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("retinue.toml");
        fs::write(&path, "notification_days = 0\n").unwrap();
        let settings = Settings { config: Some(path), ..Settings::default() };
        let error = Config::of(&settings, &Listening::default(), Defaults::SERVE).unwrap_err().to_string();
        assert!(error.contains("zero"), "{error}");
    }

    #[test]
    fn an_unknown_key_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("retinue.toml");
        fs::write(&path, "databse = \"sqlite:file.db\"\n").unwrap();
        let settings = Settings { config: Some(path), ..Settings::default() };
        let error = Config::of(&settings, &Listening::default(), Defaults::SERVE).unwrap_err().to_string();
        assert!(error.contains("databse"), "{error}");
    }
}
