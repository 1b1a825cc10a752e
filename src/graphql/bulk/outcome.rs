//! What became of each record of a bulk act, read through the caller's eyes as they are after it.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Enum, ID};
use entity::TypedId as _;

use crate::domain;
use crate::domain::bulk::{BulkDone, Outcome};
use crate::domain::error::Refusal;
use crate::domain::record::RecordRef;
use crate::domain::unit_of_work::Committed;
use crate::graphql::error::Failure;
use crate::graphql::follower::{self, FollowChange};
use crate::graphql::in_view::{InView, Surfaced};
use crate::graphql::payload::{Acting, Eyes, settled};
use crate::graphql::siblings::Once;
use crate::graphql::user_errors::{self, UserError};

/// What became of one record of a bulk act.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum BulkOutcome {
    /// The act changed it.
    Done,
    /// It was so already, or another record of the same call brought it along, as linked owners do.
    Unchanged,
    /// The act was refused for this record and left it as it was: see `errors`. The others were not held up by it.
    Refused,
}

/// How the caller said which records.
#[derive(Clone, Debug)]
pub(super) enum Asked {
    /// By these ids, as they were written.
    Named(Vec<(ID, RecordRef)>),
    /// By a filter.
    Passing,
}

/// What a bulk act came to.
#[derive(Debug)]
pub(super) struct Told<R: Surfaced> {
    /// One for each record.
    pub results: Vec<One<R>>,
    /// Why the whole call was refused.
    pub user_errors: Vec<UserError>,
    eyes: Eyes,
    committed: Committed,
}

/// What became of one record.
#[derive(Debug)]
pub(super) struct One<R: Surfaced> {
    /// As the caller wrote it.
    pub id: ID,
    /// What.
    pub outcome: BulkOutcome,
    /// Why it was refused.
    pub errors: Vec<UserError>,
    record: RecordRef,
    all: Arc<All<R>>,
}

/// The records of all answers, read together.
#[derive(Debug)]
struct All<R: Surfaced> {
    eyes: Eyes,
    ids: Vec<R::Id>,
    found: Once<HashMap<RecordRef, InView<R>>>,
}

impl<R: Surfaced> Clone for One<R> {
    fn clone(&self) -> Self {
        let Self { id, outcome, errors, record, all } = self;
        Self {
            id: id.clone(),
            outcome: *outcome,
            errors: errors.clone(),
            record: *record,
            all: Arc::clone(all),
        }
    }
}

/// Tells what a bulk act came to.
///
/// # Errors
/// A server that failed, and did nothing.
pub(super) async fn told<R: Surfaced, P: From<Told<R>>>(
    acting: &Acting,
    asked: &Asked,
    done: domain::error::Result<BulkDone>,
) -> Result<P, Failure> {
    let (done, eyes) = settled(acting, done).await?;
    let told = match done {
        Ok(done) => Told::of(asked, done, eyes),
        Err(user_errors) => Told { results: Vec::new(), user_errors, eyes, committed: Committed::default() },
    };
    Ok(told.into())
}

impl<R: Surfaced> Told<R> {
    fn of(asked: &Asked, done: BulkDone, eyes: Eyes) -> Self {
        let ids = done.results.iter().map(|answered| R::Id::from_uuid(answered.record.uuid())).collect();
        let all = Arc::new(All { eyes: eyes.clone(), ids, found: Once::default() });
        let viewpoint = eyes.as_ref().ok().and_then(Option::as_ref);
        let outcomes: HashMap<RecordRef, Outcome> =
            done.results.iter().map(|answered| (answered.record, answered.outcome.clone())).collect();
        let one = |id: ID, record: RecordRef, place: Option<usize>| {
            let (outcome, refusals) = match outcomes.get(&record)? {
                Outcome::Done => (BulkOutcome::Done, Vec::new()),
                Outcome::Unchanged => (BulkOutcome::Unchanged, Vec::new()),
                Outcome::Refused(refusals) => (BulkOutcome::Refused, refusals.clone()),
            };
            let refusals = refusals.into_iter().map(|refusal| at_fault(refusal, place)).collect();
            let errors = user_errors::all(refusals, viewpoint);
            Some(One { id, outcome, errors, record, all: Arc::clone(&all) })
        };
        let results = match asked {
            Asked::Named(named) => {
                let first = |(place, (id, _)): &(usize, &(ID, RecordRef))| {
                    named[..*place].iter().all(|(other, _)| other != id)
                };
                let named = named.iter().enumerate().filter(first);
                named.filter_map(|(place, (id, record))| one(id.clone(), *record, Some(place))).collect()
            }
            Asked::Passing => {
                let found = done.results.iter();
                found.filter_map(|answered| one(id_of(answered.record), answered.record, None)).collect()
            }
        };
        Self { results, user_errors: Vec::new(), eyes, committed: done.committed }
    }

