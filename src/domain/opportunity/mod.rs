//! What can be done to opportunities.

mod create;
mod fields;
mod set_status;
mod stage;
mod update;

pub use create::{CreateOpportunity, create, create_in};
pub use fields::OpportunityFields;
pub(in crate::domain) use fields::token_rows;
pub use set_status::{SetStatus, set_status, set_status_in};
pub use stage::{MoveStage, move_stage, move_stage_in, move_to};
pub use update::{UpdateOpportunity, update, update_in};
