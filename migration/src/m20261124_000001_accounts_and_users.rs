//! Accounts with their settings, and the people in them.

use sea_orm_migration::prelude::*;

crate::sql::migration! {
    up: r#"
CREATE TABLE account (
    id uuid NOT NULL PRIMARY KEY,
    name text NOT NULL,
    country text NOT NULL,
    currency text NOT NULL,
    separate_owners boolean NOT NULL,
    opportunity_owner_follows_contact boolean NOT NULL,
    contact_owner_follows_opportunities boolean NOT NULL,
    previous_owner_follows boolean NOT NULL,
    access_version bigint NOT NULL,
    version bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);
CREATE UNIQUE INDEX account_name ON account (name);

CREATE TABLE "user" (
    id uuid NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account (id),
    name text NOT NULL,
    name_key sort_key NOT NULL,
    email text NOT NULL,
    email_key sort_key NOT NULL,
    picture text,
    role text NOT NULL CHECK (role IN ('ADMIN', 'USER')),
    permissions bigint NOT NULL,
    effective_permissions bigint NOT NULL,
    only_assigned_data boolean NOT NULL,
    active boolean NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    CONSTRAINT user_of_account UNIQUE (account_id, id),
    CONSTRAINT inactive_users_hold_nothing CHECK (active OR effective_permissions = 0)
);
CREATE UNIQUE INDEX user_email ON "user" (account_id, email_key);
CREATE INDEX user_name ON "user" (account_id, name_key, id);
"#,
    down: r#"
DROP TABLE "user";
DROP TABLE account;
"#,
}
