//! Contacts with one e-mail address or one phone number.

use entity::account::{self, ContactDuplicates};
use entity::duplicate_flag::Kind;
use entity::{ContactId, contact_email, contact_phone};
use policy::{Action, Wish};
use sea_orm::sea_query::{Alias, Expr, Query, SelectStatement};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter};

use crate::domain::error::{Refusal, RefusalKind, Result};
use crate::domain::record::RecordRef;
use crate::domain::text;
use crate::domain::unit_of_work::UnitOfWork;

/// By what a contact is known, as far as the account looks at it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Marks {
    emails: Vec<String>,
    phones: Vec<String>,
}

impl Marks {
    /// What the account looks at of these addresses and numbers.
    #[must_use]
    pub fn of(account: &account::Model, emails: &[String], phones: &[String]) -> Self {
        let looks_at = account.contact_duplicates;
        let mut marks = Self::default();
        if matches!(looks_at, ContactDuplicates::ByEmail | ContactDuplicates::ByEmailThenPhone) {
            marks.emails = emails.iter().map(|address| text::fold(address)).collect();
        }
        if matches!(looks_at, ContactDuplicates::ByPhone | ContactDuplicates::ByEmailThenPhone) {
            marks.phones = phones.to_vec();
        }
        marks
    }

    /// Those that `before` did not have.
    #[must_use]
    pub fn since(mut self, before: &Self) -> Self {
        self.emails.retain(|mark| !before.emails.contains(mark));
        self.phones.retain(|mark| !before.phones.contains(mark));
        self
    }

    /// Those of one kind, and the table, the column and the input field in which they stand. E-mail comes first.
    fn kinds(&self) -> [(Kind, &[String], &'static str, &'static str, &'static str); 2] {
        [
            (Kind::Email, &self.emails, "contact_email", "address_key", "emails"),
            (Kind::Phone, &self.phones, "contact_phone", "number", "phones"),
        ]
    }
}

/// By what a held contact is known.
///
/// # Errors
/// A database that fails.
pub async fn marks_of(unit: &UnitOfWork<'_>, contact: ContactId) -> Result<Marks> {
    if unit.account().contact_duplicates == ContactDuplicates::Allow {
        return Ok(Marks::default());
    }
    let emails = contact_email::Entity::find().filter(contact_email::Column::ContactId.eq(contact));
    let phones = contact_phone::Entity::find().filter(contact_phone::Column::ContactId.eq(contact));
    let emails: Vec<String> = unit.rows(emails).await?.into_iter().map(|row| row.address).collect();
    let phones: Vec<String> = unit.rows(phones).await?.into_iter().map(|row| row.number).collect();
    Ok(Marks::of(unit.account(), &emails, &phones))
}

/// Refuses a contact that has one of these marks in common with another that the actor sees. From here on nobody else
/// takes them until the change ends.
///
/// # Errors
/// Duplicate found.
pub async fn refuse_contact(unit: &UnitOfWork<'_>, contact: Option<ContactId>, marks: &Marks) -> Result<()> {
    let mut names = Vec::new();
    for (_, marks, table, ..) in marks.kinds() {
        names.extend(marks.iter().map(|mark| format!("{table} {mark}")));
    }
    unit.take_turns(&names).await?;
    let visible =
        policy::filter::<policy::Contact>(unit.actor(), Action::View, Wish::Nobody, false, unit.now());
    for (kind, marks, table, column, field) in marks.kinds() {
        if marks.is_empty() {
            continue;
        }
        let mut select = others(unit, contact, marks, table, column);
        select
            .expr(Expr::col(("contact", "id")))
            .cond_where(visible.clone())
            .order_by_expr(Expr::col(("contact", "created_at")), sea_orm::Order::Asc)
            .order_by_expr(Expr::col(("contact", "id")), sea_orm::Order::Asc)
            .limit(1);
        if let Some(row) = unit.query(&select).await?.first() {
            let found: ContactId = row.try_get("", "id")?;
            return Err(duplicate(found.into(), kind, field).into());
        }
    }
    Ok(())
}

/// Flags a contact that has one of these marks in common with another. Whoever asked before that none is visible flags
/// those that are not.
///
/// # Errors
/// A database that fails.
pub async fn flag_contact(unit: &UnitOfWork<'_>, contact: ContactId, marks: &Marks) -> Result<()> {
    for (kind, marks, table, column, _) in marks.kinds() {
        if !marks.is_empty() {
            let others = others(unit, Some(contact), marks, table, column);
            unit.flag(kind, contact.into(), others).await?;
        }
    }
    Ok(())
}

/// Every other contact with one of these marks, whoever sees it.
fn others(
    unit: &UnitOfWork<'_>,
    contact: Option<ContactId>,
    marks: &[String],
    table: &'static str,
    column: &'static str,
) -> SelectStatement {
    let id = || Expr::col(("contact", "id"));
    let marked = Query::select()
        .column("contact_id")
        .from(Alias::new(table))
        .and_where(Expr::col("account_id").eq(unit.account().id))
        .and_where(Expr::col(column).is_in(marks.iter().map(String::as_str)))
        .take();
    let mut select = Query::select();
    select
        .from("contact")
        .and_where(Expr::col(("contact", "account_id")).eq(unit.account().id))
        .and_where(id().in_subquery(marked))
        .and_where(unit.is_there::<policy::Contact>());
    if let Some(contact) = contact {
        select.and_where(id().ne(contact));
    }
    select
}

fn duplicate(record: RecordRef, kind: Kind, field: &str) -> Refusal {
    let message = match kind {
        Kind::Phone => {
            "another contact has one of these phone numbers: change that one, or leave the number out"
        }
        _ => "another contact has one of these e-mail addresses: change that one, or leave the address out",
    };
    Refusal::new(RefusalKind::DuplicateFound { record }, field, message)
}
