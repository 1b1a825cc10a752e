//! Orders of pipelines, stages and lost reasons: an order names everything once, and places stay dense.

use std::collections::HashSet;
use std::fmt::Display;
use std::hash::Hash;

use crate::domain::error::{Refusal, Result};
use crate::domain::validate::Problems;

/// What can be put in order.
pub(in crate::domain) trait Ordered {
    /// Its id.
    type Id: Copy + Eq + Hash;
    /// Its id.
    fn id(&self) -> Self::Id;
    /// What it is called.
    fn name(&self) -> &str;
    /// Where it stands, from 0.
    fn position(&self) -> i32;
}

macro_rules! ordered {
    ($($row:ty: $id:ty),*) => {$(
        impl Ordered for $row {
            type Id = $id;
            fn id(&self) -> $id {
                self.id
            }
            fn name(&self) -> &str {
                &self.name
            }
            fn position(&self) -> i32 {
                self.position
            }
        }
    )*};
}

ordered!(
    entity::pipeline::Model: entity::PipelineId,
    entity::stage::Model: entity::StageId,
    entity::lost_reason::Model: entity::LostReasonId
);

/// The rows that an order names, in that order.
///
/// # Errors
/// Not found, for an id that is none of them.
pub(in crate::domain) fn named<'a, T: Ordered>(
    rows: &[&'a T],
    order: &[T::Id],
    field: &str,
    what: impl Display,
) -> Result<Vec<&'a T>> {
    let find = |(place, id): (usize, &T::Id)| {
        rows.iter().copied().find(|row| row.id() == *id).ok_or_else(|| {
            let message = format!("there is no such {what}").into();
            Refusal { message, ..Refusal::not_found(&format!("{field}.{place}")) }.into()
        })
    };
    order.iter().enumerate().map(find).collect()
}

/// Refuses an order that does not name each of `rows` exactly once. One that somebody wrote before another row came or
/// went is told so, and nobody's work is undone by it.
///
/// # Errors
/// Invalid, for each one that is missing or stands there twice.
pub(in crate::domain) fn require_each_once<T: Ordered>(
    rows: &[&T],
    in_order: &[&T],
    field: &str,
    what: impl Display,
) -> Result<()> {
    let mut problems = Problems::new();
    let mut seen = HashSet::new();
    for (place, row) in in_order.iter().enumerate() {
        if !seen.insert(row.id()) {
            problems.add(&format!("{field}.{place}"), format!("`{}` stands here twice", row.name()));
        }
    }
    for row in rows.iter().filter(|row| !seen.contains(&row.id())) {
        problems.add(field, format!("`{}` is missing: name every {what} once", row.name()));
    }
    problems.none()
}

/// The rows that stand elsewhere now, each with its new place from 0.
pub(in crate::domain) fn moved<'a, T: Ordered>(
    in_order: impl IntoIterator<Item = &'a T>,
) -> Vec<(i32, &'a T)> {
    (0..).zip(in_order).filter(|(place, row)| row.position() != *place).collect()
}
