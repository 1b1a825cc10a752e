//! Which records a bulk act is about.

use std::str::FromStr;

use async_graphql::ID;
use entity::TypedId;

use super::outcome::Asked;
use crate::domain::bulk::Choice;
use crate::domain::error::{Refusal, Result};
use crate::domain::record::RecordRef;
use crate::graphql::id::named;

/// A wish over records, with the ids of these as the caller wrote them.
pub(super) type Wished<W> = Result<(Asked, W)>;

/// The records that a call names, or those that pass its filter, and the ids as the caller wrote them.
///
/// # Errors
/// Invalid, unless exactly one of the two is given.
pub(super) fn chosen<I, F>(ids: Option<&[ID]>, filter: Option<F>) -> Wished<Choice<F>>
where
    I: TypedId + FromStr + Into<RecordRef>,
{
    match (ids, filter) {
        (Some(ids), None) => named_records::<I>(ids).map(|(asked, records)| (asked, Choice::These(records))),
        (None, Some(filter)) => Ok((Asked::Passing, Choice::Passing(filter))),
        _ => {
            let message = "say which records: give exactly one of `ids` and `filter`";
            Err(Refusal::invalid("", message).into())
        }
    }
}

/// The records that a call names, and the ids as the caller wrote them.
///
/// # Errors
/// None; it looks like [`chosen`].
#[expect(clippy::unnecessary_wraps, reason = "like what is chosen by a filter")]
pub(super) fn named_records<I>(ids: &[ID]) -> Wished<Vec<RecordRef>>
where
    I: TypedId + FromStr + Into<RecordRef>,
{
    let named: Vec<(ID, RecordRef)> = ids.iter().map(|id| (id.clone(), named::<I>(id).into())).collect();
    let records = named.iter().map(|(_, record)| *record).collect();
    Ok((Asked::Named(named), records))
}

/// An input of a bulk act: which records, and what else it takes.
macro_rules! bulk_input {
    (
        $(#[$doc:meta])*
        $name:ident of $id:ty, $filter_input:ty => $filter:ty {
            $($(#[$field_doc:meta])* $field:ident: $type:ty,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(async_graphql::InputObject)]
        pub struct $name {
            /// The records to act on, at most 500. One that is named twice is answered once. One that is not there, that the
            /// viewer may not see, or that is of another kind answers `NotFound`, each for itself.
            ids: Option<Vec<async_graphql::ID>>,
            /// The records to act on: all that the viewer may see and that pass this filter of the list. More than 500 are
            /// refused with their number. Give exactly one of `ids` and `filter`.
            filter: Option<$filter_input>,
            $($(#[$field_doc])* $field: $type,)*
            #[graphql(flatten)]
            idempotency: $crate::graphql::payload::IdempotencyInput,
        }

        impl $name {
            fn chosen(
                &self,
                viewpoint: &$crate::graphql::context::Viewpoint,
            ) -> Result<Wished<crate::domain::bulk::Choice<$filter>>, crate::graphql::error::Failure> {
                let filter = self.filter.clone().map(|filter| filter.decode(viewpoint)).transpose()?;
                Ok(crate::graphql::bulk::inputs::chosen::<$id, _>(self.ids.as_deref(), filter))
            }
        }
    };
}

/// What a bulk act on `input` came to, as the caller sees it afterwards.
macro_rules! in_bulk {
    ($payload:ty, $acting:ident, $input:ident, |$wish:ident| $act:expr) => {
        $crate::graphql::answer::Answer::of(async {
            let (asked, done) = match $input.wish($acting)? {
                Ok((asked, $wish)) => (asked, $crate::domain::retry::retrying(async || $act.await).await),
                Err(refused) => ($crate::graphql::bulk::outcome::Asked::Passing, Err(refused)),
            };
            $crate::graphql::bulk::outcome::told::<_, $payload>($acting, &asked, done).await
        })
        .await
    };
}

pub(super) use {bulk_input, in_bulk};
