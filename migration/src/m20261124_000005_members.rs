//! Owner and followers of every record. The constraints are rules: the primary key keeps F3, the slots keep F1.

use sea_orm_migration::prelude::*;

crate::sql::migration! {
    up: r#"
CREATE TABLE contact_member (
    record_id uuid NOT NULL,
    user_id uuid NOT NULL,
    account_id uuid NOT NULL,
    slot smallint NOT NULL CHECK (slot BETWEEN 0 AND 10),
    cause text NOT NULL,
    added_by uuid,
    added_at bigint NOT NULL,
    event_id uuid,
    until bigint,
    inherits_edit boolean NOT NULL,
    muted_at bigint,
    record_updated_at bigint NOT NULL,
    PRIMARY KEY (record_id, user_id),
    CONSTRAINT contact_member_slot UNIQUE (record_id, slot),
    CONSTRAINT owners_do_not_end CHECK (slot > 0 OR until IS NULL),
    FOREIGN KEY (account_id, record_id) REFERENCES contact (account_id, id),
    FOREIGN KEY (account_id, user_id) REFERENCES "user" (account_id, id)
);
CREATE INDEX contact_member_list ON contact_member (user_id, record_updated_at DESC, record_id DESC);
CREATE INDEX contact_member_until ON contact_member (until) WHERE until IS NOT NULL;

CREATE TABLE opportunity_member (
    record_id uuid NOT NULL,
    user_id uuid NOT NULL,
    account_id uuid NOT NULL,
    slot smallint NOT NULL CHECK (slot BETWEEN 0 AND 10),
    cause text NOT NULL,
    added_by uuid,
    added_at bigint NOT NULL,
    event_id uuid,
    until bigint,
    inherits_edit boolean NOT NULL,
    muted_at bigint,
    record_updated_at bigint NOT NULL,
    PRIMARY KEY (record_id, user_id),
    CONSTRAINT opportunity_member_slot UNIQUE (record_id, slot),
    CONSTRAINT owners_do_not_end CHECK (slot > 0 OR until IS NULL),
    FOREIGN KEY (account_id, record_id) REFERENCES opportunity (account_id, id),
    FOREIGN KEY (account_id, user_id) REFERENCES "user" (account_id, id)
);
CREATE INDEX opportunity_member_list ON opportunity_member (user_id, record_updated_at DESC, record_id DESC);
CREATE INDEX opportunity_member_until ON opportunity_member (until) WHERE until IS NOT NULL;
"#,
    down: r"
DROP TABLE opportunity_member;
DROP TABLE contact_member;
",
}
