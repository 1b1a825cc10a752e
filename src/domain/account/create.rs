//! Makes an account. Only the command line does.

use entity::{AccountId, account};
use sea_orm::Set;

use crate::domain::access::{Access, Base};
use crate::domain::error::{Refusal, Result};
use crate::domain::validate::Problems;

/// The wish to make an account.
#[derive(Clone, Debug)]
pub struct CreateAccount {
    /// What people call it; unique on the server.
    pub name: String,
    /// ISO 3166-1 alpha-2: how phone numbers without a country code are read.
    pub country: String,
    /// ISO 4217 code of every amount.
    pub currency: String,
}

/// Makes an account with everything off (O1), without people.
///
/// # Errors
/// Invalid, when a field cannot be taken or the name is taken.
pub async fn create(base: &Base, wish: &CreateAccount) -> Result<Access> {
    let mut problems = Problems::new();
    let name = problems.required_line("name", &wish.name);
    let country = problems.country("country", Some(&wish.country)).unwrap_or_default();
    let currency = wish.currency.trim().to_uppercase();
    if iso_currency::Currency::from_code(&currency).is_none() {
        problems.add("currency", "not a currency: give a code of ISO 4217, such as `EUR`");
    }
    problems.none()?;
    if base.account(&name).await?.is_some() {
        return Err(Refusal::invalid("name", format!("there is an account `{name}` already")).into());
    }

    let now = base.clock.now();
    let row = account::ActiveModel {
        id: Set(base.ids.next::<AccountId>()),
        name: Set(name),
        country: Set(country),
        currency: Set(currency),
        separate_owners: Set(false),
        opportunity_owner_follows_contact: Set(false),
        contact_owner_follows_opportunities: Set(false),
        previous_owner_follows: Set(false),
        only_listed_lost_reasons: Set(false),
        allow_duplicate_opportunities: Set(true),
        contact_duplicates: Set(account::ContactDuplicates::Allow),
        access_version: Set(1),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
    };
    let account = base.insert_account(row).await?;
    Ok(Access::of_command_line(base, account))
}
