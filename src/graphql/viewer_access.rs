//! What the viewer may do to a record, and why not (A10).

use async_graphql::{Enum, Interface, Object, SimpleObject};
use policy::{Action, Decision, MONETARY_VALUE, OwnerChange, Reason};

use super::answer::Answer;
use super::in_view::InView;
use super::user::Permission;

/// Why something is refused, as far as the viewer may know.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessDenialReason {
    /// One permission alone would mend it: `permission` names it.
    MissingPermission,
    /// Neither ownership, nor a follow, nor a single permission covers it.
    NotEntitled,
    /// The viewer follows the record, and a follower never changes its owner, whatever else they hold. Whoever leaves
    /// the followers first may try again.
    Follower,
    /// The record has no owner, and the viewer may only make themselves its owner.
    OnlySelf,
    /// Contacts and opportunities have one owner in this account, and the viewer may not change that of the contact.
    LinkedContact,
    /// Contacts and opportunities have one owner in this account, and the change would reach an opportunity that the
    /// viewer follows.
    FollowsReached,
}

impl From<Reason> for AccessDenialReason {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::MissingPermission(_) => Self::MissingPermission,
            Reason::NotEntitled => Self::NotEntitled,
            Reason::Follower => Self::Follower,
            Reason::OnlyOneself => Self::OnlySelf,
            Reason::LinkedContact => Self::LinkedContact,
            Reason::FollowsReached => Self::FollowsReached,
        }
    }
}

/// The permission that a refusal is about.
pub fn permission_of(reason: Reason) -> Option<Permission> {
    match reason {
        Reason::MissingPermission(permission) => Some(permission.into()),
        _ => None,
    }
}

/// Whether the viewer may do something at this moment. It is true exactly when the mutation would pass authorization.
#[derive(SimpleObject, Clone, Copy, Debug)]
pub struct AccessDecision {
    /// Whether it is allowed.
    allowed: bool,
    /// Why not. Null when it is allowed.
    reason: Option<AccessDenialReason>,
    /// The permission that alone would mend it. Null when it is allowed, and when no single permission would.
    permission: Option<Permission>,
}

impl AccessDecision {
    fn of(reason: Option<Reason>) -> Self {
        Self {
            allowed: reason.is_none(),
            reason: reason.map(AccessDenialReason::from),
            permission: reason.and_then(permission_of),
        }
    }
}

impl From<Decision> for AccessDecision {
    fn from(decision: Decision) -> Self {
        Self::of(decision.reason())
    }
}

/// To whom the viewer may give a record.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnerChangeScope {
    /// To any active user of the account, or to nobody.
    Anyone,
    /// Only to oneself: the record has no owner.
    OnlySelf,
    /// To no one.
    No,
}

/// Whether the viewer may change the owner, and to whom.
#[derive(SimpleObject, Clone, Copy, Debug)]
pub struct OwnerChangeDecision {
    /// To whom the viewer may give the record.
    scope: OwnerChangeScope,
    /// Why not to anyone. Null when the scope is `ANYONE`.
    reason: Option<AccessDenialReason>,
    /// The permission that alone would mend it. Null when no single permission would.
    permission: Option<Permission>,
}

impl From<OwnerChange> for OwnerChangeDecision {
    fn from(change: OwnerChange) -> Self {
        let (scope, reason) = match change {
            OwnerChange::Anyone => (OwnerChangeScope::Anyone, None),
            OwnerChange::OnlyOneself => (OwnerChangeScope::OnlySelf, Some(Reason::OnlyOneself)),
            OwnerChange::No(reason) => (OwnerChangeScope::No, Some(reason)),
        };
        Self {
            scope,
            reason: reason.map(AccessDenialReason::from),
            permission: reason.and_then(permission_of),
        }
    }
}

macro_rules! record_access {
    ($(#[$doc:meta])* $name:ident of $record:ty { $($more:tt)* }) => {
        /// What the viewer may do to a record.
        #[derive(Clone, Debug)]
        pub struct $name(InView<$record>);

        impl From<InView<$record>> for $name {
            fn from(record: InView<$record>) -> Self {
                Self(record)
            }
        }

        $(#[$doc])*
        #[Object]
        impl $name {
            /// Change its own fields: with the permission to edit, or as a follower who inherits it from an active owner
            /// who holds it.
            pub async fn edit(&self) -> AccessDecision {
                self.0.decide(Action::Edit).into()
            }

            /// Add followers, oneself included, and change when a follow ends. Whoever may edit the record may.
            pub async fn manage_followers(&self) -> AccessDecision {
                self.0.decide(Action::ManageFollowers).into()
            }

            /// Take others off the followers, or all of one cause. It needs one's own permission to edit. Oneself one
            /// may always take off.
            pub async fn remove_followers(&self) -> AccessDecision {
                self.0.decide(Action::RemoveFollowers).into()
            }

            /// Delete it, and restore it within 60 days. It needs the permission to delete of one's own.
            pub async fn delete(&self) -> AccessDecision {
                self.0.decide(Action::Delete).into()
            }

            /// Give it to another owner, or to none. Costs one statement for the page where contacts and opportunities
            /// have one owner, and none otherwise.
            pub async fn change_owner(&self) -> Answer<OwnerChangeDecision> {
                Answer::of(async { Ok(OwnerChangeDecision::from(self.0.owner_change().await?)) }).await
            }

            $($more)*
        }
    };
}

record_access! {
    /// What the viewer may do to a contact at this moment, and why not. It is true exactly when the mutation would pass
    /// authorization.
    ContactAccess of policy::Contact {
        /// Book an appointment for it in at least one calendar: the viewer sees a calendar, and holds `MANAGE_APPOINTMENTS`.
        /// Costs one statement a request.
        pub async fn book_appointment(&self) -> Answer<AccessDecision> {
            Answer::of(async { Ok(AccessDecision::from(self.0.viewpoint().books_somewhere().await?)) }).await
        }
    }
}

record_access! {
    /// What the viewer may do to an opportunity at this moment, and why not. It is true exactly when the mutation would
    /// pass authorization.
    OpportunityAccess of policy::Opportunity {
        /// See what it is worth, and set it where one may edit. It needs `VIEW_LEAD_VALUE`.
        pub async fn see_value(&self) -> AccessDecision {
            let held = self.0.viewpoint().access().actor().holds(MONETARY_VALUE.needs);
            AccessDecision::of((!held).then_some(Reason::MissingPermission(MONETARY_VALUE.needs)))
        }
    }
}

/// What the viewer may do to a record at this moment, and why not. It is true exactly when the mutation would pass
/// authorization.
#[derive(Interface, Clone, Debug)]
#[expect(clippy::duplicated_attributes, reason = "fields of an interface repeat their types")]
#[graphql(
    field(name = "edit", ty = "AccessDecision", desc = "Change its own fields."),
    field(
        name = "manage_followers",
        ty = "AccessDecision",
        desc = "Add followers, oneself included, and change when a follow ends."
    ),
    field(
        name = "remove_followers",
        ty = "AccessDecision",
        desc = "Take others off the followers, or all of one cause."
    ),
    field(name = "delete", ty = "AccessDecision", desc = "Delete it, and restore it within 60 days."),
    field(
        name = "change_owner",
        ty = "Answer<OwnerChangeDecision>",
        desc = "Give it to another owner, or to none."
    )
)]
pub enum ViewerAccess {
    /// Of a contact.
    Contact(ContactAccess),
    /// Of an opportunity.
    Opportunity(OpportunityAccess),
}
