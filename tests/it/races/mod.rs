//! What must hold when people act at the same instant (F2): no round may break a rule, whoever wins. The acts of a
//! round start together, in an order that chance picks, on one server or on two replicas of it.

mod deactivation;
mod fifty_at_nine;
mod linked;
mod many;
mod pipelines;
mod separate;
mod settings;

use std::pin::Pin;

use futures_util::future::join_all;
use retinue::domain::error::{Error, Refusal, Result};
use retinue::domain::unit_of_work::Committed;

use crate::chance::Chance;

/// An act in the starting blocks.
pub type Racer<'a> = Pin<Box<dyn Future<Output = Result<Committed>> + 'a>>;

/// Runs acts at once. Each succeeds or is refused: none may fail, and none is run again.
pub async fn race(chance: &mut Chance, mut racers: Vec<Racer<'_>>) -> Vec<Refusal> {
    for place in (1..racers.len()).rev() {
        racers.swap(place, chance.below(place + 1));
    }
    let mut refusals = Vec::new();
    for answer in join_all(racers).await {
        match answer {
            Ok(_) => {}
            Err(Error::Refused(refused)) => refusals.extend(refused),
            Err(error) => panic!("an act failed instead of losing: {error}"),
        }
    }
    refusals
}

/// Puts an act into the starting blocks, whatever else it answers.
pub fn racer<'a, T: 'a>(
    act: impl Future<Output = Result<T>> + 'a,
    committed: impl FnOnce(T) -> Committed + 'a,
) -> Racer<'a> {
    Box::pin(async move { act.await.map(committed) })
}
