//! The rules of notes: they follow the access to their record (R5).

use std::sync::LazyLock;

use entity::NoteId;

use crate::Action::{Create, Delete, Edit, View};
use crate::Permission::{EditContacts, EditOpportunities};
use crate::Tie::Author;
use crate::rule::permit;
use crate::{Resource, Rule, Tied, TiedColumns};

/// A note on a contact.
#[derive(Debug)]
pub struct ContactNote;

/// A note on an opportunity.
#[derive(Debug)]
pub struct OpportunityNote;

static ON_CONTACTS: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    vec![
        permit("contact_note.view").to(&[View]).contact_passes(View),
        permit("contact_note.create").to(&[Create]).contact_passes(Edit),
        // What somebody wrote stays in their words.
        permit("contact_note.manage.author").to(&[Edit, Delete]).contact_passes(Edit).tied_as(&[Author]),
        permit("contact_note.edit.admin").to(&[Edit]).contact_passes(Edit).admin(),
        // Inherited edit writes notes, and takes away no others.
        permit("contact_note.delete").to(&[Delete]).passing(View).holding(EditContacts),
    ]
});

static ON_OPPORTUNITIES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    vec![
        permit("opportunity_note.view").to(&[View]).opportunity_passes(View),
        permit("opportunity_note.create").to(&[Create]).opportunity_passes(Edit),
        permit("opportunity_note.manage.author")
            .to(&[Edit, Delete])
            .opportunity_passes(Edit)
            .tied_as(&[Author]),
        permit("opportunity_note.edit.admin").to(&[Edit]).opportunity_passes(Edit).admin(),
        permit("opportunity_note.delete").to(&[Delete]).passing(View).holding(EditOpportunities),
    ]
});

impl Resource for ContactNote {
    const NAME: &'static str = "contact_note";
    fn rules() -> &'static [Rule] {
        &ON_CONTACTS
    }
}

impl Tied for ContactNote {
    type Id = NoteId;
    const COLUMNS: TiedColumns = TiedColumns {
        author: Some("author_id"),
        contact: Some("contact_id"),
        set_in: Some("contact_id"),
        ..TiedColumns::of("note")
    };
}

impl Resource for OpportunityNote {
    const NAME: &'static str = "opportunity_note";
    fn rules() -> &'static [Rule] {
        &ON_OPPORTUNITIES
    }
}

impl Tied for OpportunityNote {
    type Id = NoteId;
    const COLUMNS: TiedColumns = TiedColumns {
        author: Some("author_id"),
        opportunity: Some("opportunity_id"),
        set_in: Some("opportunity_id"),
        ..TiedColumns::of("note")
    };
}
