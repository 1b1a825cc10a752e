//! Deletions that can be undone (R4), and the totals that the board is read from.

use sea_orm_migration::prelude::*;

crate::sql::migration! {
    up: r#"
CREATE TABLE deletion (
    id uuid NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account (id),
    at bigint NOT NULL,
    actor_id uuid,
    contact_id uuid,
    opportunity_id uuid,
    CONSTRAINT deletion_of_account UNIQUE (account_id, id),
    CONSTRAINT one_record_is_named CHECK ((contact_id IS NULL) <> (opportunity_id IS NULL)),
    FOREIGN KEY (account_id, actor_id) REFERENCES "user" (account_id, id)
);
CREATE INDEX deletion_at ON deletion (at);
CREATE INDEX deletion_contact ON deletion (contact_id) WHERE contact_id IS NOT NULL;

ALTER TABLE contact ADD COLUMN deleted_at bigint;
ALTER TABLE contact ADD COLUMN deletion_id uuid;
ALTER TABLE opportunity ADD COLUMN deleted_at bigint;
ALTER TABLE opportunity ADD COLUMN deletion_id uuid;
ALTER TABLE contact_member ADD COLUMN deleted_at bigint;
ALTER TABLE opportunity_member ADD COLUMN deleted_at bigint;

DROP INDEX contact_updated;
DROP INDEX contact_created;
DROP INDEX contact_name;
CREATE INDEX contact_updated ON contact (account_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX contact_created ON contact (account_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX contact_name ON contact (account_id, name_key, id) WHERE deleted_at IS NULL;
CREATE INDEX contact_deleted ON contact (account_id, deleted_at DESC, id DESC) WHERE deleted_at IS NOT NULL;
CREATE INDEX contact_deletion ON contact (deletion_id) WHERE deletion_id IS NOT NULL;

DROP INDEX opportunity_updated;
DROP INDEX opportunity_created;
DROP INDEX opportunity_name;
DROP INDEX opportunity_contact;
DROP INDEX opportunity_stage;
DROP INDEX opportunity_pipeline;
CREATE INDEX opportunity_updated ON opportunity (account_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX opportunity_created ON opportunity (account_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX opportunity_name ON opportunity (account_id, name_key, id) WHERE deleted_at IS NULL;
CREATE INDEX opportunity_contact ON opportunity (contact_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX opportunity_stage ON opportunity (stage_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX opportunity_pipeline ON opportunity (pipeline_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX opportunity_deleted ON opportunity (account_id, deleted_at DESC, id DESC) WHERE deleted_at IS NOT NULL;
CREATE INDEX opportunity_deletion ON opportunity (deletion_id) WHERE deletion_id IS NOT NULL;

DROP INDEX contact_member_list;
DROP INDEX opportunity_member_list;
CREATE INDEX contact_member_list ON contact_member (user_id, record_updated_at DESC, record_id DESC)
    WHERE deleted_at IS NULL;
CREATE INDEX opportunity_member_list ON opportunity_member (user_id, record_updated_at DESC, record_id DESC)
    WHERE deleted_at IS NULL;
CREATE INDEX opportunity_member_ending ON opportunity_member (user_id, until) WHERE until IS NOT NULL;

CREATE TABLE stage_total (
    stage_id uuid NOT NULL REFERENCES stage (id),
    status text NOT NULL,
    shard smallint NOT NULL,
    account_id uuid NOT NULL REFERENCES account (id),
    opportunities bigint NOT NULL,
    value_minor bigint NOT NULL,
    PRIMARY KEY (stage_id, status, shard)
);

CREATE TABLE member_stage_total (
    user_id uuid NOT NULL,
    stage_id uuid NOT NULL REFERENCES stage (id),
    status text NOT NULL,
    owns boolean NOT NULL,
    account_id uuid NOT NULL,
    opportunities bigint NOT NULL,
    value_minor bigint NOT NULL,
    PRIMARY KEY (user_id, stage_id, status, owns),
    FOREIGN KEY (account_id, user_id) REFERENCES "user" (account_id, id)
);
CREATE INDEX member_stage_total_stage ON member_stage_total (stage_id);

INSERT INTO stage_total (stage_id, status, shard, account_id, opportunities, value_minor)
SELECT stage_id, status, 0, account_id, COUNT(*), CAST(COALESCE(SUM(value_minor), 0) AS bigint)
FROM opportunity GROUP BY stage_id, status, account_id;

INSERT INTO member_stage_total (user_id, stage_id, status, owns, account_id, opportunities, value_minor)
SELECT m.user_id, o.stage_id, o.status, m.slot = 0, o.account_id, COUNT(*), CAST(COALESCE(SUM(o.value_minor), 0) AS bigint)
FROM opportunity_member m JOIN opportunity o ON o.id = m.record_id
GROUP BY m.user_id, o.stage_id, o.status, m.slot = 0, o.account_id;
"#,
    down: r"
DROP TABLE member_stage_total;
DROP TABLE stage_total;

DROP INDEX opportunity_member_ending;
DROP INDEX opportunity_member_list;
DROP INDEX contact_member_list;
CREATE INDEX contact_member_list ON contact_member (user_id, record_updated_at DESC, record_id DESC);
CREATE INDEX opportunity_member_list ON opportunity_member (user_id, record_updated_at DESC, record_id DESC);

DROP INDEX opportunity_deletion;
DROP INDEX opportunity_deleted;
DROP INDEX opportunity_pipeline;
DROP INDEX opportunity_stage;
DROP INDEX opportunity_contact;
DROP INDEX opportunity_name;
DROP INDEX opportunity_created;
DROP INDEX opportunity_updated;
CREATE INDEX opportunity_updated ON opportunity (account_id, updated_at DESC, id DESC);
CREATE INDEX opportunity_created ON opportunity (account_id, created_at DESC, id DESC);
CREATE INDEX opportunity_name ON opportunity (account_id, name_key, id);
CREATE INDEX opportunity_contact ON opportunity (contact_id, updated_at DESC, id DESC);
CREATE INDEX opportunity_stage ON opportunity (stage_id, updated_at DESC, id DESC);
CREATE INDEX opportunity_pipeline ON opportunity (pipeline_id, updated_at DESC, id DESC);

DROP INDEX contact_deletion;
DROP INDEX contact_deleted;
DROP INDEX contact_name;
DROP INDEX contact_created;
DROP INDEX contact_updated;
CREATE INDEX contact_updated ON contact (account_id, updated_at DESC, id DESC);
CREATE INDEX contact_created ON contact (account_id, created_at DESC, id DESC);
CREATE INDEX contact_name ON contact (account_id, name_key, id);

ALTER TABLE opportunity_member DROP COLUMN deleted_at;
ALTER TABLE contact_member DROP COLUMN deleted_at;
ALTER TABLE opportunity DROP COLUMN deletion_id;
ALTER TABLE opportunity DROP COLUMN deleted_at;
ALTER TABLE contact DROP COLUMN deletion_id;
ALTER TABLE contact DROP COLUMN deleted_at;
DROP TABLE deletion;
",
}
