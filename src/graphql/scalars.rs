//! Instants, exact amounts, and JSON.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use entity::Timestamp;
use rust_decimal::Decimal as Amount;

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
