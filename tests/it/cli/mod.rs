//! The program itself, as somebody at a terminal runs it.

mod accounts;
mod configuration;
mod crash;
mod demo;
mod doctor;
mod import;
mod migrate;
mod printed;
mod program;
mod serve;
mod wire;
