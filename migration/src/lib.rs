//! The schema, one subject per file, up and down, on SQLite and PostgreSQL.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod m20261124_000001_accounts_and_users;
mod m20261124_000002_pipelines;
mod m20261124_000003_contacts;
mod m20261124_000004_opportunities;
mod m20261124_000005_members;
mod m20261124_000006_activity;
mod m20261124_000007_import_rows;
mod m20261124_000008_deletion_and_totals;
mod m20261124_000009_lists;
mod m20261124_000010_pipelines_and_views;
mod m20261124_000011_idempotency_keys;
mod m20261124_000012_jobs;
mod m20261124_000013_duplicates;
mod m20261124_000014_calendars;
mod m20261124_000015_appointment_words;
mod m20261124_000016_streams;
mod m20261124_000017_notifications;
mod m20261124_000018_notes_and_tasks;
mod sql;

use sea_orm_migration::prelude::*;

pub use sea_orm_migration::{MigrationStatus, MigratorTrait};

/// Every migration, oldest first.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261124_000001_accounts_and_users::Migration),
            Box::new(m20261124_000002_pipelines::Migration),
            Box::new(m20261124_000003_contacts::Migration),
            Box::new(m20261124_000004_opportunities::Migration),
            Box::new(m20261124_000005_members::Migration),
            Box::new(m20261124_000006_activity::Migration),
            Box::new(m20261124_000007_import_rows::Migration),
            Box::new(m20261124_000008_deletion_and_totals::Migration),
            Box::new(m20261124_000009_lists::Migration),
            Box::new(m20261124_000010_pipelines_and_views::Migration),
            Box::new(m20261124_000011_idempotency_keys::Migration),
            Box::new(m20261124_000012_jobs::Migration),
            Box::new(m20261124_000013_duplicates::Migration),
            Box::new(m20261124_000014_calendars::Migration),
            Box::new(m20261124_000015_appointment_words::Migration),
            Box::new(m20261124_000016_streams::Migration),
            Box::new(m20261124_000017_notifications::Migration),
            Box::new(m20261124_000018_notes_and_tasks::Migration),
        ]
    }
}
