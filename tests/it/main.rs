//! The deep tests: the real domain over both databases, one binary.

mod agreement;
mod align;
mod api;
mod appointments;
mod board_plans;
mod bulk;
mod chance;
mod cli;
mod consistency;
mod constraints;
mod databases;
mod deletion;
mod doctor;
mod duplicates;
mod invariants;
mod matrix;
mod migrations;
mod plans;
mod plans_of_appointments;
mod plans_of_lists;
mod races;
mod real_file;
mod rules;
mod snapshot;
mod statements;
mod world;
