//! Pipelines and their stages (R1).

use sea_orm_migration::prelude::*;

crate::sql::migration! {
    up: r#"
CREATE TABLE pipeline (
    id uuid NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account (id),
    name text NOT NULL,
    name_key sort_key NOT NULL,
    position integer NOT NULL,
    CONSTRAINT pipeline_of_account UNIQUE (account_id, id)
);
CREATE UNIQUE INDEX pipeline_name ON pipeline (account_id, name_key);

CREATE TABLE stage (
    id uuid NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL,
    pipeline_id uuid NOT NULL,
    name text NOT NULL,
    name_key sort_key NOT NULL,
    position integer NOT NULL,
    FOREIGN KEY (account_id, pipeline_id) REFERENCES pipeline (account_id, id),
    CONSTRAINT stage_of_pipeline UNIQUE (pipeline_id, id)
);
CREATE UNIQUE INDEX stage_name ON stage (pipeline_id, name_key);
"#,
    down: r"
DROP TABLE stage;
DROP TABLE pipeline;
",
}
