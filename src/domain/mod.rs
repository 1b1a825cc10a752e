//! What the business does, one act per file. It knows the policy and the tables, not GraphQL or HTTP.

pub mod access;
pub mod account;
pub mod activity;
pub mod bulk;
pub mod contact;
pub mod database;
pub mod deletion;
pub mod doctor;
pub mod error;
pub mod idempotency;
pub mod import;
pub mod job;
pub mod lost_reason;
pub mod opportunity;
pub mod ownership;
pub mod page;
pub mod patch;
pub mod pipeline;
pub mod record;
pub mod retry;
pub mod saved_view;
pub mod search;
pub mod text;
pub mod unit_of_work;
pub mod user;
pub mod validate;
