//! Takes the opportunities export of another CRM in, row by row, through the same acts as every other way in.
//!
//! The file is read twice: once to learn its columns, its stages and what will be refused, once to take it in. A batch of
//! rows is one change, together with the note of what each row became; whatever interrupts the import loses nothing.

mod batch;
mod cells;
mod columns;
mod contacts;
mod create;
mod deal;
mod identity;
mod mailbox;
mod new_contact;
mod people;
mod pipelines;
mod rejects;
mod rows;
mod scan;
mod settings;
mod summary;
mod tags;
mod take;
mod update;

#[cfg(test)]
mod tests;

use std::io::{Read, Seek, Write};

use super::access::Access;
use super::error::{Error, Refusal, RefusalKind, Result};
use super::validate::Problems;
use rejects::Rejects;
use rows::Rows;

pub use scan::Preview;
pub use summary::Summary;

/// How an import is to be done.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether people whom the account does not know are made users; else their rows are rejected.
    pub create_users: bool,
    /// Whether *Allow different owners for contacts and its opportunities* is switched on first.
    pub separate_owners: bool,
    /// The stages in their order, for pipelines that the import makes; others follow as they first appear in the file.
    pub stages: Vec<String>,
    /// How many rows are one change, 1 to [`MAX_BATCH_ROWS`].
    pub batch_rows: usize,
}

/// The most rows of one change: what they look up and write stays within what one statement may name.
pub const MAX_BATCH_ROWS: usize = 1_000;

impl Default for Options {
    fn default() -> Self {
        Self { create_users: false, separate_owners: false, stages: Vec::new(), batch_rows: 250 }
    }
}

/// How far an import is.
#[derive(Clone, Copy, Debug)]
pub enum Progress<'a> {
    /// The file was looked through; nothing is taken in yet.
    Begins(&'a Preview),
    /// One more batch is committed.
    Reached {
        /// How many rows were read so far.
        rows: u64,
        /// Of how many.
        of: u64,
        /// How many of them were rejected.
        rejected: u64,
    },
}

/// Takes an opportunities export in. Rows that cannot be taken are written to `rejects`, in the same columns and with
/// the reason; mended there, they are imported like any other file.
///
/// # Errors
/// Somebody who is no admin, a file that cannot be read or lacks columns: then nothing was changed. A database that fails, or `rejects` that cannot
/// be written: then every batch before stays, and a second run goes on from there.
pub async fn opportunities<F: Read + Seek + Send>(
    access: &Access,
    mut file: F,
    options: &Options,
    progress: &mut (dyn FnMut(Progress<'_>) + Send),
    rejects: &mut (dyn Write + Send),
) -> Result<Summary> {
    require_admin(access)?;
    let clock = &access.base().clock;
    let begun = clock.now();
    let access = settings::refreshed(access).await?;
    let stages = named(&options.stages)?;
    let (plan, mut preview) = scan::scan(&mut file, access.account(), &stages)?;
    let mut summary = Summary::default();
    if options.separate_owners {
        summary.separate_owners_switched_on = settings::separate_owners(&access).await?;
    }
    preview.is_linked = !(access.account().separate_owners || options.separate_owners);
    progress(Progress::Begins(&preview));

    let mut rows = Rows::open(&mut file, access.account())?;
    let mut rejects = Rejects::new(rejects, rows.columns());
    let batch_rows = options.batch_rows.clamp(1, MAX_BATCH_ROWS);
    loop {
        let batch = rows.take(batch_rows)?;
        if batch.is_empty() {
            break;
        }
        let taken = take::take(&access, &plan, options.create_users, &batch).await?;
        for (row, outcome) in batch.iter().zip(&taken.outcomes) {
            rejects.write_if_rejected(row, outcome)?;
        }
        rejects.flush()?;
        summary.add(&taken);
        progress(Progress::Reached { rows: summary.read, of: preview.rows, rejected: summary.rejected });
    }
    summary.set_duration(begun, clock.now());
    Ok(summary)
}

/// Rows are matched with every contact of the account, so that only who sees them all may import (R3).
fn require_admin(access: &Access) -> Result<()> {
    if access.actor().admin {
        return Ok(());
    }
    let kind = RefusalKind::PermissionDenied { permission: None };
    Err(Refusal::new(kind, "", "only admins and the command line import").into())
}

/// The listed stages, tidied.
fn named(stages: &[String]) -> Result<Vec<String>> {
    let mut problems = Problems::new();
    let names = stages.iter().filter_map(|stage| problems.line("stages", Some(stage))).collect();
    problems.none()?;
    Ok(names)
}

/// What is wrong with the file as a whole.
fn unreadable(what: impl std::fmt::Display) -> Error {
    Refusal::invalid("file", format!("the file cannot be read: {what}")).into()
}
