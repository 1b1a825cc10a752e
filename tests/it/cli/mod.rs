//! The program itself, as somebody at a terminal runs it.

mod accounts;
mod bench;
mod configuration;
mod crash;
mod demo;
mod demo_deals;
mod doctor;
mod import;
mod migrate;
mod printed;
pub mod program;
pub mod serve;
pub mod wire;
