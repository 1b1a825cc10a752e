//! Streams: what happened on one topic, numbered without a gap, so that a listener can take up where it was cut (N4). A
//! topic is a person's inbox, a contact, an opportunity, a pipeline or a calendar, named by its id.

use sea_orm_migration::prelude::*;

crate::sql::migration! {
    up: r#"
CREATE TABLE stream (
    topic uuid NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account (id),
    last_number bigint NOT NULL CHECK (last_number > 0)
);

CREATE TABLE stream_event (
    topic uuid NOT NULL,
    number bigint NOT NULL,
    account_id uuid NOT NULL,
    activity_id uuid NOT NULL,
    at bigint NOT NULL,
    lost text,
    PRIMARY KEY (topic, number),
    FOREIGN KEY (topic) REFERENCES stream (topic),
    FOREIGN KEY (activity_id) REFERENCES activity (id)
);
CREATE INDEX stream_event_at ON stream_event (account_id, at);
"#,
    down: r#"
DROP TABLE stream_event;
DROP TABLE stream;
"#,
}
