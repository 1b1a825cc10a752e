//! What a call came to, as ids and codes.

use entity::{
    AppointmentId, BlockedSlotId, CalendarGroupId, CalendarId, ContactId, LostReasonId, OpportunityId,
    PipelineId, SavedViewId, StageId,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::error::{Error, Result};

/// What an act tells its caller, in a form that can be kept for a replay: ids, and words that the program itself has
/// chosen. Never a value that somebody has entered, for it would outlive a purge (R4, R6); mark such fields
/// `#[serde(skip)]`.
pub trait Outcome: Serialize + DeserializeOwned + Send {}

/// An act that has nothing to tell but that it was done.
impl Outcome for () {}

/// Something that was made, and what else happened.
impl<T: Outcome> Outcome for (ContactId, T) {}

/// Something that was made, and what else happened.
impl<T: Outcome> Outcome for (OpportunityId, T) {}

/// Something that was made, and what else happened.
impl<T: Outcome> Outcome for (PipelineId, T) {}

/// Something that was made, and what else happened.
impl<T: Outcome> Outcome for (StageId, T) {}

/// Something that was made, and what else happened.
impl<T: Outcome> Outcome for (LostReasonId, T) {}

/// Something that was made, and what else happened.
impl<T: Outcome> Outcome for (AppointmentId, T) {}

/// A calendar that was made.
impl Outcome for CalendarId {}

/// A group of calendars that was made.
impl Outcome for CalendarGroupId {}

/// A time that was blocked.
impl Outcome for BlockedSlotId {}

/// A view that was saved.
impl Outcome for SavedViewId {}

/// The outcome of an earlier call, as it was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered(String);

impl Remembered {
    /// The outcome in the form in which it is kept.
    ///
    /// # Errors
    /// A bug: an outcome that cannot be written.
    pub fn of(outcome: &impl Outcome) -> Result<Self> {
        let written = serde_json::to_string(outcome);
        written.map(Self).map_err(|error| Error::bug(format!("unwritable outcome: {error}")))
    }

    /// The outcome that was kept in this form.
    #[must_use]
    pub const fn kept(text: String) -> Self {
        Self(text)
    }

    /// The form in which it is kept.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The outcome itself.
    ///
    /// # Errors
    /// A bug: the call ended with another kind of outcome than it answers with.
    pub fn recall<T: Outcome>(&self) -> Result<T> {
        serde_json::from_str(&self.0).map_err(|error| Error::bug(format!("unreadable outcome: {error}")))
    }
}
