//! Proofs, through the engine, on an embedded database.

mod connections;
mod errors;
mod mutations;
mod reading;
mod schema;
mod statements;
mod variables;
mod world;
