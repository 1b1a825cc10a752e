//! The inbox: what each person is told, numbered per person without a gap (N2 to N4), and what they do not want to be told.

use sea_orm_migration::prelude::*;

crate::sql::migration! {
    up: r#"
CREATE TABLE notification (
    user_id uuid NOT NULL,
    number bigint NOT NULL CHECK (number > 0),
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    at bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('RECORD_CREATED', 'RECORD_UPDATED', 'RECORD_DELETED', 'RECORD_RESTORED',
        'OWNER_CHANGED', 'FOLLOWERS_CHANGED', 'NOTE', 'TASK', 'APPOINTMENT', 'MENTIONED', 'OWNERSHIP_GAINED',
        'OWNERSHIP_LOST', 'FOLLOW_GAINED', 'FOLLOW_LOST', 'FOLLOW_SKIPPED', 'TASK_ASSIGNED', 'APPOINTMENT_ASSIGNED')),
    reason text NOT NULL CHECK (reason IN ('OWNER', 'FOLLOWER', 'MENTIONED', 'ASSIGNED', 'ATTENDEE', 'ADDED', 'REMOVED',
        'SKIPPED')),
    actor_id uuid,
    activity_id uuid NOT NULL,
    activity_count bigint NOT NULL CHECK (activity_count > 0),
    contact_id uuid,
    opportunity_id uuid,
    display_name text,
    read_at bigint,
    archived_at bigint,
    PRIMARY KEY (user_id, number),
    CONSTRAINT notification_id UNIQUE (id),
    FOREIGN KEY (account_id, user_id) REFERENCES "user" (account_id, id),
    FOREIGN KEY (activity_id) REFERENCES activity (id)
);
CREATE INDEX notification_unread ON notification (user_id, number) WHERE read_at IS NULL AND archived_at IS NULL;
CREATE INDEX notification_at ON notification (account_id, at);
CREATE INDEX notification_contact ON notification (contact_id) WHERE contact_id IS NOT NULL AND display_name IS NOT NULL;
CREATE INDEX notification_opportunity ON notification (opportunity_id)
    WHERE opportunity_id IS NOT NULL AND display_name IS NOT NULL;

CREATE TABLE notification_activity (
    user_id uuid NOT NULL,
    number bigint NOT NULL,
    position smallint NOT NULL,
    account_id uuid NOT NULL,
    activity_id uuid NOT NULL,
    PRIMARY KEY (user_id, number, position),
    FOREIGN KEY (user_id, number) REFERENCES notification (user_id, number) ON DELETE CASCADE,
    FOREIGN KEY (activity_id) REFERENCES activity (id)
);

CREATE TABLE notification_preference (
    user_id uuid NOT NULL,
    kind text NOT NULL,
    account_id uuid NOT NULL,
    wanted boolean NOT NULL,
    PRIMARY KEY (user_id, kind),
    FOREIGN KEY (account_id, user_id) REFERENCES "user" (account_id, id)
);
"#,
    down: r#"
DROP TABLE notification_preference;
DROP TABLE notification_activity;
DROP TABLE notification;
"#,
}
