//! The history. Triggers refuse to edit it; its values lie apart and may only be deleted (N1, R4).

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

const TABLES: &str = r"
CREATE TABLE activity (
    id uuid NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account (id),
    at bigint NOT NULL,
    actor_id uuid,
    cause text NOT NULL,
    caused_by uuid,
    kind text NOT NULL,
    contact_id uuid,
    opportunity_id uuid,
    user_id uuid,
    values_hash bytea
);
CREATE INDEX activity_contact ON activity (contact_id, id DESC) WHERE contact_id IS NOT NULL;
CREATE INDEX activity_opportunity ON activity (opportunity_id, id DESC) WHERE opportunity_id IS NOT NULL;

CREATE TABLE activity_value (
    activity_id uuid NOT NULL PRIMARY KEY REFERENCES activity (id),
    account_id uuid NOT NULL,
    salt bytea NOT NULL,
    changes text NOT NULL
);
";

const TRIGGERS_POSTGRES: &str = r"
CREATE FUNCTION activity_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'activity is never edited';
END $$;
CREATE TRIGGER activity_no_update BEFORE UPDATE ON activity FOR EACH ROW EXECUTE FUNCTION activity_is_final();
CREATE TRIGGER activity_no_delete BEFORE DELETE ON activity FOR EACH ROW EXECUTE FUNCTION activity_is_final();
CREATE TRIGGER activity_no_truncate BEFORE TRUNCATE ON activity EXECUTE FUNCTION activity_is_final();
CREATE TRIGGER activity_value_no_update BEFORE UPDATE ON activity_value FOR EACH ROW EXECUTE FUNCTION activity_is_final();
";

const TRIGGERS_SQLITE: &str = r"
CREATE TRIGGER activity_no_update BEFORE UPDATE ON activity BEGIN SELECT RAISE(ABORT, 'activity is never edited'); END;
CREATE TRIGGER activity_no_delete BEFORE DELETE ON activity BEGIN SELECT RAISE(ABORT, 'activity is never edited'); END;
CREATE TRIGGER activity_value_no_update BEFORE UPDATE ON activity_value
    BEGIN SELECT RAISE(ABORT, 'activity is never edited'); END;
";

#[derive(Debug, DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::sql::run(manager, TABLES).await?;
        let triggers = match manager.get_database_backend() {
            DbBackend::Postgres => TRIGGERS_POSTGRES,
            _ => TRIGGERS_SQLITE,
        };
        manager.get_connection().execute_unprepared(triggers).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite deletes row by row when it drops a table, but fires no trigger for it.
        crate::sql::run(manager, "DROP TABLE activity_value; DROP TABLE activity;").await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            manager.get_connection().execute_unprepared("DROP FUNCTION activity_is_final();").await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
