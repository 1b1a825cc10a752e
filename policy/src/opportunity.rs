//! The rules of opportunities.

use std::sync::LazyLock;

use entity::OpportunityId;

use crate::Action::{
    ChangeOwner, Create, Delete, Edit, ManageFollowers, RemoveFollowers, Restore, Unfollow, View,
};
use crate::Permission::{ChangeOwners, DeleteOpportunities, EditOpportunities, ViewOpportunities};
use crate::Relation::{Follower, Owner};
use crate::rule::{forbid, permit};
use crate::{Reason, Record, RecordColumns, Resource, Rule};

/// An opportunity.
#[derive(Debug)]
pub struct Opportunity;

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    vec![
        // A1
        permit("opportunity.view.unrestricted").to(&[View]).holding(ViewOpportunities).unrestricted(),
        permit("opportunity.view.related")
            .to(&[View])
            .holding(ViewOpportunities)
            .related_as(&[Owner, Follower]),
        // A2
        permit("opportunity.edit.own").to(&[Edit]).passing(View).holding(EditOpportunities),
        permit("opportunity.edit.inherited")
            .to(&[Edit])
            .passing(View)
            .related_as(&[Follower])
            .whose_follow_inherits()
            .owner_holding(EditOpportunities),
        // A3
        permit("opportunity.delete").to(&[Delete, Restore]).passing(View).holding(DeleteOpportunities),
        // A4
        permit("opportunity.manage_followers").to(&[ManageFollowers]).passing(Edit),
        permit("opportunity.remove_followers")
            .to(&[RemoveFollowers])
            .passing(View)
            .holding(EditOpportunities),
        permit("opportunity.unfollow").to(&[Unfollow]).passing(View),
        // A5
        permit("opportunity.change_owner.admin").to(&[ChangeOwner]).passing(View).admin(),
        permit("opportunity.change_owner.owner").to(&[ChangeOwner]).passing(Edit).related_as(&[Owner]),
        permit("opportunity.change_owner.permission").to(&[ChangeOwner]).passing(View).holding(ChangeOwners),
        permit("opportunity.change_owner.claim")
            .to(&[ChangeOwner])
            .passing(View)
            .holding(EditOpportunities)
            .unassigned()
            .naming_oneself(),
        // O3; read before the record's own, so that the refusal names the contact where both stand in the way.
        forbid("opportunity.change_owner.linked_contact")
            .to(&[ChangeOwner])
            .linked_contact_refuses(ChangeOwner)
            .because(Reason::LinkedContact),
        forbid("opportunity.change_owner.follower")
            .to(&[ChangeOwner])
            .related_as(&[Follower])
            .unless_admin()
            .because(Reason::Follower),
        // O3
        forbid("opportunity.change_owner.reached")
            .to(&[ChangeOwner])
            .linked_follow()
            .unless_admin()
            .because(Reason::FollowsReached),
        // A12; that the contact can be viewed is asked of the contact.
        permit("opportunity.create").to(&[Create]).holding(ViewOpportunities).holding(EditOpportunities),
    ]
});

impl Resource for Opportunity {
    const NAME: &'static str = "opportunity";
    fn rules() -> &'static [Rule] {
        &RULES
    }
}

impl Record for Opportunity {
    type Id = OpportunityId;
    const COLUMNS: RecordColumns =
        RecordColumns { table: "opportunity", members: "opportunity_member", contact: "contact_id" };
}
