//! Notes and tasks: what people write on a contact or an opportunity, and what they mean to do about it (R5).

use sea_orm_migration::prelude::*;

crate::sql::migration! {
    up: r#"
CREATE TABLE note (
    id uuid NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account (id),
    contact_id uuid,
    opportunity_id uuid,
    author_id uuid,
    body text NOT NULL,
    version bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    CONSTRAINT note_of_account UNIQUE (account_id, id),
    CONSTRAINT one_record_is_named CHECK ((contact_id IS NULL) <> (opportunity_id IS NULL)),
    FOREIGN KEY (account_id, contact_id) REFERENCES contact (account_id, id),
    FOREIGN KEY (account_id, opportunity_id) REFERENCES opportunity (account_id, id),
    FOREIGN KEY (account_id, author_id) REFERENCES "user" (account_id, id)
);
CREATE INDEX note_contact ON note (contact_id, id DESC) WHERE contact_id IS NOT NULL;
CREATE INDEX note_opportunity ON note (opportunity_id, id DESC) WHERE opportunity_id IS NOT NULL;

CREATE TABLE note_mention (
    note_id uuid NOT NULL,
    user_id uuid NOT NULL,
    account_id uuid NOT NULL,
    PRIMARY KEY (note_id, user_id),
    FOREIGN KEY (account_id, note_id) REFERENCES note (account_id, id) ON DELETE CASCADE,
    FOREIGN KEY (account_id, user_id) REFERENCES "user" (account_id, id)
);

CREATE TABLE task (
    id uuid NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account (id),
    contact_id uuid,
    opportunity_id uuid,
    title text NOT NULL,
    body text,
    assignee_id uuid,
    due_at bigint,
    completed_at bigint,
    completed_by uuid,
    author_id uuid,
    version bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    CONSTRAINT task_of_account UNIQUE (account_id, id),
    CONSTRAINT one_record_is_named CHECK ((contact_id IS NULL) <> (opportunity_id IS NULL)),
    FOREIGN KEY (account_id, contact_id) REFERENCES contact (account_id, id),
    FOREIGN KEY (account_id, opportunity_id) REFERENCES opportunity (account_id, id),
    FOREIGN KEY (account_id, assignee_id) REFERENCES "user" (account_id, id),
    FOREIGN KEY (account_id, completed_by) REFERENCES "user" (account_id, id),
    FOREIGN KEY (account_id, author_id) REFERENCES "user" (account_id, id)
);
CREATE INDEX task_contact ON task (contact_id, id DESC) WHERE contact_id IS NOT NULL;
CREATE INDEX task_opportunity ON task (opportunity_id, id DESC) WHERE opportunity_id IS NOT NULL;
CREATE INDEX task_open ON task (assignee_id, due_at, id) WHERE completed_at IS NULL;
CREATE INDEX task_done ON task (assignee_id, completed_at, id) WHERE completed_at IS NOT NULL;

ALTER TABLE activity ADD COLUMN note_id uuid;
ALTER TABLE activity ADD COLUMN task_id uuid;

ALTER TABLE import_row ADD COLUMN note bytea;
"#,
    down: r#"
ALTER TABLE import_row DROP COLUMN note;
ALTER TABLE activity DROP COLUMN task_id;
ALTER TABLE activity DROP COLUMN note_id;
DROP TABLE task;
DROP TABLE note_mention;
DROP TABLE note;
"#,
}
