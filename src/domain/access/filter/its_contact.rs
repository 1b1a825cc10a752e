//! The contact of what has one, as far as it shows (A8).

use entity::ContactId;
use policy::{Contact, Scope};
use sea_orm::ExprTrait;
use sea_orm::sea_query::{Expr, Query};

use super::contact::{ContactFilter, Showing};
use super::truth::Truth;
use crate::domain::access::Access;

/// The contact of the row in question.
#[derive(Clone, Copy, Debug)]
pub struct ItsContact<'a> {
    pub(super) access: &'a Access,
    /// The table of the row: has `contact_id`.
    pub(super) table: &'static str,
    /// Whether there are only the viewer's own rows to ask: then PostgreSQL is kept from turning the question about each
    /// of them into a join with everything.
    pub(super) one_by_one: bool,
}

impl ItsContact<'_> {
    /// Is this one, which must be visible.
    pub fn is(self, contact: ContactId) -> Truth {
        let visible = Expr::exists(self.access.visible_id::<Contact>(contact));
        Truth::all([Truth::when(self.column().eq(contact)), Truth::when(visible)])
    }

    /// Is one of these, which must be visible.
    pub fn is_among(self, contacts: &[ContactId]) -> Truth {
        match contacts {
            [] => Truth::Never,
            [contact] => self.is(*contact),
            contacts => Truth::all([
                Truth::when(self.column().is_in(contacts.iter().copied())),
                self.passing(Truth::Always),
            ]),
        }
    }

    /// Passes a filter. One that is hidden is read as one that has a display name and nothing else.
    pub fn passes(self, filter: &ContactFilter) -> Truth {
        let hidden = match filter.truth(self.access, Showing::NameAlone) {
            Truth::When(condition) => Truth::when(Expr::exists(
                Query::select()
                    .expr(Expr::value(1))
                    .from("contact")
                    .and_where(Expr::col(("contact", "account_id")).eq(self.access.actor().account))
                    .and_where(self.is_it())
                    .cond_where(condition)
                    .take(),
            )),
            settled => settled,
        };
        let visible = filter.truth(self.access, Showing::Whole);
        Truth::any([self.passing(visible), Truth::all([self.passing(Truth::Always).not(), hidden])])
    }

    /// Is one that the viewer may see, and passes.
    pub fn passing(self, passes: Truth) -> Truth {
        match (self.access.scope_of_contacts(), &passes) {
            (Scope::Nothing, _) | (_, Truth::Never) => return Truth::Never,
            // Everything has a contact, and every contact is visible.
            (Scope::Everything, Truth::Always) => return Truth::Always,
            _ => {}
        }
        let mut select = Query::select();
        self.access.scope_from::<Contact>(&mut select);
        select.expr(Expr::value(1)).and_where(self.is_it()).cond_where(passes.into_condition());
        if self.one_by_one {
            select.limit(1).offset(0);
        }
        Truth::when(Expr::exists(select))
    }

    fn is_it(self) -> Expr {
        Expr::col(("contact", "id")).equals((self.table, "contact_id"))
    }

    fn column(self) -> Expr {
        Expr::col((self.table, "contact_id"))
    }
}
