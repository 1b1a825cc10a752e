//! Instants, as both databases keep them.

use sea_orm::DeriveValueType;

/// An instant: microseconds since 1970-01-01 UTC, a BIGINT on both databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, DeriveValueType)]
pub struct Timestamp(pub i64);
