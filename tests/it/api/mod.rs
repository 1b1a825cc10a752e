//! Tests that speak GraphQL to the real router, by the rules that they prove.

mod access;
mod auto_follow;
mod change_owner;
mod client;
mod contact_name;
mod create;
mod document;
mod followers;
mod follows;
mod gated;
mod hidden;
mod opportunities;
mod owners;
mod permissions;
mod settings;
mod twin;
mod two_worlds;
mod versions;
mod viewer_access;
