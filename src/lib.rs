//! Retinue: a headless GraphQL CRM core with separate owners, followers, and one policy that explains itself.
#![forbid(unsafe_code)]
#![warn(missing_docs)]
#![recursion_limit = "512"]

pub mod auth;
pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
pub mod graphql;
pub mod http;
pub mod realtime;
pub mod telemetry;
pub mod worker;
