//! The summary as people and as scripts read it.

use std::fmt::Write as _;

use super::rejects_file::Kept;
use crate::cli::CliError;
use crate::domain::import::Summary;

/// Aligned lines.
pub fn text(summary: &Summary, kept: &Kept) -> String {
    let mut text = String::new();
    for (what, count) in [
        ("rows read", summary.read),
        ("  created", summary.created),
        ("  unchanged", summary.unchanged),
        ("  updated", summary.updated),
        ("  rejected", summary.rejected),
        ("contacts created", summary.contacts_created),
        ("contacts tagged", summary.contacts_updated),
        ("people created", summary.users_created),
        ("pipelines created", summary.pipelines_created),
        ("stages created", summary.stages_created),
        ("notes added", summary.notes_added),
        ("followers added", summary.followers_added),
        ("followers added by settings", summary.auto_followers_added),
        ("  skipped, no place left", summary.auto_followers_skipped),
        ("  people and records without a place", summary.auto_followers_left_out),
    ] {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "{what:<38} {count:>8}");
    }
    let _ = writeln!(text, "{:<38} {:>8.1}", "seconds", summary.seconds);
    if summary.separate_owners_switched_on {
        text.push_str("contacts and their opportunities may have different owners now\n");
    }
    if summary.changed_nothing() {
        text.push_str(match summary.rejected {
            0 => "nothing changed: every row was taken in before\n",
            _ => "nothing changed: every row that can be taken was taken in before\n",
        });
    }
    if let Some(path) = &kept.path {
        let _ = writeln!(text, "rejected rows: {}", path.display());
    }
    if let Some(path) = &kept.earlier {
        let _ = writeln!(text, "rejected rows of an earlier run: {}", path.display());
    }
    text
}

/// One line.
///
/// # Errors
/// None that is known.
pub fn json(summary: &Summary, kept: &Kept) -> Result<String, CliError> {
    let unwritable =
        |error: serde_json::Error| CliError::Usage(format!("the summary cannot be written: {error}"));
    let mut json = serde_json::to_value(summary).map_err(unwritable)?;
    json["rejectsFile"] = serde_json::json!(kept.path);
    serde_json::to_string(&json).map_err(unwritable)
}
