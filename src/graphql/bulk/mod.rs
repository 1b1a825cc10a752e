//! Acts on many records at once: which ones, and what became of each.

mod contacts;
mod inputs;
mod opportunities;
mod outcome;

pub use contacts::ContactBulkMutation;
pub use opportunities::OpportunityBulkMutation;
