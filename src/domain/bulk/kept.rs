//! Refusals of single records in the form in which a replay reads them again (R6): codes, numbers, and the words of the
//! program.

use policy::{Permission, Reason};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::error::{Error, Refusal, RefusalKind};
use crate::domain::record::RecordRef;

/// A refusal as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    kind: Kind,
    message: String,
    field: Vec<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Kind {
    NotFound,
    PermissionDenied(Option<String>),
    OwnerChangeDenied(String),
    InvalidInput,
    FollowerLimitReached(usize, usize),
    DuplicateFound(RecordRef),
}

impl TryFrom<Refusal> for Kept {
    type Error = Error;
    fn try_from(refusal: Refusal) -> Result<Self, Error> {
        let kind = match refusal.kind {
            RefusalKind::NotFound => Kind::NotFound,
            RefusalKind::PermissionDenied { permission } => {
                Kind::PermissionDenied(permission.map(|permission| permission.name().to_owned()))
            }
            RefusalKind::OwnerChangeDenied { reason } => Kind::OwnerChangeDenied(word(reason).to_owned()),
            RefusalKind::InvalidInput => Kind::InvalidInput,
            RefusalKind::FollowerLimitReached { limit, current } => {
                Kind::FollowerLimitReached(limit, current)
            }
            RefusalKind::DuplicateFound { record } => Kind::DuplicateFound(record),
            other => return Err(Error::bug(format!("no record of many is refused so: {other:?}"))),
        };
        Ok(Self { kind, message: refusal.message.into_owned(), field: refusal.field })
    }
}

impl TryFrom<Kept> for Refusal {
    type Error = String;
    fn try_from(kept: Kept) -> Result<Self, String> {
        let kind = match kept.kind {
            Kind::NotFound => RefusalKind::NotFound,
            Kind::PermissionDenied(permission) => RefusalKind::PermissionDenied {
                permission: permission.map(|name| permission_of(&name)).transpose()?,
            },
            Kind::OwnerChangeDenied(word) => RefusalKind::OwnerChangeDenied { reason: reason_of(&word)? },
            Kind::InvalidInput => RefusalKind::InvalidInput,
            Kind::FollowerLimitReached(limit, current) => {
                RefusalKind::FollowerLimitReached { limit, current }
            }
            Kind::DuplicateFound(record) => RefusalKind::DuplicateFound { record },
        };
        Ok(Self { kind, message: kept.message.into(), field: kept.field })
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

/// The reasons that name no permission.
const REASONS: [(Reason, &str); 5] = [
    (Reason::NotEntitled, "NOT_ENTITLED"),
    (Reason::Follower, "FOLLOWER"),
    (Reason::OnlyOneself, "ONLY_ONESELF"),
    (Reason::LinkedContact, "LINKED_CONTACT"),
    (Reason::FollowsReached, "FOLLOWS_REACHED"),
];

fn word(reason: Reason) -> &'static str {
    match reason {
        Reason::MissingPermission(permission) => permission.name(),
        other => REASONS.iter().find(|(reason, _)| *reason == other).map_or("NOT_ENTITLED", |(_, word)| word),
    }
}

fn reason_of(word: &str) -> Result<Reason, String> {
    match REASONS.iter().find(|(_, other)| *other == word) {
        Some((reason, _)) => Ok(*reason),
        None => permission_of(word).map(Reason::MissingPermission),
    }
}

fn permission_of(name: &str) -> Result<Permission, String> {
    Permission::from_name(name).ok_or_else(|| format!("no permission is called {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    // R6
    #[test]
    fn a_refusal_is_read_as_it_was_kept() {
        let reasons = REASONS.iter().map(|(reason, _)| *reason);
        let reasons = reasons.chain([Reason::MissingPermission(Permission::ChangeOwners)]);
        let kinds = reasons.map(|reason| RefusalKind::OwnerChangeDenied { reason }).chain([
            RefusalKind::NotFound,
            RefusalKind::PermissionDenied { permission: None },
            RefusalKind::PermissionDenied { permission: Some(Permission::EditContacts) },
            RefusalKind::InvalidInput,
            RefusalKind::FollowerLimitReached { limit: 10, current: 9 },
        ]);
        for kind in kinds {
            let refusal = Refusal::new(kind, "ids.1", "why");
            let kept = Kept::try_from(refusal.clone()).unwrap();
            let kept: Kept = serde_json::from_str(&serde_json::to_string(&kept).unwrap()).unwrap();
            assert_eq!(Refusal::try_from(kept), Ok(refusal));
        }
    }
}
