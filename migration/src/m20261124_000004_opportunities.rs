//! Opportunities.

use sea_orm_migration::prelude::*;

crate::sql::migration! {
    up: r#"
CREATE TABLE opportunity (
    id uuid NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account (id),
    contact_id uuid NOT NULL,
    pipeline_id uuid NOT NULL,
    stage_id uuid NOT NULL,
    owner_id uuid,
    name text NOT NULL,
    name_key sort_key NOT NULL,
    value_minor bigint,
    status text NOT NULL CHECK (status IN ('OPEN', 'WON', 'LOST', 'ABANDONED')),
    lost_reason text,
    source text,
    stage_changed_at bigint NOT NULL,
    status_changed_at bigint NOT NULL,
    version bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    CONSTRAINT opportunity_of_account UNIQUE (account_id, id),
    CONSTRAINT only_lost_has_a_reason CHECK (status = 'LOST' OR lost_reason IS NULL),
    FOREIGN KEY (account_id, contact_id) REFERENCES contact (account_id, id),
    FOREIGN KEY (account_id, pipeline_id) REFERENCES pipeline (account_id, id),
    FOREIGN KEY (pipeline_id, stage_id) REFERENCES stage (pipeline_id, id),
    FOREIGN KEY (account_id, owner_id) REFERENCES "user" (account_id, id)
);
CREATE INDEX opportunity_updated ON opportunity (account_id, updated_at DESC, id DESC);
CREATE INDEX opportunity_created ON opportunity (account_id, created_at DESC, id DESC);
CREATE INDEX opportunity_name ON opportunity (account_id, name_key, id);
CREATE INDEX opportunity_contact ON opportunity (contact_id, updated_at DESC, id DESC);
CREATE INDEX opportunity_stage ON opportunity (stage_id, updated_at DESC, id DESC);
CREATE INDEX opportunity_pipeline ON opportunity (pipeline_id, updated_at DESC, id DESC);
"#,
    down: "DROP TABLE opportunity;",
}
