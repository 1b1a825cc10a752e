//! Calendars, their groups, members and blocked slots (C1, C7), and appointments with their attendees (C2).

use sea_orm_migration::prelude::*;

crate::sql::migration! {
    up: r#"
CREATE TABLE calendar_group (
    id uuid NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account (id),
    name text NOT NULL,
    name_key sort_key NOT NULL,
    version bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    CONSTRAINT calendar_group_of_account UNIQUE (account_id, id),
    CONSTRAINT calendar_group_name UNIQUE (account_id, name_key)
);

CREATE TABLE calendar (
    id uuid NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account (id),
    group_id uuid,
    name text NOT NULL,
    name_key sort_key NOT NULL,
    description text,
    kind text NOT NULL CHECK (kind IN ('PERSONAL', 'ROUND_ROBIN', 'CLASS')),
    zone text NOT NULL,
    slot_minutes integer NOT NULL,
    buffer_before_minutes integer NOT NULL,
    buffer_after_minutes integer NOT NULL,
    minimum_notice_minutes integer NOT NULL,
    availability text NOT NULL,
    auto_confirm boolean NOT NULL,
    seats integer NOT NULL,
    gives_contact boolean NOT NULL,
    keeps_owner boolean NOT NULL,
    version bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    deleted_at bigint,
    CONSTRAINT calendar_of_account UNIQUE (account_id, id),
    CONSTRAINT calendar_seats CHECK (seats >= 1 AND (seats = 1 OR kind = 'CLASS')),
    CONSTRAINT calendar_slots CHECK (slot_minutes > 0 AND buffer_before_minutes >= 0 AND buffer_after_minutes >= 0
        AND minimum_notice_minutes >= 0),
    FOREIGN KEY (account_id, group_id) REFERENCES calendar_group (account_id, id)
);
CREATE INDEX calendar_name ON calendar (account_id, name_key, id) WHERE deleted_at IS NULL;
CREATE INDEX calendar_group_calendars ON calendar (group_id, name_key, id) WHERE group_id IS NOT NULL;

CREATE TABLE calendar_member (
    calendar_id uuid NOT NULL,
    user_id uuid NOT NULL,
    account_id uuid NOT NULL,
    priority integer NOT NULL,
    PRIMARY KEY (calendar_id, user_id),
    FOREIGN KEY (account_id, calendar_id) REFERENCES calendar (account_id, id),
    FOREIGN KEY (account_id, user_id) REFERENCES "user" (account_id, id)
);
CREATE INDEX calendar_member_user ON calendar_member (user_id, calendar_id);

CREATE TABLE blocked_slot (
    id uuid NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account (id),
    user_id uuid,
    calendar_id uuid,
    starts_at bigint NOT NULL,
    ends_at bigint NOT NULL,
    zone text NOT NULL,
    title text,
    created_by uuid,
    created_at bigint NOT NULL,
    CONSTRAINT blocked_slot_of_one CHECK ((user_id IS NULL) <> (calendar_id IS NULL)),
    CONSTRAINT blocked_slot_forward CHECK (ends_at > starts_at),
    FOREIGN KEY (account_id, user_id) REFERENCES "user" (account_id, id),
    FOREIGN KEY (account_id, calendar_id) REFERENCES calendar (account_id, id),
    FOREIGN KEY (account_id, created_by) REFERENCES "user" (account_id, id)
);
CREATE INDEX blocked_slot_user ON blocked_slot (user_id, ends_at) WHERE user_id IS NOT NULL;
CREATE INDEX blocked_slot_calendar ON blocked_slot (calendar_id, ends_at) WHERE calendar_id IS NOT NULL;
CREATE INDEX blocked_slot_time ON blocked_slot (account_id, starts_at, id);

CREATE TABLE appointment (
    id uuid NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account (id),
    calendar_id uuid NOT NULL,
    contact_id uuid NOT NULL,
    assignee_id uuid NOT NULL,
    title text,
    location text,
    description text,
    status text NOT NULL CHECK (status IN ('NEW', 'CONFIRMED', 'SHOWED', 'NO_SHOW', 'CANCELLED', 'INVALID')),
    starts_at bigint NOT NULL,
    ends_at bigint NOT NULL,
    busy_from bigint NOT NULL,
    busy_until bigint NOT NULL,
    zone text NOT NULL,
    overbooked boolean NOT NULL,
    booked_by uuid,
    version bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    deleted_at bigint,
    deletion_id uuid,
    CONSTRAINT appointment_of_account UNIQUE (account_id, id),
    CONSTRAINT appointment_forward CHECK (ends_at > starts_at AND busy_from <= starts_at AND busy_until >= ends_at),
    FOREIGN KEY (account_id, calendar_id) REFERENCES calendar (account_id, id),
    FOREIGN KEY (account_id, contact_id) REFERENCES contact (account_id, id),
    FOREIGN KEY (account_id, assignee_id) REFERENCES "user" (account_id, id),
    FOREIGN KEY (account_id, booked_by) REFERENCES "user" (account_id, id)
);
CREATE INDEX appointment_starts ON appointment (account_id, starts_at, id) WHERE deleted_at IS NULL;
CREATE INDEX appointment_created ON appointment (account_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX appointment_updated ON appointment (account_id, updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX appointment_calendar ON appointment (calendar_id, starts_at, id) WHERE deleted_at IS NULL;
CREATE INDEX appointment_contact ON appointment (contact_id, starts_at, id) WHERE deleted_at IS NULL;
CREATE INDEX appointment_assignee ON appointment (assignee_id, starts_at, id) WHERE deleted_at IS NULL;
CREATE INDEX appointment_busy ON appointment (assignee_id, busy_from)
    WHERE deleted_at IS NULL AND status NOT IN ('CANCELLED', 'INVALID');
CREATE INDEX appointment_deleted ON appointment (account_id, deleted_at DESC, id DESC) WHERE deleted_at IS NOT NULL;
CREATE INDEX appointment_deleted_contact ON appointment (contact_id) WHERE deleted_at IS NOT NULL;
CREATE INDEX appointment_deletion ON appointment (deletion_id) WHERE deletion_id IS NOT NULL;

CREATE TABLE appointment_attendee (
    appointment_id uuid NOT NULL,
    user_id uuid NOT NULL,
    account_id uuid NOT NULL,
    PRIMARY KEY (appointment_id, user_id),
    FOREIGN KEY (account_id, appointment_id) REFERENCES appointment (account_id, id),
    FOREIGN KEY (account_id, user_id) REFERENCES "user" (account_id, id)
);
CREATE INDEX appointment_attendee_user ON appointment_attendee (user_id, appointment_id);

ALTER TABLE activity ADD COLUMN calendar_id uuid;
ALTER TABLE activity ADD COLUMN appointment_id uuid;
CREATE INDEX activity_calendar ON activity (calendar_id, id DESC) WHERE calendar_id IS NOT NULL;
CREATE INDEX activity_appointment ON activity (appointment_id, id DESC) WHERE appointment_id IS NOT NULL;

CREATE TABLE deletion_kept AS SELECT id, account_id, at, actor_id, contact_id, opportunity_id FROM deletion;
DROP TABLE deletion;
CREATE TABLE deletion (
    id uuid NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account (id),
    at bigint NOT NULL,
    actor_id uuid,
    contact_id uuid,
    opportunity_id uuid,
    appointment_id uuid,
    CONSTRAINT deletion_of_account UNIQUE (account_id, id),
    CONSTRAINT one_subject_is_named CHECK (
        (contact_id IS NOT NULL AND opportunity_id IS NULL AND appointment_id IS NULL)
        OR (contact_id IS NULL AND opportunity_id IS NOT NULL AND appointment_id IS NULL)
        OR (contact_id IS NULL AND opportunity_id IS NULL AND appointment_id IS NOT NULL)),
    FOREIGN KEY (account_id, actor_id) REFERENCES "user" (account_id, id)
);
INSERT INTO deletion (id, account_id, at, actor_id, contact_id, opportunity_id)
SELECT id, account_id, at, actor_id, contact_id, opportunity_id FROM deletion_kept;
DROP TABLE deletion_kept;
CREATE INDEX deletion_at ON deletion (at);
CREATE INDEX deletion_contact ON deletion (contact_id) WHERE contact_id IS NOT NULL;
"#,
    down: r#"
CREATE TABLE deletion_kept AS SELECT id, account_id, at, actor_id, contact_id, opportunity_id FROM deletion
    WHERE appointment_id IS NULL;
DROP TABLE deletion;
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
INSERT INTO deletion (id, account_id, at, actor_id, contact_id, opportunity_id)
SELECT id, account_id, at, actor_id, contact_id, opportunity_id FROM deletion_kept;
DROP TABLE deletion_kept;
CREATE INDEX deletion_at ON deletion (at);
CREATE INDEX deletion_contact ON deletion (contact_id) WHERE contact_id IS NOT NULL;

DROP INDEX activity_appointment;
DROP INDEX activity_calendar;
ALTER TABLE activity DROP COLUMN appointment_id;
ALTER TABLE activity DROP COLUMN calendar_id;

DROP TABLE appointment_attendee;
DROP TABLE appointment;
DROP TABLE blocked_slot;
DROP TABLE calendar_member;
DROP TABLE calendar;
DROP TABLE calendar_group;
"#,
}
