//! Filters over one value: a text, an instant, an amount.

use async_graphql::InputObject;
use rust_decimal::Decimal as Amount;
use rust_decimal::prelude::ToPrimitive;

use super::choices;
use crate::domain::access::{AmountFilter, TextFilter, TimeFilter};
use crate::domain::validate::{MAX_LINE, currency_digits};
use crate::graphql::error::Failure;
use crate::graphql::scalars::{DateTime, Decimal};

/// What a text is like. Everything that is given must hold; an empty filter lets everything pass. Case and repeated spaces
/// do not matter, and nothing in a text is a pattern. Of fields with several texts, such as e-mail addresses, one has to
/// be like that for each condition, and none for `isNot` and `notIn`.
#[derive(InputObject, Clone, Debug, Default)]
#[graphql(name = "TextFilter")]
pub struct TextFilterInput {
    /// It is this text.
    is: Option<String>,
    /// It is another text, or there is none.
    is_not: Option<String>,
    /// It is one of these texts; at most 100. An empty list lets nothing pass.
    #[graphql(name = "in")]
    any_of: Option<Vec<String>>,
    /// It is none of these texts, or there is none; at most 100.
    #[graphql(name = "notIn")]
    none_of: Option<Vec<String>>,
    /// It begins with this text.
    starts_with: Option<String>,
    /// This text stands somewhere in it.
    contains: Option<String>,
    /// True for no text at all, false for any.
    is_null: Option<bool>,
}

impl TextFilterInput {
    /// The filter of the domain.
    ///
    /// # Errors
    /// Bad input: texts that are too long or hold control characters, lists that are too long.
    pub fn decode(self, argument: &str) -> Result<TextFilter, Failure> {
        let one = |text: Option<String>| text.map(|text| plain(text, argument)).transpose();
        let many = |texts: Option<Vec<String>>, name: &str| {
            let texts = choices(texts, &format!("{argument}.{name}"))?;
            let all = |texts: Vec<String>| texts.into_iter().map(|text| plain(text, argument)).collect();
            texts.map(all).transpose()
        };
        Ok(TextFilter {
            is: one(self.is)?,
            is_not: one(self.is_not)?,
            any_of: many(self.any_of, "in")?,
            none_of: many(self.none_of, "notIn")?,
            starts_with: one(self.starts_with)?,
            contains: one(self.contains)?,
            is_null: self.is_null,
        })
    }
}

/// A text of a filter, when it can stand in a record.
///
/// # Errors
/// Bad input, when it is too long or holds control characters.
pub fn plain(text: String, argument: &str) -> Result<String, Failure> {
    if text.chars().count() > MAX_LINE {
        return Err(Failure::bad_input(format!("`{argument}` takes texts of at most {MAX_LINE} characters")));
    }
    if text.chars().any(char::is_control) {
        return Err(Failure::bad_input(format!("`{argument}` takes no control characters")));
    }
    Ok(text)
}

/// When something happened. Everything that is given must hold.
#[derive(InputObject, Clone, Copy, Debug, Default)]
#[graphql(name = "TimeFilter")]
pub struct TimeFilterInput {
    /// At this instant or after it.
    from: Option<DateTime>,
    /// Before this instant, which does not count itself: give the next day's beginning for a whole day.
    before: Option<DateTime>,
}

impl From<TimeFilterInput> for TimeFilter {
    fn from(filter: TimeFilterInput) -> Self {
        Self { from: filter.from.map(|at| at.0), before: filter.before.map(|at| at.0) }
    }
}

/// How much something is worth, in the account's currency. Everything that is given must hold.
#[derive(InputObject, Clone, Copy, Debug, Default)]
#[graphql(name = "AmountFilter")]
pub struct AmountFilterInput {
    /// This much or more. What is worth an unknown amount does not pass.
    at_least: Option<Decimal>,
    /// This much or less. What is worth an unknown amount does not pass.
    at_most: Option<Decimal>,
    /// True where the amount is not known, false where it is.
    is_null: Option<bool>,
}

impl AmountFilterInput {
    /// The filter of the domain.
    #[must_use]
    pub fn decode(self, currency: &str) -> AmountFilter {
        AmountFilter {
            at_least: self.at_least.map(|amount| minor(amount.0, currency, Amount::ceil)),
            at_most: self.at_most.map(|amount| minor(amount.0, currency, Amount::floor)),
            is_null: self.is_null,
        }
    }
}

/// The nearest amount that the currency has, or the largest there is.
fn minor(amount: Amount, currency: &str, round: impl Fn(&Amount) -> Amount) -> i64 {
    let factor = Amount::from(10_i64.pow(currency_digits(currency)));
    let end = if amount.is_sign_negative() { i64::MIN } else { i64::MAX };
    amount.checked_mul(factor).and_then(|minor| round(&minor).to_i64()).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    // R2
    #[test]
    fn an_amount_between_two_cents_is_never_rounded_past_one() {
        let filter = |text: &str| {
            let amount = Some(Decimal(text.parse().unwrap()));
            AmountFilterInput { at_least: amount, at_most: amount, is_null: None }.decode("EUR")
        };
        let ends = |text: &str| (filter(text).at_least, filter(text).at_most);
        assert_eq!(ends("10.005"), (Some(1001), Some(1000)));
        assert_eq!(ends("10.50"), (Some(1050), Some(1050)));
        assert_eq!(ends("-1.001"), (Some(-100), Some(-101)));
        assert_eq!(ends("79228162514264337593543950335"), (Some(i64::MAX), Some(i64::MAX)));
    }
}
