//! What an import does, on files in memory and an embedded database.

mod again;
mod contacts;
mod dates_and_values;
mod identity;
mod linked;
mod mending;
mod notes;
mod people;
mod real_file;
mod stages;
mod unreadable;
mod world;
