//! Wake-ups between the processes over one PostgreSQL: `LISTEN` and `NOTIFY`, outside every transaction of the business.

use sea_orm::sqlx::postgres::PgListener;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

use super::Database;

/// The longest text of a wake-up, in bytes: the server takes fewer than 8,000.
pub const MAX_WAKEUP: usize = 7_900;

/// Hears the wake-ups of all processes, its own among them.
#[derive(Debug)]
pub struct Wakeups(PgListener);

/// What was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wakeup {
    /// A wake-up with its text.
    Text(String),
    /// The connection was lost for a while: any number of wake-ups may have been missed.
    Missed,
}

impl Wakeups {
    /// The next one.
    ///
    /// # Errors
    /// A connection that is lost and cannot be made again.
    pub async fn next(&mut self) -> Result<Wakeup, DbErr> {
        match self.0.try_recv().await {
            Ok(Some(notification)) => Ok(Wakeup::Text(notification.payload().to_owned())),
            Ok(None) => Ok(Wakeup::Missed),
            Err(error) => Err(DbErr::Conn(sea_orm::RuntimeErr::SqlxError(error.into()))),
        }
    }
}

impl Database {
    /// Hears the wake-ups on a channel; none where the database has no such thing, because one process has it for itself.
    ///
    /// # Errors
    /// A database that does not answer.
    pub async fn wakeups(&self, channel: &str) -> Result<Option<Wakeups>, DbErr> {
        if self.backend() != DbBackend::Postgres {
            return Ok(None);
        }
        let failed = |error: sea_orm::sqlx::Error| DbErr::Conn(sea_orm::RuntimeErr::SqlxError(error.into()));
        let mut listener = PgListener::connect(&self.address).await.map_err(failed)?;
        listener.listen(channel).await.map_err(failed)?;
        Ok(Some(Wakeups(listener)))
    }

    /// Wakes every process that listens on the channel. Not for use in a transaction: the server would take an
    /// instance-wide lock at its commit.
    ///
    /// # Errors
    /// A database that does not answer, or a text that is longer than [`MAX_WAKEUP`].
    pub async fn send_wakeup(&self, channel: &str, text: &str) -> Result<(), DbErr> {
        let sql = "SELECT pg_notify($1, $2)";
        let values = [channel.into(), text.into()];
        self.writer.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
        Ok(())
    }
}
