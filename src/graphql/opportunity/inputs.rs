//! What callers say of opportunities.

use async_graphql::{ID, InputObject, MaybeUndefined};
use entity::OpportunityId;
use policy::MONETARY_VALUE;

use super::types::Status;
use crate::domain::error::Result;
use crate::domain::opportunity::{
    CreateOpportunity, MoveStage, OpportunityFields, SetStatus, UpdateOpportunity,
};
use crate::domain::ownership::ChangeOwner;
use crate::domain::ownership::mute::SetMuted;
use crate::graphql::follower::{AddFollowersInput, RemoveFollowersInput};
use crate::graphql::gated::needs;
use crate::graphql::id::named;
use crate::graphql::inputs::{patch, people, plain, wished_owner};
use crate::graphql::payload::IdempotencyInput;
use crate::graphql::scalars::Decimal;

/// A new opportunity.
#[derive(InputObject)]
pub struct OpportunityCreateInput {
    /// The contact that the deal is with, which the caller must see. It stays for good.
    contact_id: ID,
    /// The pipeline that the deal runs through.
    pipeline_id: ID,
    /// The stage of that pipeline in which it starts; the first one when left out.
    stage_id: Option<ID>,
    /// What the deal is called, at most 200 characters.
    name: String,
    /// What the deal is worth, in the account's currency: not negative, and with no more decimal places than the currency
    /// has. Needs `VIEW_LEAD_VALUE`: without it the whole call is refused.
    #[graphql(directive = needs::apply(MONETARY_VALUE.needs.into()))]
    monetary_value: MaybeUndefined<Decimal>,
    /// How it stands; `OPEN` when left out.
    status: Option<Status>,
    /// Why it was lost, at most 200 characters; only together with the status `LOST`.
    lost_reason: MaybeUndefined<String>,
    /// Where the deal came from, at most 200 characters.
    source: MaybeUndefined<String>,
    /// Who will own it: any active user of the account, null for nobody. Left out, the owner of the contact. Where
    /// contacts and opportunities have one owner, another one than the contact's is a change of the contact's owner and
    /// needs the right to that.
    owner_id: MaybeUndefined<ID>,
    /// Who will follow it: active users of the account, at most 10. A restricted user who would not see the opportunity
    /// otherwise follows it too, and takes one of the places.
    follower_ids: Option<Vec<ID>>,
    /// Whether previous owners stay on as followers where the owner of the new opportunity moves the contact and others
    /// with it. Left out, the account's setting `previousOwnerFollows` decides.
    previous_owner_follows: Option<bool>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl OpportunityCreateInput {
    pub(super) fn wish(self) -> Result<CreateOpportunity> {
        let (contact, pipeline) = (named(&self.contact_id), named(&self.pipeline_id));
        Ok(CreateOpportunity {
            stage: self.stage_id.as_ref().map(named),
            value: patch(self.monetary_value, |value| value.0),
            status: self.status.map(Into::into),
            lost_reason: plain(self.lost_reason),
            source: plain(self.source),
            owner: patch(self.owner_id, |id| named(&id)),
            followers: people(self.follower_ids.as_deref().unwrap_or_default(), "followerIds")?,
            previous_owner_follows: self.previous_owner_follows,
            ..CreateOpportunity::new(contact, pipeline, self.name)
        })
    }
}

/// Changes of an opportunity's own fields. A field that is left out stays as it is, null empties it. Owner, followers,
/// stage and status are changed by mutations of their own; the contact never changes.
#[derive(InputObject)]
pub struct OpportunityUpdateInput {
    /// The opportunity to change.
    id: ID,
    /// What the deal is called, at most 200 characters. It cannot be emptied: null is refused.
    name: MaybeUndefined<String>,
    /// What the deal is worth, in the account's currency: not negative, and with no more decimal places than the currency
    /// has. Null means that it is not known. Needs `VIEW_LEAD_VALUE`: without it the whole call is refused.
    #[graphql(directive = needs::apply(MONETARY_VALUE.needs.into()))]
    monetary_value: MaybeUndefined<Decimal>,
    /// Where the deal came from, at most 200 characters. Null empties it; an empty text is refused.
    source: MaybeUndefined<String>,
    /// The `version` that the caller has seen. When the opportunity has another one by now, nothing is changed and
    /// `StaleVersion` answers with the current state. Left out, the last one wins.
    expected_version: Option<i64>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl OpportunityUpdateInput {
    pub(super) fn wish(self) -> UpdateOpportunity {
        UpdateOpportunity {
            opportunity: named(&self.id),
            fields: OpportunityFields {
                name: plain(self.name),
                value: patch(self.monetary_value, |value| value.0),
                source: plain(self.source),
            },
            expected_version: self.expected_version,
        }
    }
}

/// A new owner for an opportunity, or none.
#[derive(InputObject)]
pub struct OpportunityChangeOwnerInput {
    /// The opportunity to give away.
    id: ID,
    /// The new owner, an active user of the account. Null clears the owner; it must be given either way.
    owner_id: MaybeUndefined<ID>,
    /// Whether the previous owner, if still active, stays on as a follower of every record that changes hands. Left out,
    /// the account's setting `previousOwnerFollows` decides.
    previous_owner_follows: Option<bool>,
    /// The `version` that the caller has seen. When the opportunity has another one by now, nothing is changed and
    /// `StaleVersion` answers with the current state. Left out, the last one wins.
    expected_version: Option<i64>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl OpportunityChangeOwnerInput {
    pub(super) fn opportunity(&self) -> OpportunityId {
        named(&self.id)
    }

    pub(super) fn wish(self) -> Result<ChangeOwner> {
        Ok(ChangeOwner {
            record: self.opportunity().into(),
            owner: wished_owner(self.owner_id)?,
            previous_owner_follows: self.previous_owner_follows,
            expected_version: self.expected_version,
        })
    }
}

/// Followers to add to an opportunity.
#[derive(InputObject)]
pub struct OpportunityAddFollowersInput {
    /// The opportunity to follow.
    pub(super) id: ID,
    #[graphql(flatten)]
    pub(super) followers: AddFollowersInput,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

/// Followers to take off an opportunity: give exactly one of `userIds`, `causes` and `all`.
#[derive(InputObject)]
pub struct OpportunityRemoveFollowersInput {
    /// The opportunity to leave.
    pub(super) id: ID,
    #[graphql(flatten)]
    pub(super) followers: RemoveFollowersInput,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

/// Whether the viewer wants notices about an opportunity.
#[derive(InputObject)]
pub struct OpportunitySetMutedInput {
    /// An opportunity that the viewer owns or follows.
    id: ID,
    /// True for no notices about the opportunity, false for all of them.
    muted: bool,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl OpportunitySetMutedInput {
    pub(super) fn opportunity(&self) -> OpportunityId {
        named(&self.id)
    }

    pub(super) fn wish(&self) -> SetMuted {
        SetMuted { record: self.opportunity().into(), muted: self.muted }
    }
}

/// Another stage for an opportunity.
#[derive(InputObject)]
pub struct OpportunityMoveStageInput {
    /// The opportunity to move.
    id: ID,
    /// The stage to move it to.
    stage_id: ID,
    /// The pipeline of that stage; the opportunity's own when left out. Giving another one moves the opportunity there.
    pipeline_id: Option<ID>,
    /// The `version` that the caller has seen. When the opportunity has another one by now, nothing is changed and
    /// `StaleVersion` answers with the current state. Left out, the last one wins.
    expected_version: Option<i64>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl OpportunityMoveStageInput {
    pub(super) fn wish(&self) -> MoveStage {
        MoveStage {
            opportunity: named(&self.id),
            stage: named(&self.stage_id),
            pipeline: self.pipeline_id.as_ref().map(named),
            expected_version: self.expected_version,
        }
    }
}

/// How an opportunity stands now.
#[derive(InputObject)]
pub struct OpportunitySetStatusInput {
    /// The opportunity to win, lose, give up or reopen.
    id: ID,
    /// How it stands from now on. Any status may follow any other.
    status: Status,
    /// Why it was lost, at most 200 characters; only together with the status `LOST`. Null empties it. Any other status
    /// empties it too.
    lost_reason: MaybeUndefined<String>,
    /// The `version` that the caller has seen. When the opportunity has another one by now, nothing is changed and
    /// `StaleVersion` answers with the current state. Left out, the last one wins.
    expected_version: Option<i64>,
    #[graphql(flatten)]
    call: IdempotencyInput,
}

impl OpportunitySetStatusInput {
    pub(super) fn wish(self) -> SetStatus {
        SetStatus {
            opportunity: named(&self.id),
            status: self.status.into(),
            lost_reason: plain(self.lost_reason),
            expected_version: self.expected_version,
        }
    }
}
