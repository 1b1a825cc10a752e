//! The orders of lists of appointments.

use async_graphql::{Enum, InputObject};

use crate::domain::access::{AppointmentSort as Sort, AppointmentSortKey as Key};
use crate::graphql::lists::SortDirection;

/// What appointments can be sorted by.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::enum_variant_names, reason = "named as the fields of an appointment")]
pub enum AppointmentSortKey {
    /// When it begins.
    StartsAt,
    /// When it was booked.
    CreatedAt,
    /// When the appointment itself last changed.
    UpdatedAt,
}

/// The order of a list of appointments. Where it is left out, the one that begins first comes first. Appointments that sort
/// alike are told apart by their id, so that pages never overlap.
#[derive(InputObject, Clone, Copy, Debug)]
pub struct AppointmentSort {
    /// What to sort by.
    by: AppointmentSortKey,
    /// Which end comes first; the earliest when it is left out.
    #[graphql(default_with = "SortDirection::Asc")]
    direction: SortDirection,
}

impl AppointmentSort {
    /// The order that is wanted, and the name of the list in that order, for its cursors.
    pub fn order(list: &str, sort: Option<Self>) -> (Sort, String) {
        let sort = sort.unwrap_or(Self { by: AppointmentSortKey::StartsAt, direction: SortDirection::Asc });
        let key = match sort.by {
            AppointmentSortKey::StartsAt => Key::Starts,
            AppointmentSortKey::CreatedAt => Key::Created,
            AppointmentSortKey::UpdatedAt => Key::Updated,
        };
        let descending = sort.direction == SortDirection::Desc;
        let name = format!("{list}:{key:?}:{}", if descending { "DESC" } else { "ASC" });
        (Sort { key, descending }, name)
    }
}
