//! Cells of a row, and how a text in one is read.

use csv::ByteRecord;
use entity::Timestamp;
use entity::opportunity::Status;
use rust_decimal::Decimal;

use super::columns::{Column, Columns};
use crate::domain::text;

/// The cells of one row by their columns, all of them UTF-8.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cells<'a> {
    columns: &'a Columns,
    record: &'a ByteRecord,
}

impl<'a> Cells<'a> {
    /// The cells of a row.
    ///
    /// # Errors
    /// What is wrong with the row as a whole: it has other fields than the header, or is not UTF-8.
    pub fn of(columns: &'a Columns, record: &'a ByteRecord) -> Result<Self, String> {
        if record.len() != columns.len() {
            return Err(format!(
                "the row has {} fields, the header has {}: look for a missing or surplus comma or quotation mark",
                record.len(),
                columns.len()
            ));
        }
        if record.iter().any(|field| std::str::from_utf8(field).is_err()) {
            return Err("the row is not UTF-8: save the file in that encoding".to_owned());
        }
        Ok(Self { columns, record })
    }

    /// The text of a cell without surrounding space; empty where the file has no such column.
    pub fn text(&self, column: Column) -> &'a str {
        let field = self.columns.place(column).and_then(|place| self.record.get(place)).unwrap_or_default();
        std::str::from_utf8(field).unwrap_or_default().trim()
    }

    /// The same, none when it is empty.
    pub fn given(&self, column: Column) -> Option<&'a str> {
        Some(self.text(column)).filter(|text| !text.is_empty())
    }

    /// The items of a cell that holds several, separated by commas; each once, whatever its case.
    pub fn list(&self, column: Column) -> Vec<String> {
        let mut items: Vec<String> = Vec::new();
        for item in self.text(column).split(',').filter_map(text::tidy) {
            if items.iter().all(|other| text::fold(other) != text::fold(&item)) {
                items.push(item);
            }
        }
        items
    }
}

/// An exact decimal: digits, and at most one point. Separators of thousands are refused, since nobody knows which of the
/// two marks is meant.
pub(super) fn decimal(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let are_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !are_digits(whole) || !are_digits(fraction) {
        return None;
    }
    Decimal::from_str_exact(text.strip_prefix('+').unwrap_or(text)).ok()
}

/// An instant of ISO 8601, with or without time and zone; without a zone it is UTC.
pub(super) fn instant(text: &str) -> Option<Timestamp> {
    let utc = |at: jiff::civil::DateTime| at.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|at| at.timestamp());
    let at = text
        .parse::<jiff::Timestamp>()
        .ok()
        .or_else(|| text.parse::<jiff::civil::DateTime>().ok().and_then(utc))
        .or_else(|| text.parse::<jiff::civil::Date>().ok().and_then(|day| utc(day.at(0, 0, 0, 0))))?;
    Some(Timestamp(at.as_microsecond()))
}

/// How a deal stands; open when nothing is said.
pub(super) fn status(text: &str) -> Option<Status> {
    match text.to_lowercase().as_str() {
        "" | "open" => Some(Status::Open),
        "won" => Some(Status::Won),
        "lost" => Some(Status::Lost),
        "abandoned" => Some(Status::Abandoned),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // R2
    #[test]
    fn a_number_is_digits_with_a_point() {
        for (text, value) in [("1054", "1054"), ("+7", "7"), ("0.50", "0.50"), ("-3", "-3")] {
            assert_eq!(decimal(text), Some(value.parse().unwrap()), "{text}");
        }
        for text in
            ["1,054", "1.054,00", "1 054", "1_054", "$5", "5 €", "1e3", ".", "1.", ".5", "--1", "NaN", "=1+1"]
        {
            assert_eq!(decimal(text), None, "{text}");
        }
    }

    #[test]
    fn an_instant_without_a_zone_is_utc() {
        let nine = Some(Timestamp(1_476_954_000_000_000));
        for text in [
            "2016-10-20T09:00:00.000Z",
            "2016-10-20T09:00:00",
            "2016-10-20 09:00",
            "2016-10-20T11:00:00+02:00",
            "2016-10-20T04:00:00-0500",
        ] {
            assert_eq!(instant(text), nine, "{text}");
        }
        assert_eq!(instant("2016-10-20"), Some(Timestamp(1_476_921_600_000_000)));
        for text in ["20/10/2016", "10-20-2016", "yesterday", "2016-02-30", "42663"] {
            assert_eq!(instant(text), None, "{text}");
        }
    }
}
