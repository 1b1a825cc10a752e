//! What teams arrange for themselves: versions of pipelines and their history, lost reasons, saved views (R1).

use sea_orm_migration::prelude::*;

crate::sql::migration! {
    up: r#"
ALTER TABLE pipeline ADD COLUMN version bigint NOT NULL DEFAULT 1;
ALTER TABLE account ADD COLUMN only_listed_lost_reasons boolean NOT NULL DEFAULT false;
ALTER TABLE activity ADD COLUMN pipeline_id uuid;
ALTER TABLE activity ADD COLUMN stage_id uuid;
CREATE INDEX opportunity_stage_deleted ON opportunity (stage_id) WHERE deleted_at IS NOT NULL;
CREATE INDEX activity_pipeline ON activity (pipeline_id, id DESC) WHERE pipeline_id IS NOT NULL;

CREATE TABLE lost_reason (
    id uuid NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account (id),
    name text NOT NULL,
    name_key sort_key NOT NULL,
    position integer NOT NULL
);
CREATE UNIQUE INDEX lost_reason_name ON lost_reason (account_id, name_key);

CREATE TABLE saved_view (
    id uuid NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL,
    owner_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('CONTACTS', 'OPPORTUNITIES')),
    name text NOT NULL,
    name_key sort_key NOT NULL,
    shared boolean NOT NULL,
    filter text,
    sort text,
    columns text NOT NULL,
    version bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    FOREIGN KEY (account_id, owner_id) REFERENCES "user" (account_id, id)
);
CREATE UNIQUE INDEX saved_view_own_name ON saved_view (owner_id, kind, name_key) WHERE NOT shared;
CREATE UNIQUE INDEX saved_view_shared_name ON saved_view (account_id, kind, name_key) WHERE shared;
"#,
    down: r"
DROP TABLE saved_view;
DROP TABLE lost_reason;
DROP INDEX activity_pipeline;
DROP INDEX opportunity_stage_deleted;
ALTER TABLE activity DROP COLUMN stage_id;
ALTER TABLE activity DROP COLUMN pipeline_id;
ALTER TABLE account DROP COLUMN only_listed_lost_reasons;
ALTER TABLE pipeline DROP COLUMN version;
",
}
