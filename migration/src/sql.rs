//! One text for both databases.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

/// Runs statements that both databases understand. PostgreSQL's type names are used throughout, SQLite takes them as
/// they are; the word `sort_key` is the one difference: a text that sorts by its bytes on both.
pub async fn run(manager: &SchemaManager<'_>, text: &str) -> Result<(), DbErr> {
    let sort_key = match manager.get_database_backend() {
        DbBackend::Postgres => "text COLLATE \"C\"",
        _ => "text",
    };
    manager.get_connection().execute_unprepared(&text.replace(" sort_key", &format!(" {sort_key}"))).await?;
    Ok(())
}

/// Declares a migration whose `up` and `down` are texts for [`run`].
macro_rules! migration {
    (up: $up:expr, down: $down:expr $(,)?) => {
        #[derive(Debug, DeriveMigrationName)]
        pub struct Migration;

        #[async_trait::async_trait]
        impl MigrationTrait for Migration {
            async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
                crate::sql::run(manager, $up).await
            }

            async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
                crate::sql::run(manager, $down).await
            }

            // All of it or nothing, on SQLite too.
            fn use_transaction(&self) -> Option<bool> {
                Some(true)
            }
        }
    };
}

pub(crate) use migration;
