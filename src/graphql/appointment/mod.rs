//! Appointments on the graph.

mod access;
mod deleted;
mod filter;
mod inputs;
mod mutation;
mod payloads;
mod query;
mod siblings;
mod sort;
mod subscription;
mod types;

pub use access::AppointmentAccess;
pub use filter::AppointmentFilterInput;
pub use mutation::AppointmentMutation;
pub use query::AppointmentQuery;
pub use sort::AppointmentSort;
pub use subscription::{AppointmentEvent, AppointmentSubscription};
pub use types::{Appointment, AppointmentStatus};
