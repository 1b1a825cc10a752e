//! What a row says, checked as far as that goes without the database.

use entity::opportunity::Status;
use entity::{Timestamp, account};
use rust_decimal::Decimal;

use super::cells::{Cells, decimal, instant, status};
use super::columns::Column;
use crate::domain::error::{Error, Refusal, Result};
use crate::domain::note::MAX_BODY;
use crate::domain::validate::{MAX_PARTS, Problems};

/// A row that can be read.
#[derive(Clone, Debug)]
pub(super) struct Deal {
    pub pipeline: String,
    pub stage: String,
    pub contact: Contact,
    pub name: String,
    pub value: Option<Decimal>,
    pub status: Status,
    pub lost_reason: Option<String>,
    pub source: Option<String>,
    pub created: Option<Timestamp>,
    pub updated: Option<Timestamp>,
    pub assigned: Option<String>,
    pub followers: Vec<String>,
    pub tags: Vec<String>,
    /// What somebody wrote on the deal.
    pub note: Option<String>,
}

/// What a row says of its contact; at least one of the three.
#[derive(Clone, Debug, Default)]
pub(super) struct Contact {
    pub name: Option<String>,
    pub email: Option<String>,
    /// In E.164.
    pub phone: Option<String>,
}

impl Deal {
    /// Reads a row.
    ///
    /// # Errors
    /// Every cell that cannot be taken.
    pub fn of(cells: &Cells<'_>, account: &account::Model) -> Result<Self> {
        let mut problems = Problems::new();
        let status = status(cells.text(Column::Status));
        if status.is_none() {
            problems.add(
                Column::Status.name(),
                format!("`{}` is no status: use open, won, lost or abandoned", cells.text(Column::Status)),
            );
        }
        let deal = Self {
            pipeline: required(&mut problems, cells, Column::Pipeline),
            stage: required(&mut problems, cells, Column::Stage),
            contact: contact(&mut problems, cells, account),
            name: required(&mut problems, cells, Column::OpportunityName),
            value: value(&mut problems, cells, account),
            status: status.unwrap_or(Status::Open),
            lost_reason: line(&mut problems, cells, Column::LostReason),
            source: line(&mut problems, cells, Column::Source),
            created: date(&mut problems, cells, Column::CreatedOn),
            updated: date(&mut problems, cells, Column::UpdatedOn),
            assigned: line(&mut problems, cells, Column::Assigned),
            followers: list(&mut problems, cells, Column::Followers),
            tags: list(&mut problems, cells, Column::Tags),
            note: problems.long_text(Column::Notes.name(), Some(cells.text(Column::Notes)), MAX_BODY),
        };
        if deal.lost_reason.is_some() && status.is_some_and(|status| status != Status::Lost) {
            problems.add(
                Column::LostReason.name(),
                "only a lost opportunity has a reason: empty the cell, or set the status to lost",
            );
        }
        if deal.tags.len() > MAX_PARTS {
            problems.add(Column::Tags.name(), format!("at most {MAX_PARTS} tags fit a contact"));
        }
        if let (Some(created), Some(updated)) = (deal.created, deal.updated)
            && updated < created
        {
            problems.add(Column::UpdatedOn.name(), "lies before the date on which it was created");
        }
        problems.none()?;
        Ok(deal)
    }

    /// When the opportunity was made and last changed. One whose file does not know when it was made was made at the
    /// latest when it last changed.
    pub fn dates(&self, now: Timestamp) -> (Timestamp, Timestamp) {
        let created = self.created.or(self.updated).unwrap_or(now);
        (created, self.updated.unwrap_or(created))
    }
}

fn contact(problems: &mut Problems, cells: &Cells<'_>, account: &account::Model) -> Contact {
    let (email, phone) = (cells.given(Column::Email), cells.given(Column::Phone));
    if cells.given(Column::ContactName).is_none() && email.is_none() && phone.is_none() {
        problems.add(Column::ContactName.name(), "no contact: give a name, an e-mail or a phone number");
    }
    Contact {
        name: line(problems, cells, Column::ContactName),
        email: email.and_then(|address| problems.email(Column::Email.name(), address)),
        phone: phone.and_then(|number| problems.phone(Column::Phone.name(), number, &account.country)),
    }
}

fn value(problems: &mut Problems, cells: &Cells<'_>, account: &account::Model) -> Option<Decimal> {
    let text = cells.given(Column::LeadValue)?;
    let Some(value) = decimal(text) else {
        let message = format!(
            "bad number `{text}`: write digits with a point and nothing between them, such as `1054.50`"
        );
        problems.add(Column::LeadValue.name(), message);
        return None;
    };
    problems.amount(Column::LeadValue.name(), value, &account.currency)?;
    Some(value)
}

fn date(problems: &mut Problems, cells: &Cells<'_>, column: Column) -> Option<Timestamp> {
    let text = cells.given(column)?;
    let at = instant(text);
    if at.is_none() {
        let message = format!("bad date `{text}`: write it as ISO 8601 does, such as `2017-03-01T09:00:00Z`");
        problems.add(column.name(), message);
    }
    at
}

fn required(problems: &mut Problems, cells: &Cells<'_>, column: Column) -> String {
    problems.required_line(column.name(), cells.text(column))
}

fn line(problems: &mut Problems, cells: &Cells<'_>, column: Column) -> Option<String> {
    problems.line(column.name(), Some(cells.text(column)))
}

fn list(problems: &mut Problems, cells: &Cells<'_>, column: Column) -> Vec<String> {
    cells.list(column).iter().filter_map(|item| problems.line(column.name(), Some(item))).collect()
}

/// A refusal that names the column.
pub(super) fn refuse(column: Column, message: impl Into<String>) -> Error {
    Refusal::invalid(column.name(), message.into()).into()
}
