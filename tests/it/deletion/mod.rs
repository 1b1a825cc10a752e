//! Deleting, restoring and purging records (A3, R4), at the door of the domain.

mod deleting;
mod listed;
mod purging;
mod races;
mod restoring;

use entity::{contact, opportunity};

use crate::world::{AnyRecord as _, Contact, Opportunity, Seat};

/// Everything about records that a restore must bring back: their rows without what every change moves, and their people.
pub async fn state(contact: &Contact, deals: &[&Opportunity]) -> Vec<(String, Vec<Seat>)> {
    let mut state = Vec::new();
    let row = contact.row().await;
    let still =
        contact::Model { version: 0, updated_at: row.created_at, last_activity_at: row.created_at, ..row };
    state.push((format!("{still:?}"), seats(contact.seats().await)));
    for deal in deals {
        let row = deal.row().await;
        let still = opportunity::Model {
            version: 0,
            updated_at: row.created_at,
            last_activity_at: row.created_at,
            ..row
        };
        state.push((format!("{still:?}"), seats(deal.seats().await)));
    }
    state
}

fn seats(seats: Vec<Seat>) -> Vec<Seat> {
    seats.into_iter().map(|seat| Seat { record_updated_at: entity::Timestamp(0), ..seat }).collect()
}
