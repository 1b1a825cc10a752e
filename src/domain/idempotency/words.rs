//! Reasons and permissions as words, in what is kept with a key.

use policy::{Permission, Reason};

/// The reasons that name no permission.
pub const REASONS: [(Reason, &str); 5] = [
    (Reason::NotEntitled, "NOT_ENTITLED"),
    (Reason::Follower, "FOLLOWER"),
    (Reason::OnlyOneself, "ONLY_ONESELF"),
    (Reason::LinkedContact, "LINKED_CONTACT"),
    (Reason::FollowsReached, "FOLLOWS_REACHED"),
];

/// The word for a reason.
#[must_use]
pub fn word(reason: Reason) -> &'static str {
    match reason {
        Reason::MissingPermission(permission) => permission.name(),
        other => REASONS.iter().find(|(reason, _)| *reason == other).map_or("NOT_ENTITLED", |(_, word)| word),
    }
}

/// The reason of a word.
///
/// # Errors
/// There is none of that word.
pub fn reason_of(word: &str) -> Result<Reason, String> {
    match REASONS.iter().find(|(_, other)| *other == word) {
        Some((reason, _)) => Ok(*reason),
        None => permission_of(word).map(Reason::MissingPermission),
    }
}

/// The permission of this name.
///
/// # Errors
/// There is none of that name.
pub fn permission_of(name: &str) -> Result<Permission, String> {
    Permission::from_name(name).ok_or_else(|| format!("no permission is called {name}"))
}
