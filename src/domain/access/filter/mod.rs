//! Filters over records: trees of conditions that callers, automation and saved views give, read through the viewer's eyes.

mod appointment;
mod contact;
mod its_contact;
mod opportunity;
mod people;
mod truth;
mod values;

use sea_orm::sea_query::Cond;

use super::Access;
use crate::domain::record::RecordTable;
use crate::domain::search::Search;

pub use appointment::{AppointmentFilter, TimeRange};
pub use contact::{ChannelFilter, ContactFilter, OpportunitiesFilter};
pub use opportunity::OpportunityFilter;
pub use people::PersonFilter;
pub use values::{AmountFilter, TextFilter, TimeFilter};

pub(super) use appointment::its_contact as contact_of_appointment;
pub(super) use opportunity::its_contact as contact_of_opportunity;
pub(super) use truth::Truth;

/// A filter over one kind of record.
pub trait Filter<R: RecordTable>: Send + Sync {
    /// The condition on the record's table. It is true or false for every row, never unknown.
    fn condition(&self, access: &Access) -> Cond;

    /// What every record that passes is found by, for a query that is best driven by it.
    fn searches(&self) -> Vec<&Search> {
        Vec::new()
    }
}
