//! Pages by keyset, and the cursors that name a place in them.

use data_encoding::BASE64URL_NOPAD;
use entity::{AccountId, TypedId};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

/// How many items a page has when the caller does not say.
pub const DEFAULT_PAGE_SIZE: usize = 50;

/// The most that a page may have.
pub const MAX_PAGE_SIZE: usize = 200;

/// How many bytes of the seal a cursor carries.
const SEAL_LENGTH: usize = 16;

/// Which part of a list is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    /// How many items at most.
    pub size: usize,
    /// Whether the last ones before `from` are wanted instead of the first ones after it.
    pub backward: bool,
    /// Where to start; the beginning (or the end, going backward) when there is none.
    pub from: Option<Position>,
}

impl Window {
    /// The first `size` items.
    #[must_use]
    pub const fn first(size: usize) -> Self {
        Self { size, backward: false, from: None }
    }
}

/// A place in a list: the sort key and the id of an item.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Position {
    /// What the list is sorted by; lists sorted by id alone have none.
    pub key: Key,
    /// The item, to tell equal keys apart.
    pub id: Uuid,
}

/// A sort key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// The id alone sorts.
    None,
    /// An instant or a count.
    Number(i64),
    /// A folded text.
    Text(String),
}

/// A part of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The items in the order of the list, each with its place.
    pub items: Vec<(Position, T)>,
    /// Whether there are items after the last one.
    pub has_next: bool,
    /// Whether there are items before the first one.
    pub has_previous: bool,
}

impl<T> Page<T> {
    /// A page with nothing in it.
    #[must_use]
    pub const fn empty() -> Self {
        Self { items: Vec::new(), has_next: false, has_previous: false }
    }

    /// Makes a page of what a query found: one item more than asked for tells that there are others.
    #[must_use]
    pub fn of(mut found: Vec<(Position, T)>, window: &Window) -> Self {
        let more = found.len() > window.size;
        found.truncate(window.size);
        let started_inside = window.from.is_some();
        if window.backward {
            found.reverse();
            Self { items: found, has_next: started_inside, has_previous: more }
        } else {
            Self { items: found, has_next: more, has_previous: started_inside }
        }
    }

    /// The same page of other items.
    pub fn map<U>(self, mut change: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(|(position, item)| (position, change(item))).collect(),
            has_next: self.has_next,
            has_previous: self.has_previous,
        }
    }
}

/// The cursor was not made here, or not for this list and this sort.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the cursor does not belong to this list and this order: start again without it")]
pub struct InvalidCursor;

/// Makes and reads cursors: opaque texts that cannot be forged, bound to account, list and sort.
#[derive(Clone)]
pub struct CursorSeal(Hmac<Sha256>);

impl CursorSeal {
    /// Cursors sealed with `secret`.
    #[must_use]
    pub fn new(secret: &[u8]) -> Self {
        // HMAC takes keys of any length.
        let mac = Hmac::new_from_slice(secret).unwrap_or_else(|_| unreachable!("HMAC takes any key"));
        Self(mac)
    }

    /// The cursor of a place in the list that `list` names, `contacts:NAME:ASC`.
    #[must_use]
    pub fn write(&self, account: AccountId, list: &str, position: &Position) -> String {
        let mut bytes = position.id.as_bytes().to_vec();
        match &position.key {
            Key::None => bytes.push(b'-'),
            Key::Number(number) => {
                bytes.push(b'n');
                bytes.extend(number.to_be_bytes());
            }
            Key::Text(text) => {
                bytes.push(b't');
                bytes.extend(text.as_bytes());
            }
        }
        let seal = self.seal(account, list, &bytes).finalize().into_bytes();
        let mut cursor = seal[..SEAL_LENGTH].to_vec();
        cursor.extend(bytes);
        BASE64URL_NOPAD.encode(&cursor)
    }

    /// The place that a cursor of the same list names.
    ///
    /// # Errors
    /// A text that [`CursorSeal::write`] did not make for this account and list.
    pub fn read(&self, account: AccountId, list: &str, cursor: &str) -> Result<Position, InvalidCursor> {
        let bytes = BASE64URL_NOPAD.decode(cursor.as_bytes()).map_err(|_| InvalidCursor)?;
        let (seal, bytes) = bytes.split_at_checked(SEAL_LENGTH).ok_or(InvalidCursor)?;
        self.seal(account, list, bytes).verify_truncated_left(seal).map_err(|_| InvalidCursor)?;

        let (id, key) = bytes.split_at_checked(16).ok_or(InvalidCursor)?;
        let id = Uuid::from_slice(id).map_err(|_| InvalidCursor)?;
        let key = match key.split_first() {
            Some((b'-', [])) => Key::None,
            Some((b'n', number)) => {
                Key::Number(i64::from_be_bytes(number.try_into().map_err(|_| InvalidCursor)?))
            }
            Some((b't', text)) => Key::Text(String::from_utf8(text.to_vec()).map_err(|_| InvalidCursor)?),
            _ => return Err(InvalidCursor),
        };
        Ok(Position { key, id })
    }

    fn seal(&self, account: AccountId, list: &str, bytes: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        mac.update(account.uuid().as_bytes());
        mac.update(&(list.len() as u64).to_be_bytes());
        mac.update(list.as_bytes());
        mac.update(bytes);
        mac
    }
}

impl std::fmt::Debug for CursorSeal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("CursorSeal")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_back_to_its_place() {
        let seal = CursorSeal::new(b"secret");
        let account = AccountId(Uuid::from_u128(1));
        for key in [Key::None, Key::Number(-5), Key::Text("åda\0".into()), Key::Text(String::new())] {
            let position = Position { key, id: Uuid::from_u128(7) };
            let cursor = seal.write(account, "contacts:NAME", &position);
            assert_eq!(seal.read(account, "contacts:NAME", &cursor), Ok(position));
        }
    }

    // G1
    #[test]
    fn a_cursor_of_another_account_list_or_hand_is_refused() {
        let seal = CursorSeal::new(b"secret");
        let account = AccountId(Uuid::from_u128(1));
        let position = Position { key: Key::Number(1), id: Uuid::from_u128(7) };
        let cursor = seal.write(account, "contacts:NAME", &position);

        assert!(seal.read(AccountId(Uuid::from_u128(2)), "contacts:NAME", &cursor).is_err());
        assert!(seal.read(account, "contacts:CREATED", &cursor).is_err());
        assert!(CursorSeal::new(b"other").read(account, "contacts:NAME", &cursor).is_err());
        for place in 0..cursor.len() {
            let mut forged = cursor.clone().into_bytes();
            forged[place] = if forged[place] == b'A' { b'B' } else { b'A' };
            let forged = String::from_utf8(forged).unwrap();
            assert!(seal.read(account, "contacts:NAME", &forged).is_err(), "{forged}");
        }
    }
}
