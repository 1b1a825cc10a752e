//! The deep tests: the real domain over both databases, one binary.

mod agreement;
mod api;
mod chance;
mod consistency;
mod constraints;
mod databases;
mod follow;
mod invariants;
mod matrix;
mod migrations;
mod plans;
mod races;
mod snapshot;
mod statements;
mod world;
