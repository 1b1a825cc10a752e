//! The two databases behind one type: where the data lie, how they are opened, and whether the schema fits.

mod wakeups;

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use migration::{Migrator, MigratorTrait};
use sea_orm::sqlx::ConnectOptions as _;
use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};

pub use wakeups::{MAX_WAKEUP, Wakeup, Wakeups};

/// Is told of every statement that the server sends; tests count them and look at their plans.
pub type Observer = Arc<dyn Fn(&Statement) + Send + Sync>;

/// How long a request waits for a connection before it is told that the server is busy.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(30);

/// How many statements may read at once.
const READERS: u32 = 8;

/// Why a database cannot be used. Each text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address is of no kind that the server knows.
    #[error("`{0}` is not a database address: use `sqlite:FILE` or `postgres://USER@HOST/NAME`")]
    Address(String),
    /// Nothing answers, or it refuses.
    #[error("the database cannot be opened: {0}; check the address, and that the server runs")]
    Unreachable(String),
    /// Migrations are missing.
    #[error("the database lacks {missing} of {known} migrations: back it up, then run `retinue migrate up`")]
    Behind {
        /// How many are missing.
        missing: usize,
        /// How many this program knows.
        known: usize,
    },
    /// A newer program migrated it.
    #[error(
        "the database was migrated by a newer program (`{0}` is unknown here): run that version, or restore a backup"
    )]
    Newer(String),
    /// A migration in the middle is missing.
    #[error(
        "the database is half migrated (`{0}` is missing but later ones were applied): restore a backup, or run `retinue migrate down` with the program that wrote it"
    )]
    HalfMigrated(String),
    /// A migration failed; it was rolled back.
    #[error("the migration failed and was rolled back: {0}")]
    Migration(#[from] DbErr),
}

/// An open database. Cloning shares the pools.
#[derive(Clone)]
pub struct Database {
    reader: DatabaseConnection,
    writer: DatabaseConnection,
    /// As it was opened; it may hold a password.
    address: Arc<str>,
}

impl Database {
    /// Opens `sqlite:FILE` (made when it is not there) or `postgres://…`.
    ///
    /// # Errors
    /// An unknown kind of address, or nobody who answers there.
    pub async fn open(address: &str) -> Result<Self, OpenError> {
        Self::open_observed(address, None).await
    }

    /// Opens it and tells `observer` of every statement.
    ///
    /// # Errors
    /// As [`Database::open`].
    pub async fn open_observed(address: &str, observer: Option<Observer>) -> Result<Self, OpenError> {
        let unreachable = |error: DbErr| OpenError::Unreachable(error.to_string());
        let (mut reader, mut writer) = if address.starts_with("sqlite:") {
            let writer = sea_orm::Database::connect(sqlite(address, 1, false)).await.map_err(unreachable)?;
            let reader =
                sea_orm::Database::connect(sqlite(address, READERS, true)).await.map_err(unreachable)?;
            (reader, writer)
        } else if address.starts_with("postgres:") || address.starts_with("postgresql:") {
            probe(address).await?;
            let pool = sea_orm::Database::connect(postgres(address)).await.map_err(unreachable)?;
            (pool.clone(), pool)
        } else {
            return Err(OpenError::Address(address.to_owned()));
        };
        if let Some(observer) = observer {
            for connection in [&mut reader, &mut writer] {
                let observer = Arc::clone(&observer);
                connection.set_metric_callback(move |info| observer(info.statement));
            }
        }
        Ok(Self { reader, writer, address: address.into() })
    }

