//! Contacts with their addresses, numbers and tags (R5).

use sea_orm_migration::prelude::*;

crate::sql::migration! {
    up: r#"
CREATE TABLE contact (
    id uuid NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account (id),
    owner_id uuid,
    first_name text,
    last_name text,
    company text,
    name_key sort_key NOT NULL,
    street text,
    city text,
    region text,
    postal_code text,
    country text,
    source text,
    do_not_disturb integer NOT NULL,
    version bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    CONSTRAINT contact_of_account UNIQUE (account_id, id),
    FOREIGN KEY (account_id, owner_id) REFERENCES "user" (account_id, id)
);
CREATE INDEX contact_updated ON contact (account_id, updated_at DESC, id DESC);
CREATE INDEX contact_created ON contact (account_id, created_at DESC, id DESC);
CREATE INDEX contact_name ON contact (account_id, name_key, id);

CREATE TABLE contact_email (
    contact_id uuid NOT NULL,
    position integer NOT NULL,
    account_id uuid NOT NULL,
    address text NOT NULL,
    address_key sort_key NOT NULL,
    PRIMARY KEY (contact_id, position),
    FOREIGN KEY (account_id, contact_id) REFERENCES contact (account_id, id)
);
CREATE INDEX contact_email_address ON contact_email (account_id, address_key);

CREATE TABLE contact_phone (
    contact_id uuid NOT NULL,
    position integer NOT NULL,
    account_id uuid NOT NULL,
    number sort_key NOT NULL,
    PRIMARY KEY (contact_id, position),
    FOREIGN KEY (account_id, contact_id) REFERENCES contact (account_id, id)
);
CREATE INDEX contact_phone_number ON contact_phone (account_id, number);

CREATE TABLE contact_tag (
    contact_id uuid NOT NULL,
    tag_key sort_key NOT NULL,
    account_id uuid NOT NULL,
    tag text NOT NULL,
    PRIMARY KEY (contact_id, tag_key),
    FOREIGN KEY (account_id, contact_id) REFERENCES contact (account_id, id)
);
CREATE INDEX contact_tag_tag ON contact_tag (account_id, tag_key, contact_id);
"#,
    down: r"
DROP TABLE contact_tag;
DROP TABLE contact_phone;
DROP TABLE contact_email;
DROP TABLE contact;
",
}
