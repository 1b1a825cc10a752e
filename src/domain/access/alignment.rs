//! Contacts and opportunities whose owners differ, as far as the viewer may see both (O9).

use entity::{ContactId, TypedId};
use sea_orm::ExprTrait;
use sea_orm::sea_query::{Expr, Order, Query, SelectStatement};

use super::Access;

impl Access {
    /// Finds, as `id`, the visible contacts that have a visible opportunity with another owner, or with none where the
    /// contact has one, or the reverse: by id, those after `after`, at most `limit` of them.
    #[must_use]
    pub fn contacts_that_differ(&self, after: Option<ContactId>, limit: u64) -> SelectStatement {
        let id = || Expr::col(("contact", "id"));
        let mut select = self.differing();
        select.expr_as(id(), "id").order_by_expr(id(), Order::Asc).limit(limit);
        if let Some(after) = after {
            select.and_where(id().gt(after.uuid()));
        }
        select
    }

    /// Counts such contacts, as `contacts`, and the visible opportunities of them all, as `opportunities`.
    #[must_use]
    pub fn count_differing(&self) -> SelectStatement {
        let mut ids = self.differing();
        ids.expr_as(Expr::col(("contact", "id")), "id");
        let mut opportunities = Query::select();
        self.scope_from::<policy::Opportunity>(&mut opportunities);
        opportunities
            .expr(Expr::cust("COUNT(*)"))
            .and_where(Expr::col(("opportunity", "contact_id")).in_subquery(ids));
        let mut contacts = self.differing();
        contacts.expr(Expr::cust("COUNT(*)"));
        Query::select()
            .expr_as(Expr::SubQuery(None, Box::new(contacts.into())), "contacts")
            .expr_as(Expr::SubQuery(None, Box::new(opportunities.into())), "opportunities")
            .take()
    }

    fn differing(&self) -> SelectStatement {
        let mut opportunity = Query::select();
        self.scope_from::<policy::Opportunity>(&mut opportunity);
        opportunity
            .expr(Expr::value(1))
            .and_where(Expr::col(("opportunity", "contact_id")).equals(("contact", "id")))
            .and_where(owners_differ());
        let mut contacts = Query::select();
        self.scope_from::<policy::Contact>(&mut contacts);
        contacts.and_where(Expr::exists(opportunity));
        contacts
    }
}

/// Whether an opportunity and its contact have different owners, nobody being one.
pub(super) fn owners_differ() -> Expr {
    let owner = |table: &'static str| Expr::col((table, "owner_id"));
    let only_one = |one, other| owner(one).is_null().and(owner(other).is_not_null());
    owner("opportunity")
        .ne(owner("contact"))
        .or(only_one("opportunity", "contact"))
        .or(only_one("contact", "opportunity"))
}
