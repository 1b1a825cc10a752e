//! Proofs, through the engine.
