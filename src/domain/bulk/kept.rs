//! Refusals of single records in the form in which a replay reads them again (R6): codes, numbers, and the words of the
//! program.

use policy::Reason;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::error::{Error, Refusal, RefusalKind};
use crate::domain::idempotency::words::{permission_of, reason_of, word};
use crate::domain::ownership::transfer::denied;
use crate::domain::record::RecordRef;

/// A refusal as it is kept: what the program says of a kind is not kept but said again.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Kept {
    NotFound,
    PermissionDenied(Option<String>),
    OwnerChangeDenied(String),
    InvalidInput(Said),
    FollowerLimitReached(usize, usize, Said),
    DuplicateFound(RecordRef, Said),
}

/// What is said of one record in particular: words of the program and numbers, never what somebody has entered.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Said {
    message: String,
    field: Vec<String>,
}

impl TryFrom<Refusal> for Kept {
    type Error = Error;
    fn try_from(refusal: Refusal) -> Result<Self, Error> {
        let said = Said { message: refusal.message.into_owned(), field: refusal.field };
        Ok(match refusal.kind {
            RefusalKind::NotFound => Kept::NotFound,
            RefusalKind::PermissionDenied { permission } => {
                Kept::PermissionDenied(permission.map(|permission| permission.name().to_owned()))
            }
            RefusalKind::OwnerChangeDenied { reason } => Kept::OwnerChangeDenied(word(reason).to_owned()),
            RefusalKind::InvalidInput => Kept::InvalidInput(said),
            RefusalKind::FollowerLimitReached { limit, current } => {
                Kept::FollowerLimitReached(limit, current, said)
            }
            RefusalKind::DuplicateFound { record } => Kept::DuplicateFound(record, said),
            other => return Err(Error::bug(format!("no record of many is refused so: {other:?}"))),
        })
    }
}

impl TryFrom<Kept> for Refusal {
    type Error = String;
    fn try_from(kept: Kept) -> Result<Self, String> {
        let as_said = |kind, said: Said| Self { kind, message: said.message.into(), field: said.field };
        Ok(match kept {
            Kept::NotFound => Refusal::not_found("id"),
            Kept::PermissionDenied(name) => {
                let permission = name.map(|name| permission_of(&name)).transpose()?;
                Refusal::denied("id", permission.map(Reason::MissingPermission))
            }
            Kept::OwnerChangeDenied(word) => denied("ownerId", reason_of(&word)?),
            Kept::InvalidInput(said) => as_said(RefusalKind::InvalidInput, said),
            Kept::FollowerLimitReached(limit, current, said) => {
                as_said(RefusalKind::FollowerLimitReached { limit, current }, said)
            }
            Kept::DuplicateFound(record, said) => as_said(RefusalKind::DuplicateFound { record }, said),
        })
    }
}

/// Writes refusals.
pub(super) fn serialize<S: Serializer>(refusals: &[Refusal], to: S) -> Result<S::Ok, S::Error> {
    let kept: Result<Vec<Kept>, Error> = refusals.iter().cloned().map(Kept::try_from).collect();
    kept.map_err(serde::ser::Error::custom)?.serialize(to)
}

/// Reads refusals.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Refusal>, D::Error> {
    let kept = Vec::<Kept>::deserialize(from)?.into_iter();
    kept.map(|kept| Refusal::try_from(kept).map_err(serde::de::Error::custom)).collect()
}

#[cfg(test)]
mod tests {
    use policy::Permission;

    use super::*;
    use crate::domain::idempotency::words::REASONS;

    // R6
    #[test]
    fn a_refusal_is_read_as_it_was_kept() {
        let reasons = REASONS.iter().map(|(reason, _)| *reason);
        let reasons = reasons.chain([Reason::MissingPermission(Permission::ChangeOwners)]);
        let limit = RefusalKind::FollowerLimitReached { limit: 10, current: 9 };
        let refusals = reasons.map(|reason| denied("ownerId", reason)).chain([
            Refusal::not_found("id"),
            Refusal::denied("id", None),
            Refusal::denied("id", Some(Reason::MissingPermission(Permission::EditContacts))),
            Refusal::invalid("stageId", "of another pipeline"),
            Refusal::new(limit, "userIds", "no room"),
        ]);
        for refusal in refusals {
            let kept = Kept::try_from(refusal.clone()).unwrap();
            let kept: Kept = serde_json::from_str(&serde_json::to_string(&kept).unwrap()).unwrap();
            assert_eq!(Refusal::try_from(kept), Ok(refusal));
        }
    }
}
