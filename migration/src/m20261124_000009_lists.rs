//! What lists search, filter and sort by: words of records, folded texts, the last activity, and the indexes of sorts.

use sea_orm_migration::prelude::*;

crate::sql::migration! {
    up: r#"
CREATE TABLE contact_token (
    contact_id uuid NOT NULL,
    word sort_key NOT NULL,
    account_id uuid NOT NULL,
    shown boolean NOT NULL,
    PRIMARY KEY (contact_id, word),
    FOREIGN KEY (account_id, contact_id) REFERENCES contact (account_id, id) ON DELETE CASCADE
);
CREATE INDEX contact_token_word ON contact_token (account_id, word, contact_id);

CREATE TABLE opportunity_token (
    opportunity_id uuid NOT NULL,
    word sort_key NOT NULL,
    account_id uuid NOT NULL,
    PRIMARY KEY (opportunity_id, word),
    FOREIGN KEY (account_id, opportunity_id) REFERENCES opportunity (account_id, id) ON DELETE CASCADE
);
CREATE INDEX opportunity_token_word ON opportunity_token (account_id, word, opportunity_id);

ALTER TABLE contact ADD COLUMN company_key sort_key;
ALTER TABLE contact ADD COLUMN city_key sort_key;
ALTER TABLE contact ADD COLUMN region_key sort_key;
ALTER TABLE contact ADD COLUMN postal_code_key sort_key;
ALTER TABLE contact ADD COLUMN source_key sort_key;
ALTER TABLE contact ADD COLUMN last_activity_at bigint NOT NULL DEFAULT 0;
ALTER TABLE opportunity ADD COLUMN source_key sort_key;
ALTER TABLE opportunity ADD COLUMN lost_reason_key sort_key;
ALTER TABLE opportunity ADD COLUMN last_activity_at bigint NOT NULL DEFAULT 0;

UPDATE contact SET last_activity_at = COALESCE(
    (SELECT MAX(activity.at) FROM activity WHERE activity.contact_id = contact.id), updated_at);
UPDATE opportunity SET last_activity_at = COALESCE(
    (SELECT MAX(activity.at) FROM activity WHERE activity.opportunity_id = opportunity.id), updated_at);

CREATE INDEX contact_last_activity ON contact (account_id, last_activity_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX contact_owner ON contact (account_id, owner_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX opportunity_last_activity ON opportunity (account_id, last_activity_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX opportunity_owner ON opportunity (account_id, owner_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL;

-- With the account in it: SQLite has no statistics, and of two indexes takes the one of which it knows more columns.
DROP INDEX opportunity_contact;
CREATE INDEX opportunity_contact ON opportunity (contact_id, account_id, updated_at DESC, id DESC)
    WHERE deleted_at IS NULL;
CREATE INDEX opportunity_value ON opportunity (account_id, COALESCE(value_minor, -1) DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX opportunity_stage_changed ON opportunity (account_id, stage_changed_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX opportunity_status_changed ON opportunity (account_id, status_changed_at DESC, id DESC) WHERE deleted_at IS NULL;
"#,
    down: r"
DROP INDEX opportunity_contact;
CREATE INDEX opportunity_contact ON opportunity (contact_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL;
DROP INDEX opportunity_status_changed;
DROP INDEX opportunity_stage_changed;
DROP INDEX opportunity_value;
DROP INDEX opportunity_owner;
DROP INDEX opportunity_last_activity;
DROP INDEX contact_owner;
DROP INDEX contact_last_activity;
ALTER TABLE opportunity DROP COLUMN last_activity_at;
ALTER TABLE opportunity DROP COLUMN lost_reason_key;
ALTER TABLE opportunity DROP COLUMN source_key;
ALTER TABLE contact DROP COLUMN last_activity_at;
ALTER TABLE contact DROP COLUMN source_key;
ALTER TABLE contact DROP COLUMN postal_code_key;
ALTER TABLE contact DROP COLUMN region_key;
ALTER TABLE contact DROP COLUMN city_key;
ALTER TABLE contact DROP COLUMN company_key;
DROP TABLE opportunity_token;
DROP TABLE contact_token;
",
}
