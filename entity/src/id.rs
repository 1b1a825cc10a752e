//! Typed ids: a UUIDv7 in the database, `contact_01h455vb4pex5vsknk084sn02q` for people.

use std::fmt;
use std::str::FromStr;

use sea_orm::{DbErr, DeriveValueType, TryFromU64};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use uuid::Uuid;

/// Crockford's base32, lower case: no `i`, `l`, `o` or `u` to misread.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// How many characters 128 bits take at five bits each.
const SUFFIX_LENGTH: usize = 26;

/// The text is not an id of the type that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdError {
    /// The prefix that the wanted type has.
    pub expected: &'static str,
}

impl fmt::Display for IdError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "not the id of a {}", self.expected)
    }
}

impl std::error::Error for IdError {}

/// What every typed id offers, so that code can be written once for all of them.
pub trait TypedId:
    Copy + Eq + Ord + std::hash::Hash + Send + Sync + fmt::Debug + fmt::Display + 'static
{
    /// The word before the underscore.
    const PREFIX: &'static str;
    /// The UUID inside.
    fn uuid(self) -> Uuid;
    /// The id with this UUID.
    fn from_uuid(uuid: Uuid) -> Self;
}

macro_rules! typed_ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, DeriveValueType)]
        pub struct $name(pub Uuid);

        impl TypedId for $name {
            const PREFIX: &'static str = $prefix;
            fn uuid(self) -> Uuid {
                self.0
            }
            fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        // SeaORM asks this of every primary key; ours are never numbers.
        impl TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, DbErr> {
                Err(DbErr::ConvertFromU64(stringify!($name)))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "{}_{}", $prefix, encode(self.uuid()))
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                decode(text, $prefix).map(Self::from_uuid).ok_or(IdError { expected: $prefix })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }
    )*};
}

typed_ids! {
    /// One tenant.
    AccountId = "account";
    /// A person of an account.
    UserId = "user";
    /// A contact.
    ContactId = "contact";
    /// An opportunity.
    OpportunityId = "opportunity";
    /// A pipeline.
    PipelineId = "pipeline";
    /// A stage of a pipeline.
    StageId = "stage";
    /// One entry of the history.
    ActivityId = "activity";
    /// One deletion, with everything that it took.
    DeletionId = "deletion";
    /// A reason that the account's list of lost reasons offers.
    LostReasonId = "lostreason";
    /// Two records that were flagged as duplicates.
    DuplicateFlagId = "duplicate";
    /// A saved view of a list.
    SavedViewId = "savedview";
    /// A group of calendars.
    CalendarGroupId = "calendargroup";
    /// A calendar.
    CalendarId = "calendar";
    /// A time that a person or a calendar cannot be booked in.
    BlockedSlotId = "blockedslot";
    /// An appointment.
    AppointmentId = "appointment";
    /// A note on a record.
    NoteId = "note";
    /// A task on a record.
    TaskId = "task";
    /// Something that a person was told.
    NotificationId = "notification";
    /// Work that is done in batches.
    JobId = "job";
}

/// The 26 characters of a UUID, highest bits first, so that text sorts as the bytes do.
#[must_use]
pub fn encode(uuid: Uuid) -> String {
    let bits = uuid.as_u128();
    (0..SUFFIX_LENGTH)
        .rev()
        .map(|place| char::from(ALPHABET[((bits >> (5 * place)) & 31) as usize]))
        .collect()
}

fn decode(text: &str, prefix: &str) -> Option<Uuid> {
    let suffix = text.strip_prefix(prefix)?.strip_prefix('_')?;
    // 26 characters carry 130 bits: the first may only use its lowest three.
    if suffix.len() != SUFFIX_LENGTH || suffix.as_bytes()[0] > b'7' {
        return None;
    }
    let bits = suffix.bytes().try_fold(0_u128, |bits, byte| {
        let digit = ALPHABET.iter().position(|letter| *letter == byte)?;
        Some((bits << 5) | digit as u128)
    })?;
    Some(Uuid::from_u128(bits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_as_it_was_written() {
        for bits in [0, 1, u128::MAX, 0x0190_1a2b_3c4d_7e5f_8a9b_acbd_cedf_e0f1] {
            let id = ContactId::from_uuid(Uuid::from_u128(bits));
            assert_eq!(id.to_string().parse(), Ok(id));
        }
    }

    #[test]
    fn the_text_is_that_of_the_type_id_standard() {
        let id = ContactId::from_uuid(Uuid::from_u128(0x0188_bac7_4afa_78aa_bc3b_bd1e_ef28_d881));
        assert_eq!(id.to_string(), "contact_01h2xcejqtf2nbrexx3vqjhp41");
    }

    #[test]
    fn anything_else_is_refused() {
        let right = ContactId::from_uuid(Uuid::max()).to_string();
        assert!(right.parse::<OpportunityId>().is_err());
        for wrong in ["", "contact_", "contact_8zzzzzzzzzzzzzzzzzzzzzzzzz", "contact_é", &right[1..]] {
            assert_eq!(wrong.parse::<ContactId>(), Err(IdError { expected: "contact" }));
        }
    }
}
