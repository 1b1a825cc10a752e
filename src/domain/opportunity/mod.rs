//! What can be done to opportunities.

mod create;
mod fields;
mod set_status;
mod stage;
mod update;

pub use create::{CreateOpportunity, create, create_in};
pub use fields::OpportunityFields;
pub use set_status::{SetStatus, set_status};
pub use stage::{MoveStage, move_stage};
pub use update::{UpdateOpportunity, update, update_in};
