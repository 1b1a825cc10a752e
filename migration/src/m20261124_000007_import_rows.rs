//! What earlier imports took in, so that a second run of a file changes nothing.

use sea_orm_migration::prelude::*;

crate::sql::migration! {
    up: r"
CREATE TABLE import_row (
    account_id uuid NOT NULL,
    identity bytea NOT NULL,
    opportunity_id uuid NOT NULL,
    content bytea NOT NULL,
    imported_at bigint NOT NULL,
    PRIMARY KEY (account_id, identity),
    FOREIGN KEY (account_id, opportunity_id) REFERENCES opportunity (account_id, id)
);
CREATE INDEX import_row_opportunity ON import_row (account_id, opportunity_id);
",
    down: "DROP TABLE import_row;",
}
