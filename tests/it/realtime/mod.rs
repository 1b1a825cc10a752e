//! Streams: who hears what, in which order, from where, and until when (N4 to N6).

mod ear;
mod ends;
mod pipelines;
mod records;
mod resumed;

use ear::Listens;
