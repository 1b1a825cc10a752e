//! The fields of an opportunity as callers give them, checked (R1, R2).

use std::collections::BTreeSet;

use entity::opportunity::Status;
use entity::{AccountId, OpportunityId, opportunity_token};
use policy::MONETARY_VALUE;
use rust_decimal::Decimal;
use sea_orm::{ActiveEnum, Set};

use crate::domain::activity::Change;
use crate::domain::error::{Refusal, Result};
use crate::domain::lost_reason::as_listed;
use crate::domain::patch::Patch;
use crate::domain::text;
use crate::domain::unit_of_work::UnitOfWork;
use crate::domain::validate::{Problems, decimal_of};

/// What a caller says of an opportunity's own fields.
#[derive(Clone, Debug, Default)]
pub struct OpportunityFields {
    /// Its name.
    pub name: Patch<String>,
    /// What it is worth, in the account's currency; needs `VIEW_LEAD_VALUE` (A9).
    pub value: Patch<Decimal>,
    /// Where it came from.
    pub source: Patch<String>,
}

/// Refuses a value from somebody who may not see values: it is never just ignored (A9).
pub(super) fn require_value_right(unit: &UnitOfWork<'_>, value: &Patch<Decimal>) -> Result<()> {
    if value.is_given() && !unit.actor().holds(MONETARY_VALUE.needs) {
        let reason = policy::Reason::MissingPermission(MONETARY_VALUE.needs);
        return Err(Refusal::denied("monetaryValue", Some(reason)).into());
    }
    Ok(())
}

/// The value after the patch, in minor units.
pub(super) fn value(
    problems: &mut Problems,
    patch: &Patch<Decimal>,
    current: Option<i64>,
    currency: &str,
) -> Option<i64> {
    match patch {
        Patch::Keep => current,
        Patch::Clear => None,
        Patch::Set(value) => problems.amount("monetaryValue", *value, currency),
    }
}

/// A text field: null clears it, an empty text is a mistake.
pub(super) fn line(
    problems: &mut Problems,
    field: &str,
    patch: &Patch<String>,
    current: Option<&String>,
) -> Option<String> {
    match patch {
        Patch::Keep => current.cloned(),
        Patch::Clear => None,
        Patch::Set(text) => Some(problems.required_line(field, text)).filter(|line| !line.is_empty()),
    }
}

/// The reason that is given for what is lost, as the account's list has it.
pub(super) async fn given_reason(
    unit: &UnitOfWork<'_>,
    problems: &mut Problems,
    status: Status,
    patch: &Patch<String>,
    current: Option<&String>,
) -> Result<Patch<String>> {
    if status != Status::Lost {
        return Ok(patch.clone());
    }
    as_listed(unit, problems, patch, current).await
}

/// The reason after a change of status: only what is lost has one (R1).
pub(super) fn lost_reason(
    problems: &mut Problems,
    status: Status,
    patch: &Patch<String>,
    current: Option<&String>,
) -> Option<String> {
    if status != Status::Lost {
        if matches!(patch, Patch::Set(_)) {
            problems.add(
                "lostReason",
                "only a lost opportunity has a reason: leave it out, or set the status `LOST`",
            );
        }
        return None;
    }
    line(problems, "lostReason", patch, current)
}

/// A change of the value, for the history.
pub(super) fn value_change(before: Option<i64>, after: Option<i64>, currency: &str) -> Option<Change> {
    let text = |minor: Option<i64>| minor.map(|minor| decimal_of(minor, currency).to_string());
    Change::between("monetaryValue", text(before), text(after))
}

/// A status as the API names it.
pub(super) fn status_text(status: Status) -> String {
    status.to_value()
}

/// The rows of the words that an opportunity is found by.
pub(in crate::domain) fn token_rows(
    account: AccountId,
    opportunity: OpportunityId,
    words: BTreeSet<String>,
) -> Vec<opportunity_token::ActiveModel> {
    words
        .into_iter()
        .map(|word| opportunity_token::ActiveModel {
            opportunity_id: Set(opportunity),
            word: Set(word),
            account_id: Set(account),
        })
        .collect()
}

/// A text as it is compared.
pub(super) fn key(text: Option<&String>) -> Option<String> {
    text.map(|text| text::fold(text))
}
