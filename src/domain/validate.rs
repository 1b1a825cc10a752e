//! Checks of what callers send, all problems of one input together.

use email_address::EmailAddress;
use entity::Timestamp;
use iso_currency::Currency;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::error::{Error, Refusal, Result};
use super::text;

/// The longest name, company, source or reason, in characters.
pub const MAX_LINE: usize = 200;

/// The longest text of several lines, in characters.
pub const MAX_TEXT: usize = 5_000;

/// The most e-mails, phones or tags that a contact has.
pub const MAX_PARTS: usize = 20;

/// Collects what is wrong with an input, so that the caller hears of everything at once.
#[derive(Debug, Default)]
pub struct Problems(Vec<Refusal>);

impl Problems {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes that a field cannot be taken.
    pub fn add(&mut self, field: &str, message: impl Into<std::borrow::Cow<'static, str>>) {
        self.0.push(Refusal::invalid(field, message));
    }

    /// Notes what somebody else has found.
    pub fn include(&mut self, found: impl IntoIterator<Item = Refusal>) {
        self.0.extend(found);
    }

    /// Refuses when anything was noted.
    ///
    /// # Errors
    /// Everything that was noted.
    pub fn none(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Refused(self.0)) }
    }

    /// A text of one line, tidied; none when it is empty.
    pub fn line(&mut self, field: &str, value: Option<&str>) -> Option<String> {
        let tidy = value.and_then(text::tidy)?;
        if tidy.chars().count() > MAX_LINE {
            self.add(field, format!("at most {MAX_LINE} characters fit here"));
            return None;
        }
        if tidy.chars().any(char::is_control) {
            self.add(field, "control characters cannot be taken");
            return None;
        }
        Some(tidy)
    }

    /// The same, where something must be given.
    pub fn required_line(&mut self, field: &str, value: &str) -> String {
        let before = self.0.len();
        let line = self.line(field, Some(value));
        if line.is_none() && self.0.len() == before {
            self.add(field, "must not be empty");
        }
        line.unwrap_or_default()
    }

    /// A text of several lines, without blanks around it; none when it is empty.
    pub fn text(&mut self, field: &str, value: Option<&str>) -> Option<String> {
        self.long_text(field, value, MAX_TEXT)
    }

    /// The same, where something must be given, and with another limit.
    pub fn required_text(&mut self, field: &str, value: &str, most: usize) -> String {
        let before = self.0.len();
        let text = self.long_text(field, Some(value), most);
        if text.is_none() && self.0.len() == before {
            self.add(field, "must not be empty");
        }
        text.unwrap_or_default()
    }

    /// A text of several lines of at most so many characters.
    pub fn long_text(&mut self, field: &str, value: Option<&str>, most: usize) -> Option<String> {
        let text = value?.replace("\r\n", "\n");
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        if text.chars().count() > most {
            self.add(field, format!("at most {most} characters fit here"));
            return None;
        }
        if text.chars().any(|letter| letter.is_control() && letter != '\n' && letter != '\t') {
            self.add(field, "control characters cannot be taken");
            return None;
        }
        Some(text.to_owned())
    }

    /// ISO 3166-1 alpha-2, upper case.
    pub fn country(&mut self, field: &str, value: Option<&str>) -> Option<String> {
        let code = text::tidy(value?)?.to_uppercase();
        if code.parse::<phonenumber::country::Id>().is_err() {
            self.add(field, "not a country: give two letters of ISO 3166-1, such as `DE`");
            return None;
        }
        Some(code)
    }

    /// An e-mail address, as given without surrounding space.
    pub fn email(&mut self, field: &str, value: &str) -> Option<String> {
        let address = value.trim();
        if !EmailAddress::is_valid(address) {
            self.add(field, "not an e-mail address");
            return None;
        }
        Some(address.to_owned())
    }

    /// A phone number in E.164; one without a country code is read as of `country`.
    pub fn phone(&mut self, field: &str, value: &str, country: &str) -> Option<String> {
        let number = phonenumber::parse(country.parse().ok(), value.trim());
        match number {
            Ok(number) if phonenumber::is_valid(&number) => {
                Some(number.format().mode(phonenumber::Mode::E164).to_string())
            }
            _ => {
                self.add(field, "not a phone number: give it with its country code, such as `+49 30 123456`");
                None
            }
        }
    }

    /// An amount in minor units of `currency` (R2).
    pub fn amount(&mut self, field: &str, value: Decimal, currency: &str) -> Option<i64> {
        let digits = currency_digits(currency);
        let scaled = value.normalize();
        if scaled.scale() > digits {
            self.add(field, format!("{currency} has {digits} decimal places, `{value}` has more"));
            return None;
        }
        if scaled.is_sign_negative() && !scaled.is_zero() {
            self.add(field, "must not be negative");
            return None;
        }
        let factor = Decimal::from(10_i64.pow(digits));
        let minor = scaled.checked_mul(factor).and_then(|minor| minor.to_i64());
        let minor = minor.filter(|minor| *minor <= MAX_AMOUNT_MINOR);
        if minor.is_none() {
            self.add(field, format!("too large: at most {}", decimal_of(MAX_AMOUNT_MINOR, currency)));
        }
        minor
    }
}

/// The largest amount, in minor units: the sum of ninety thousand of them still fits 64 bits.
pub const MAX_AMOUNT_MINOR: i64 = 100_000_000_000_000;

/// How many decimal places a currency has.
#[must_use]
pub fn currency_digits(currency: &str) -> u32 {
    Currency::from_code(currency).and_then(Currency::exponent).map_or(2, u32::from)
}

/// An amount of minor units as an exact decimal.
#[must_use]
pub fn decimal_of(minor: i64, currency: &str) -> Decimal {
    Decimal::new(minor, currency_digits(currency))
}

/// An instant in RFC 3339, always in UTC with microseconds where there are any.
#[must_use]
pub fn rfc3339(at: Timestamp) -> String {
    jiff::Timestamp::from_microsecond(at.0).map(|at| at.to_string()).unwrap_or_default()
}

/// Reads an instant in RFC 3339.
#[must_use]
pub fn parse_rfc3339(text: &str) -> Option<Timestamp> {
    text.parse::<jiff::Timestamp>().ok().map(|at| Timestamp(at.as_microsecond()))
}
