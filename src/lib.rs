//! Retinue: a headless GraphQL CRM core with separate owners, followers, and one policy that explains itself.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod auth;
pub mod clock;
pub mod config;
pub mod domain;
pub mod telemetry;
pub mod worker;