    /// Which of the two it is.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.writer.get_database_backend()
    }

    /// `SQLite` or `PostgreSQL`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.backend() {
            DbBackend::Postgres => "PostgreSQL",
            _ => "SQLite",
        }
    }

    /// Refuses a schema that is not exactly this program's.
    ///
    /// # Errors
    /// One that lacks migrations, has a gap, or has migrations that this program does not know.
    pub async fn require_current_schema(&self) -> Result<(), OpenError> {
        let status = self.migrations().await?;
        if let Some(unknown) = status.unknown.first() {
            return Err(OpenError::Newer(unknown.clone()));
        }
        let missing: Vec<&String> =
            status.known.iter().filter(|(_, applied)| !applied).map(|(name, _)| name).collect();
        let Some(first) = missing.first() else { return Ok(()) };
        let applied_after = status.known.iter().skip_while(|(name, _)| name != *first).any(|(_, done)| *done);
        if applied_after {
            return Err(OpenError::HalfMigrated((*first).clone()));
        }
        Err(OpenError::Behind { missing: missing.len(), known: status.known.len() })
    }

    /// Which migrations there are, and which of them were applied.
    ///
    /// # Errors
    /// A database that does not answer.
    pub async fn migrations(&self) -> Result<Migrations, OpenError> {
        let applied: Vec<String> = if self.has_migration_table().await? {
            Migrator::get_migration_models(&self.writer).await?.into_iter().map(|row| row.version).collect()
        } else {
            Vec::new()
        };
        let names: Vec<String> = Migrator::migrations().iter().map(|step| step.name().to_owned()).collect();
        let unknown = applied.iter().filter(|name| !names.contains(name)).cloned().collect();
        let known = names.into_iter().map(|name| (name.clone(), applied.contains(&name))).collect();
        Ok(Migrations { known, unknown })
    }

    async fn has_migration_table(&self) -> Result<bool, OpenError> {
        let sql = match self.backend() {
            DbBackend::Postgres => "SELECT 1 WHERE to_regclass('seaql_migrations') IS NOT NULL",
            _ => "SELECT 1 FROM sqlite_master WHERE name = 'seaql_migrations'",
        };
        Ok(self.writer.query_one_raw(Statement::from_string(self.backend(), sql)).await?.is_some())
    }

    /// Applies what is missing.
    ///
    /// # Errors
    /// A migration that fails (it is rolled back), or a database that is newer than this program.
    pub async fn migrate_up(&self) -> Result<(), OpenError> {
        if let Some(unknown) = self.migrations().await?.unknown.first() {
            return Err(OpenError::Newer(unknown.clone()));
        }
        Ok(Migrator::up(&self.writer, None).await?)
    }

    /// Takes back the newest `steps` migrations, or all of them. **Their data are gone.**
    ///
    /// # Errors
    /// A migration that fails (it is rolled back).
    pub async fn migrate_down(&self, steps: Option<u32>) -> Result<(), OpenError> {
        Ok(Migrator::down(&self.writer, steps).await?)
    }

    /// Whether it answers.
    pub async fn is_alive(&self) -> bool {
        self.reader.query_one_raw(Statement::from_string(self.backend(), "SELECT 1")).await.is_ok()
    }

    /// Closes every connection; running statements end first.
    ///
    /// # Errors
    /// A pool that does not close.
    pub async fn close(self) -> Result<(), DbErr> {
        self.reader.close_by_ref().await?;
        self.writer.close_by_ref().await
    }

    /// For reading outside a transaction. Only `Access` asks for it.
    pub(in crate::domain) const fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// Starts a transaction that may write. Only `UnitOfWork` asks for it.
    pub(in crate::domain) async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        self.writer.begin_with_options(options).await
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Database").field(&self.kind()).finish()
    }
}

/// The state of the schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migrations {
    /// This program's migrations, oldest first, each with whether it was applied.
    pub known: Vec<(String, bool)>,
    /// Applied ones that this program does not know.
    pub unknown: Vec<String>,
}

/// The file of an embedded database, where the address names one.
#[must_use]
pub fn sqlite_file(address: &str) -> Option<&Path> {
    let path = address.strip_prefix("sqlite:")?;
    Some(Path::new(path.strip_prefix("//").unwrap_or(path)))
}

fn sqlite(address: &str, connections: u32, reads_only: bool) -> ConnectOptions {
    let mut options = ConnectOptions::new(address.to_owned());
    options.max_connections(connections).acquire_timeout(ACQUIRE_TIMEOUT).sqlx_logging(false);
    options.map_sqlx_sqlite_opts(move |options: SqliteConnectOptions| {
        let options = options
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10));
        if reads_only { options.pragma("query_only", "ON") } else { options }
    });
    options
}

fn postgres(address: &str) -> ConnectOptions {
    let mut options = ConnectOptions::new(address.to_owned());
    options.max_connections(16).acquire_timeout(ACQUIRE_TIMEOUT).sqlx_logging(false);
    options
}

/// One plain connection, since a pool would answer a dead address only after its time-out.
async fn probe(address: &str) -> Result<(), OpenError> {
    let unreachable = |error: sea_orm::sqlx::Error| OpenError::Unreachable(error.to_string());
    let options: PgConnectOptions = address.parse().map_err(unreachable)?;
    let connection = options.connect().await.map_err(unreachable)?;
    sea_orm::sqlx::Connection::close(connection).await.map_err(unreachable)
}
