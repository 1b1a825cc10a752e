//! Statements written out as text, where whole sets are compared with the truth and mended: the doctor's.

use sea_orm::{ConnectionTrait, QueryResult, Statement};

use super::UnitOfWork;
use crate::domain::error::Result;

impl UnitOfWork<'_> {
    /// Reads by a statement that both databases understand. `$1` in it is the account, and nothing else is given.
    ///
    /// # Errors
    /// A database that fails.
    pub(in crate::domain) async fn read_by(&self, sql: &str) -> Result<Vec<QueryResult>> {
        Ok(self.transaction.query_all_raw(self.of_account(sql)).await?)
    }

    /// Writes by such a statement; answers how many rows.
    ///
    /// # Errors
    /// A database that fails, or a constraint that a row breaks.
    pub(in crate::domain) async fn write_by(&self, sql: &str) -> Result<u64> {
        Ok(self.transaction.execute_raw(self.of_account(sql)).await?.rows_affected())
    }

    fn of_account(&self, sql: &str) -> Statement {
        let backend = self.transaction.get_database_backend();
        Statement::from_sql_and_values(backend, sql, [self.account.id.into()])
    }
}
