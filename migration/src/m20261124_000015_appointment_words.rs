//! The words of titles and places, by which appointments are found beside their contacts' words (G3).

use sea_orm_migration::prelude::*;

crate::sql::migration! {
    up: r#"
CREATE TABLE appointment_token (
    appointment_id uuid NOT NULL,
    word sort_key NOT NULL,
    account_id uuid NOT NULL,
    PRIMARY KEY (appointment_id, word),
    FOREIGN KEY (account_id, appointment_id) REFERENCES appointment (account_id, id) ON DELETE CASCADE
);
CREATE INDEX appointment_token_word ON appointment_token (account_id, word, appointment_id);
"#,
    down: r#"
DROP TABLE appointment_token;
"#,
}
