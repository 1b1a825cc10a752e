//! The rules of contacts.

use std::sync::LazyLock;

use entity::ContactId;

use crate::Action::{
    ChangeOwner, Create, Delete, Edit, ManageFollowers, RemoveFollowers, Restore, Unfollow, View,
};
use crate::Permission::{ChangeOwners, DeleteContacts, EditContacts, ViewContacts};
use crate::Relation::{Follower, Owner};
use crate::rule::{forbid, permit};
use crate::{Reason, Record, RecordColumns, Resource, Rule};

/// A contact.
#[derive(Debug)]
pub struct Contact;

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    vec![
        // A1
        permit("contact.view.unrestricted").to(&[View]).holding(ViewContacts).unrestricted(),
        permit("contact.view.related").to(&[View]).holding(ViewContacts).related_as(&[Owner, Follower]),
        // A2
        permit("contact.edit.own").to(&[Edit]).passing(View).holding(EditContacts),
        permit("contact.edit.inherited")
            .to(&[Edit])
            .passing(View)
            .related_as(&[Follower])
            .whose_follow_inherits()
            .owner_holding(EditContacts),
        // A3
        permit("contact.delete").to(&[Delete, Restore]).passing(View).holding(DeleteContacts),
        // A4
        permit("contact.manage_followers").to(&[ManageFollowers]).passing(Edit),
        permit("contact.remove_followers").to(&[RemoveFollowers]).passing(View).holding(EditContacts),
        permit("contact.unfollow").to(&[Unfollow]).passing(View),
        // A5
        permit("contact.change_owner.admin").to(&[ChangeOwner]).passing(View).admin(),
        permit("contact.change_owner.owner").to(&[ChangeOwner]).passing(Edit).related_as(&[Owner]),
        permit("contact.change_owner.permission").to(&[ChangeOwner]).passing(View).holding(ChangeOwners),
        permit("contact.change_owner.claim")
            .to(&[ChangeOwner])
            .passing(View)
            .holding(EditContacts)
            .unassigned()
            .naming_oneself(),
        forbid("contact.change_owner.follower")
            .to(&[ChangeOwner])
            .related_as(&[Follower])
            .unless_admin()
            .because(Reason::Follower),
        // O3
        forbid("contact.change_owner.reached")
            .to(&[ChangeOwner])
            .linked_follow()
            .unless_admin()
            .because(Reason::FollowsReached),
        // A12
        permit("contact.create").to(&[Create]).holding(ViewContacts).holding(EditContacts),
    ]
});

impl Resource for Contact {
    const NAME: &'static str = "contact";
    fn rules() -> &'static [Rule] {
        &RULES
    }
}

impl Record for Contact {
    type Id = ContactId;
    const COLUMNS: RecordColumns =
        RecordColumns { table: "contact", members: "contact_member", contact: "id" };
}
