//! Keys of calls that were answered, so that a call that is sent again changes nothing (R6).

use sea_orm_migration::prelude::*;

crate::sql::migration! {
    up: r#"
CREATE TABLE idempotency_key (
    account_id uuid NOT NULL,
    user_id uuid NOT NULL,
    key text NOT NULL,
    operation text NOT NULL,
    input_hash bytea NOT NULL,
    outcome text,
    created_at bigint NOT NULL,
    PRIMARY KEY (account_id, user_id, key),
    FOREIGN KEY (account_id, user_id) REFERENCES "user" (account_id, id)
);
CREATE INDEX idempotency_key_created ON idempotency_key (created_at);
"#,
    down: "DROP TABLE idempotency_key;",
}
