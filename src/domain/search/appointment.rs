//! What an appointment is found by, beside the words of its contact.

use entity::{AppointmentId, appointment_token};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use super::appointment_words;
use crate::domain::error::Result;
use crate::domain::unit_of_work::UnitOfWork;

/// Writes the words of an appointment anew. Whoever books it or changes its title or place calls this.
///
/// # Errors
/// A database that fails.
pub async fn set_appointment_words(
    unit: &UnitOfWork<'_>,
    appointment: AppointmentId,
    title: Option<&str>,
    location: Option<&str>,
) -> Result<()> {
    let old = appointment_token::Column::AppointmentId.eq(appointment);
    unit.delete(appointment_token::Entity::delete_many().filter(old)).await?;
    let account = unit.account().id;
    let words = appointment_words(title, location).into_iter();
    let rows = words.map(|word| appointment_token::ActiveModel {
        appointment_id: Set(appointment),
        word: Set(word),
        account_id: Set(account),
    });
    unit.insert_many(rows.collect()).await
}
