//! What a caller says once and means once.

use entity::{AccountId, UserId};
use sha2::{Digest, Sha256};

use crate::domain::error::{Refusal, RefusalKind, Result};

/// The most characters that a key has.
const LONGEST: usize = 255;

/// The input field that carries the key.
const FIELD: &str = "idempotencyKey";

/// A call with an idempotency key, and what it asks for.
#[derive(Clone, Debug)]
pub struct Call {
    /// The key as the caller gave it.
    pub key: String,
    /// Which act: the name of the mutation.
    pub operation: String,
    /// The input without the key, in the one form that all equal inputs have.
    pub input: String,
}

impl Call {
    /// Refuses a key that is none.
    ///
    /// # Errors
    /// Invalid: empty, too long, or with characters that nobody sees.
    pub fn require_key(&self) -> Result<()> {
        let is_visible = self.key.chars().all(|letter| letter.is_ascii_graphic());
        if is_visible && (1..=LONGEST).contains(&self.key.len()) {
            return Ok(());
        }
        let message = format!("must have 1 to {LONGEST} visible characters of ASCII, such as a UUID");
        Err(Refusal::invalid(FIELD, message).into())
    }

    /// Tells this input from others, without keeping it. It holds the owner and the key too, so that equal inputs of
    /// several calls do not show.
    #[must_use]
    pub fn input_hash(&self, account: AccountId, user: UserId) -> Vec<u8> {
        let owner = format!("{account} {user} {} ", self.key);
        Sha256::new().chain_update(owner).chain_update(&self.input).finalize().to_vec()
    }

    /// The refusal of a key that belongs to another call.
    #[must_use]
    pub fn reused() -> Refusal {
        let message = "this key belongs to another call of yours: give every call a key of its own";
        Refusal::new(RefusalKind::IdempotencyKeyReused, FIELD, message)
    }
}

#[cfg(test)]
mod tests {
    use entity::TypedId as _;
    use uuid::Uuid;

    use super::*;

    fn call(key: &str, input: &str) -> Call {
        Call { key: key.into(), operation: "contactCreate".into(), input: input.into() }
    }

    // R6
    #[test]
    fn a_key_has_1_to_255_visible_characters() {
        for right in ["k", "!~", "018f3f2e-7c1b-7d3a-9d0e-1f2a3b4c5d6e", &"k".repeat(255)] {
            assert!(call(right, "").require_key().is_ok(), "{right}");
        }
        for wrong in ["", " ", "a b", "a\n", "\u{7f}", "é", "a\u{200b}", &"k".repeat(256)] {
            assert!(call(wrong, "").require_key().is_err(), "{wrong:?}");
        }
    }

    // R6
    #[test]
    fn the_hash_tells_owners_keys_and_inputs_apart() {
        let id = |bits| Uuid::from_u128(bits);
        let of = |account, user, call: Call| {
            call.input_hash(AccountId::from_uuid(id(account)), UserId::from_uuid(id(user)))
        };
        let one = of(1, 2, call("k", "{}"));
        assert_eq!(one, of(1, 2, call("k", "{}")));
        for other in [of(2, 2, call("k", "{}")), of(1, 1, call("k", "{}")), of(1, 2, call("l", "{}"))] {
            assert_ne!(one, other);
        }
        assert_ne!(one, of(1, 2, call("k", "{} ")));
    }
}
