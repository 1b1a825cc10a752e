//! IANA time zones.

use entity::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::error::{Error, Result};
use crate::domain::validate::Problems;

/// The zone of this IANA name, as stored.
///
/// # Errors
/// A bug: it was checked before it was stored.
pub fn stored(name: &str) -> Result<TimeZone> {
    TimeZone::get(name).map_err(|error| Error::bug(format!("unreadable time zone: {error}")))
}

/// The name of a zone as the database of time zones spells it, for what a caller gives.
pub fn named(problems: &mut Problems, field: &str, name: &str) -> String {
    // The library's word for a zone that nobody knows is no place to meet.
    let known = TimeZone::get(name.trim()).ok().filter(|zone| !zone.is_unknown());
    let known = known.and_then(|zone| zone.iana_name().map(str::to_owned));
    known.unwrap_or_else(|| {
        problems.add(field, "is no IANA time zone: give one such as `Europe/Berlin`");
        String::new()
    })
}

/// An instant by the clocks of the zone of this IANA name, as stored, in RFC 3339 with their offset.
///
/// # Errors
/// A bug: the zone was checked before it was stored, and so was the instant.
pub fn by_its_clocks(name: &str, at: Timestamp) -> Result<String> {
    let at = jiff::Timestamp::from_microsecond(at.0)
        .map_err(|error| Error::bug(format!("unreadable instant: {error}")))?;
    Ok(at.display_with_offset(stored(name)?.to_offset(at)).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    // C2
    #[test]
    fn an_instant_is_told_by_the_clocks_of_its_zone() {
        let told = |zone: &str, utc: &str| {
            let at: jiff::Timestamp = utc.parse().unwrap();
            by_its_clocks(zone, Timestamp(at.as_microsecond())).unwrap()
        };
        // The night in which the clocks go back has two o'clock twice.
        assert_eq!(told("Europe/Berlin", "2026-10-25T00:30:00Z"), "2026-10-25T02:30:00+02:00");
        assert_eq!(told("Europe/Berlin", "2026-10-25T01:30:00Z"), "2026-10-25T02:30:00+01:00");
        assert_eq!(told("Asia/Kathmandu", "2026-01-01T00:00:00Z"), "2026-01-01T05:45:00+05:45");
        assert_eq!(told("UTC", "2026-01-01T00:00:00Z"), "2026-01-01T00:00:00+00:00");
    }
}
