//! The rules of saved views. A view is its owner's; a shared one is everybody's to read and an admin's to change.

use std::sync::LazyLock;

use crate::Action::{Create, Edit, Unshare, View};
use crate::Permission::{ViewContacts, ViewOpportunities};
use crate::Relation::{Owner, Reader};
use crate::rule::permit;
use crate::{Resource, Rule};

/// A saved view of contacts.
#[derive(Debug)]
pub struct ContactView;

/// A saved view of opportunities.
#[derive(Debug)]
pub struct OpportunityView;

static OF_CONTACTS: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    vec![
        // P3: without the module there are no views of it, one's own included.
        permit("contact_view.view").to(&[View]).holding(ViewContacts).related_as(&[Owner, Reader]),
        permit("contact_view.edit.own").to(&[Edit]).passing(View).related_as(&[Owner]),
        permit("contact_view.edit.admin").to(&[Edit]).passing(View).admin(),
        // It would stand beside its owner's private ones, which nobody else sees.
        permit("contact_view.unshare").to(&[Unshare]).passing(Edit).related_as(&[Owner]),
        permit("contact_view.create").to(&[Create]).holding(ViewContacts),
    ]
});

static OF_OPPORTUNITIES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    vec![
        permit("opportunity_view.view").to(&[View]).holding(ViewOpportunities).related_as(&[Owner, Reader]),
        permit("opportunity_view.edit.own").to(&[Edit]).passing(View).related_as(&[Owner]),
        permit("opportunity_view.edit.admin").to(&[Edit]).passing(View).admin(),
        permit("opportunity_view.unshare").to(&[Unshare]).passing(Edit).related_as(&[Owner]),
        permit("opportunity_view.create").to(&[Create]).holding(ViewOpportunities),
    ]
});

impl Resource for ContactView {
    const NAME: &'static str = "contact_view";
    fn rules() -> &'static [Rule] {
        &OF_CONTACTS
    }
}

impl Resource for OpportunityView {
    const NAME: &'static str = "opportunity_view";
    fn rules() -> &'static [Rule] {
        &OF_OPPORTUNITIES
    }
}
