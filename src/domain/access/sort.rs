//! The orders of lists.

use sea_orm::QueryResult;
use sea_orm::sea_query::Expr;

use crate::domain::error::Result;
use crate::domain::page::Key;
use crate::domain::record::RecordTable;

/// What lists can be sorted by. No key is ever null.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SortKey {
    /// When the record last changed.
    Updated,
    /// When it was made.
    Created,
    /// Its display name, folded.
    Name,
    /// When anything last happened to it, followers included.
    LastActivity,
    /// What it is worth; whatever is worth an unknown amount comes below everything else. Opportunities only, and it needs
    /// `VIEW_LEAD_VALUE`: whoever takes it from a caller refuses it to others (A9).
    Value,
    /// When its stage last changed. Opportunities only.
    StageChanged,
    /// When its status last changed. Opportunities only.
    StatusChanged,
}

/// The name under which a statement answers the key.
pub(super) const SORTED_BY: &str = "sorted_by";

impl SortKey {
    /// The key of a record.
    pub(super) fn of<R: RecordTable>(self) -> Expr {
        let column = match self {
            SortKey::Updated => "updated_at",
            SortKey::Created => "created_at",
            SortKey::Name => "name_key",
            SortKey::LastActivity => "last_activity_at",
            SortKey::StageChanged => "stage_changed_at",
            SortKey::StatusChanged => "status_changed_at",
            // Word for word as in the index.
            SortKey::Value => return Expr::cust("COALESCE(\"opportunity\".\"value_minor\", -1)"),
        };
        Expr::col((R::COLUMNS.table(), column))
    }

    /// The key that a row was sorted by.
    pub(super) fn read(self, row: &QueryResult) -> Result<Key> {
        Ok(match self {
            SortKey::Name => Key::Text(row.try_get("", SORTED_BY)?),
            _ => Key::Number(row.try_get("", SORTED_BY)?),
        })
    }
}

/// An order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sort {
    /// By what.
    pub key: SortKey,
    /// Largest first.
    pub descending: bool,
}
