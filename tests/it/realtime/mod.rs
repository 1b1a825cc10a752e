//! Streams: who hears what, in which order, from where, and until when (N4 to N6).

mod chaos;
mod ear;
mod ends;
mod pipelines;
mod records;
mod resumed;

use ear::Listens;
