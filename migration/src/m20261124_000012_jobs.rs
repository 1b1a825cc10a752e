//! Work that is too large for one transaction: done in batches by the worker, resumed after a crash, readable meanwhile.

use sea_orm_migration::prelude::*;

crate::sql::migration! {
    up: r#"
CREATE TABLE job (
    id uuid NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account (id),
    kind text NOT NULL CHECK (kind IN ('ALIGN_OWNERS')),
    state text NOT NULL CHECK (state IN ('WAITING', 'RUNNING', 'DONE', 'CANCELLED', 'STOPPED')),
    stopped_because text CHECK (stopped_because IN ('RIGHTS_LOST', 'OWNERS_ARE_SEPARATE')),
    created_by uuid,
    created_at bigint NOT NULL,
    changed_at bigint NOT NULL,
    input text NOT NULL,
    reached uuid,
    done bigint NOT NULL,
    total bigint NOT NULL,
    moved bigint NOT NULL,
    lease uuid,
    lease_until bigint,
    CONSTRAINT job_of_account UNIQUE (account_id, id),
    FOREIGN KEY (account_id, created_by) REFERENCES "user" (account_id, id),
    CHECK ((state = 'STOPPED') = (stopped_because IS NOT NULL))
);
CREATE INDEX job_newest ON job (account_id, id DESC);
CREATE INDEX job_open ON job (created_at) WHERE state IN ('WAITING', 'RUNNING');

CREATE TABLE job_finding (
    job_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('DISAGREES', 'INACTIVE_OWNER', 'WENT_UNASSIGNED')),
    record_id uuid NOT NULL,
    account_id uuid NOT NULL,
    PRIMARY KEY (job_id, kind, record_id),
    FOREIGN KEY (account_id, job_id) REFERENCES job (account_id, id)
);
"#,
    down: r"
DROP TABLE job_finding;
DROP TABLE job;
",
}