    /// What the call did to followers of records that the caller sees.
    pub async fn follow_changes(&self) -> Result<Vec<FollowChange>, Failure> {
        match self.eyes.clone()? {
            Some(viewpoint) => follower::follow_changes(&viewpoint, &self.committed.events).await,
            None => Ok(Vec::new()),
        }
    }
}

impl<R: Surfaced> One<R> {
    /// The record, where the caller sees it after the act.
    pub async fn record(&self) -> Result<Option<InView<R>>, Failure> {
        let Some(viewpoint) = self.all.eyes.clone()? else { return Ok(None) };
        let load = async {
            let found = InView::<R>::all(&viewpoint, &self.all.ids).await?;
            Ok(found.into_iter().map(|(id, record)| (id.into(), record)).collect())
        };
        Ok(self.all.found.get(load).await?.get(&self.record).cloned())
    }
}

/// A refusal of one record names the place where it was named.
fn at_fault(mut refusal: Refusal, place: Option<usize>) -> Refusal {
    if refusal.field.get(1).is_some_and(|field| field == "id") {
        refusal.field.truncate(1);
        refusal.field.extend(
            place
                .map_or_else(|| vec!["filter".to_owned()], |place| vec!["ids".to_owned(), place.to_string()]),
        );
    }
    refusal
}

fn id_of(record: RecordRef) -> ID {
    match record {
        RecordRef::Contact(id) => id.into(),
        RecordRef::Opportunity(id) => id.into(),
    }
}

/// The payload of a bulk act, and the answer for one record in it.
macro_rules! bulk_payload {
    ($(#[$doc:meta])* $payload:ident, $(#[$one_doc:meta])* $result:ident of $kind:ty: $object:ident) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $payload(Told<$kind>);

        impl From<Told<$kind>> for $payload {
            fn from(told: Told<$kind>) -> Self {
                Self(told)
            }
        }

        $(#[$doc])*
        #[async_graphql::Object]
        impl $payload {
            /// One answer for each record: in the order in which they were named, or by id where a filter chose them. Empty
            /// when the whole call was refused.
            async fn results(&self) -> Vec<$result> {
                self.0.results.iter().cloned().map($result).collect()
            }

            /// What the call did to followers of records that the caller sees, whether it named them or reached them.
            async fn follow_changes(&self) -> Answer<Vec<FollowChange>> {
                Answer::of(self.0.follow_changes()).await
            }

            /// Why the whole call was refused, as far as the caller can mend it; then nothing was changed. What stands in
            /// the way of single records is in `results`.
            async fn user_errors(&self) -> Vec<UserError> {
                self.0.user_errors.clone()
            }
        }

        $(#[$one_doc])*
        #[derive(Clone, Debug)]
        pub struct $result(One<$kind>);

        $(#[$one_doc])*
        #[async_graphql::Object]
        impl $result {
            /// The id of the record, as the caller wrote it.
            async fn id(&self) -> ID {
                self.0.id.clone()
            }

            /// Whether the act changed it, left it, or was refused for it.
            async fn outcome(&self) -> BulkOutcome {
                self.0.outcome
            }

            /// Why the act was refused for this record. Empty unless `outcome` is `REFUSED`.
            async fn errors(&self) -> Vec<UserError> {
                self.0.errors.clone()
            }

            /// The record as the caller sees it after the call. Null when they may not see it, also when the call itself
            /// ended their sight of it.
            async fn record(&self) -> Answer<$object> {
                Answer::of(async { Ok(self.0.record().await?.map($object::from)) }).await
            }
        }
    };
}

pub(super) use bulk_payload;
