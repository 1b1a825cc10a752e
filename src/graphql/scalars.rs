//! Instants, dates, times of day, exact amounts, and JSON.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use entity::Timestamp;
use jiff::civil;
use rust_decimal::Decimal as Amount;

use crate::domain::calendar::availability;
use crate::domain::validate::{parse_rfc3339, rfc3339};

/// An instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateTime(pub Timestamp);

/// An instant in RFC 3339, always given in UTC (`2026-03-01T09:30:00Z`), with fractions of a second down to
/// microseconds where there are any. Input may have any offset.
#[Scalar(specified_by_url = "https://datatracker.ietf.org/doc/html/rfc3339")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        instant(&value).ok_or_else(|| InputValueError::custom("give an instant in RFC 3339, with its offset"))
    }

    fn is_valid(value: &Value) -> bool {
        instant(value).is_some()
    }

    fn to_value(&self) -> Value {
        Value::String(rfc3339(self.0))
    }
}

fn instant(value: &Value) -> Option<DateTime> {
    match value {
        Value::String(text) => parse_rfc3339(text).map(DateTime),
        _ => None,
    }
}

impl From<Timestamp> for DateTime {
    fn from(at: Timestamp) -> Self {
        Self(at)
    }
}

/// A date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date(pub civil::Date);

/// A date without a time, as ISO 8601 writes it (`2026-03-01`). The field says in which time zone.
#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        date(&value).ok_or_else(|| InputValueError::custom("give a date such as \"2026-03-01\""))
    }

    fn is_valid(value: &Value) -> bool {
        date(value).is_some()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

fn date(value: &Value) -> Option<Date> {
    let Value::String(text) = value else { return None };
    // Read exactly: the library takes more than dates.
    let read: civil::Date = text.parse().ok()?;
    (read.to_string() == *text).then_some(Date(read))
}

/// A time of day, in minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalTime(pub u16);

/// A time of day to the minute, as a clock of 24 hours shows it: `09:00`, or `24:00` for the midnight at the end of the
/// day. The field says in which time zone.
#[Scalar]
impl ScalarType for LocalTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let read = time_of_day(&value);
        read.ok_or_else(|| InputValueError::custom("give a time of day from \"00:00\" to \"24:00\""))
    }

    fn is_valid(value: &Value) -> bool {
        time_of_day(value).is_some()
    }

    fn to_value(&self) -> Value {
        Value::String(availability::time_of_day(self.0))
    }
}

fn time_of_day(value: &Value) -> Option<LocalTime> {
    let Value::String(text) = value else { return None };
    let (hour, minute) = text.split_once(':')?;
    let minutes = hour.parse::<u16>().ok()?.checked_mul(60)?.checked_add(minute.parse().ok()?)?;
    let known = minutes <= availability::MINUTES_A_DAY && availability::time_of_day(minutes) == *text;
    known.then_some(LocalTime(minutes))
}

/// An exact decimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal(pub Amount);

/// An exact decimal number as a text, `"1054.50"`, with as many places as its currency has. Input may also be a whole
/// number; a number with a fraction must be given as a text, because JSON numbers are read as floats on their way.
#[Scalar]
impl ScalarType for Decimal {
    fn parse(value: Value) -> InputValueResult<Self> {
        amount(&value)
            .ok_or_else(|| InputValueError::custom("give an exact decimal as a text, such as \"1054.50\""))
    }

    fn is_valid(value: &Value) -> bool {
        amount(value).is_some()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// Any JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct Json(pub serde_json::Value);

/// Any JSON value, where the grammar of a place is told elsewhere: the description of the field says where. It comes back
/// with the meaning that it was given with; the order of the fields of an object may differ.
#[Scalar(name = "JSON", specified_by_url = "https://datatracker.ietf.org/doc/html/rfc8259")]
impl ScalarType for Json {
    fn parse(value: Value) -> InputValueResult<Self> {
        value.into_json().map(Self).map_err(|_| InputValueError::custom("give a JSON value"))
    }

    fn to_value(&self) -> Value {
        Value::from_json(self.0.clone()).unwrap_or_default()
    }
}

fn amount(value: &Value) -> Option<Decimal> {
    match value {
        Value::String(text) => Amount::from_str_exact(text).ok(),
        Value::Number(number) => number.as_i64().map(Amount::from),
        _ => None,
    }
    .map(Decimal)
}

#[cfg(test)]
mod tests {
    use async_graphql::Number;

    use super::*;

    // C1
    #[test]
    fn a_time_of_day_is_what_a_clock_shows() {
        let read = |text: &str| LocalTime::parse(Value::String(text.into())).ok().map(|time| time.0);
        assert_eq!([read("00:00"), read("09:30"), read("24:00")], [Some(0), Some(570), Some(1440)]);
        for wrong in ["", "9:00", "09:60", "24:01", "09:00:00", "+9:00", "09:-1", "0900", "٠٩:٠٠"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert_eq!(LocalTime(1440).to_value(), Value::String("24:00".into()));
    }

    // C1
    #[test]
    fn a_date_has_no_time() {
        for wrong in ["", "2026-3-1", "2026-02-30", "2026-03-01T00:00", "20260301", "2026-W10-1"] {
            assert!(!Date::is_valid(&Value::String(wrong.into())), "{wrong}");
        }
        let read = Date::parse(Value::String("2028-02-29".into())).unwrap();
        assert_eq!(read.to_value(), Value::String("2028-02-29".into()));
    }

    // R2
    #[test]
    fn an_amount_is_never_a_float() {
        let float = Number::from_f64(10.5).map(Value::Number).unwrap();
        assert!(!Decimal::is_valid(&float));
        assert!(!Decimal::is_valid(&Value::String("1e3".into())));
        assert!(!Decimal::is_valid(&Value::String("ten".into())));
        assert!(Decimal::is_valid(&Value::Number(10.into())));
        let exact = Decimal::parse(Value::String("1054.50".into())).unwrap();
        assert_eq!(exact.to_value(), Value::String("1054.50".into()));
    }
}
