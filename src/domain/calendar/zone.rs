//! IANA time zones.

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
