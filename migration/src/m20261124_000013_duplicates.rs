//! When two records are duplicates (R3), and those that only an admin hears of.

use sea_orm_migration::prelude::*;

crate::sql::migration! {
    up: r#"
ALTER TABLE account ADD COLUMN allow_duplicate_opportunities boolean NOT NULL DEFAULT TRUE;
ALTER TABLE account ADD COLUMN contact_duplicates text NOT NULL DEFAULT 'ALLOW'
    CHECK (contact_duplicates IN ('ALLOW', 'BY_EMAIL', 'BY_PHONE', 'BY_EMAIL_THEN_PHONE'));

CREATE TABLE duplicate_flag (
    id uuid NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account (id),
    at bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('EMAIL', 'PHONE', 'OPEN_OPPORTUNITY')),
    contact_id uuid,
    other_contact_id uuid,
    opportunity_id uuid,
    other_opportunity_id uuid,
    dismissed_at bigint,
    dismissed_by uuid,
    CONSTRAINT two_records_of_one_kind CHECK (
        (kind = 'OPEN_OPPORTUNITY' AND opportunity_id IS NOT NULL AND other_opportunity_id IS NOT NULL
            AND contact_id IS NULL AND other_contact_id IS NULL)
        OR (kind <> 'OPEN_OPPORTUNITY' AND contact_id IS NOT NULL AND other_contact_id IS NOT NULL
            AND opportunity_id IS NULL AND other_opportunity_id IS NULL)),
    FOREIGN KEY (account_id, contact_id) REFERENCES contact (account_id, id) ON DELETE CASCADE,
    FOREIGN KEY (account_id, other_contact_id) REFERENCES contact (account_id, id) ON DELETE CASCADE,
    FOREIGN KEY (account_id, opportunity_id) REFERENCES opportunity (account_id, id) ON DELETE CASCADE,
    FOREIGN KEY (account_id, other_opportunity_id) REFERENCES opportunity (account_id, id) ON DELETE CASCADE,
    FOREIGN KEY (account_id, dismissed_by) REFERENCES "user" (account_id, id)
);
CREATE UNIQUE INDEX duplicate_flag_contact ON duplicate_flag (contact_id, other_contact_id, kind)
    WHERE contact_id IS NOT NULL;
CREATE UNIQUE INDEX duplicate_flag_opportunity ON duplicate_flag (opportunity_id, other_opportunity_id)
    WHERE opportunity_id IS NOT NULL;
CREATE INDEX duplicate_flag_other_contact ON duplicate_flag (other_contact_id) WHERE other_contact_id IS NOT NULL;
CREATE INDEX duplicate_flag_other_opportunity ON duplicate_flag (other_opportunity_id)
    WHERE other_opportunity_id IS NOT NULL;
CREATE INDEX duplicate_flag_at ON duplicate_flag (account_id, at DESC, id DESC) WHERE dismissed_at IS NULL;
"#,
    down: "
DROP TABLE duplicate_flag;
ALTER TABLE account DROP COLUMN contact_duplicates;
ALTER TABLE account DROP COLUMN allow_duplicate_opportunities;
",
}
