//! Retinue: a headless GraphQL CRM core with separate owners, followers, and one policy that explains itself.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod clock;
pub mod domain;
