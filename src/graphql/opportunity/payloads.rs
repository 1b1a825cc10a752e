//! What the mutations of opportunities answer.

use entity::OpportunityId;

use super::Opportunity;
use crate::domain::ownership::{FollowersAdded, FollowersRemoved, OwnerChanged};
use crate::domain::unit_of_work::Committed;
use crate::graphql::answer::Answer;
use crate::graphql::follower::{FollowChange, Follower, SkippedFollower};
use crate::graphql::payload::{payload, record_payloads};
use crate::graphql::user::User;

record_payloads! {
    policy::Opportunity as opportunity: Opportunity;
    /// What `opportunityCreate` came to, for the opportunity and for whatever moved with its owner.
    create: OpportunityCreatePayload((OpportunityId, Committed));
    /// What `opportunityUpdate` came to. When every field had its value already, nothing happened and the version stays.
    update: OpportunityUpdatePayload;
    /// What `opportunityChangeOwner` came to, for the opportunity and for whatever moved with it.
    change_owner: OpportunityChangeOwnerPayload;
    /// What `opportunityAddFollowers` came to.
    add_followers: OpportunityAddFollowersPayload;
    /// What `opportunityRemoveFollowers` came to.
    remove_followers: OpportunityRemoveFollowersPayload;
    /// What `opportunitySetMuted` came to.
    set_muted: OpportunitySetMutedPayload;
}

payload! {
    /// What `opportunityMoveStage` came to. When it was in that stage already, nothing happened and the version stays.
    OpportunityMoveStagePayload(Committed) of policy::Opportunity as opportunity: Opportunity {}
}

payload! {
    /// What `opportunitySetStatus` came to. When it stood so already, nothing happened and the version stays.
    OpportunitySetStatusPayload(Committed) of policy::Opportunity as opportunity: Opportunity {}
}
