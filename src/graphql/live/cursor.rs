//! Where a subscriber resumes. The numbers of a topic count what a subscriber may not see too, so that they are shown to
//! nobody: a cursor is enciphered, and two cursors of the same place differ (A7).

use std::fmt;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use data_encoding::BASE64URL_NOPAD;
use entity::{AccountId, TypedId};
use sha2::{Digest, Sha256};

use crate::domain::stream::Topic;

/// How many bytes a nonce has; random ones of this length do not meet.
const NONCE_LENGTH: usize = 24;

/// Makes and reads the cursors of streams.
#[derive(Clone)]
pub struct StreamSeal(XChaCha20Poly1305);

impl StreamSeal {
    /// Cursors under a key that is made from `secret`.
    #[must_use]
    pub fn new(secret: &[u8]) -> Self {
        let key = Sha256::new().chain_update(b"retinue stream cursors").chain_update(secret).finalize();
        Self(XChaCha20Poly1305::new(&key))
    }

    /// The cursor of a place in a topic; none when the machine has no randomness.
    #[must_use]
    pub fn write(&self, account: AccountId, topic: Topic, number: i64) -> Option<String> {
        let mut nonce = [0; NONCE_LENGTH];
        getrandom::fill(&mut nonce).ok()?;
        let bound = bound(account, topic);
        let payload = Payload { msg: &number.to_be_bytes(), aad: &bound };
        let sealed = self.0.encrypt(&XNonce::from(nonce), payload).ok()?;
        let mut cursor = nonce.to_vec();
        cursor.extend(sealed);
        Some(BASE64URL_NOPAD.encode(&cursor))
    }

    /// The place that a cursor of the same topic names; none for any other text.
    #[must_use]
    pub fn read(&self, account: AccountId, topic: Topic, cursor: &str) -> Option<i64> {
        let bytes = BASE64URL_NOPAD.decode(cursor.as_bytes()).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_LENGTH)?;
        let nonce: [u8; NONCE_LENGTH] = nonce.try_into().ok()?;
        let bound = bound(account, topic);
        let number = self.0.decrypt(&XNonce::from(nonce), Payload { msg: sealed, aad: &bound }).ok()?;
        Some(i64::from_be_bytes(number.try_into().ok()?))
    }
}

/// A cursor counts in its account and on its topic alone.
fn bound(account: AccountId, topic: Topic) -> Vec<u8> {
    [account.uuid().as_bytes().as_slice(), topic.uuid().as_bytes()].concat()
}

// The key stays out of logs.
impl fmt::Debug for StreamSeal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("StreamSeal")
    }
}

#[cfg(test)]
mod tests {
    use entity::ContactId;
    use uuid::Uuid;

    use super::*;

    const ACCOUNT: AccountId = AccountId(Uuid::from_u128(1));
    const TOPIC: Topic = Topic::Contact(ContactId(Uuid::from_u128(2)));

    // N4, A7
    #[test]
    fn a_cursor_leads_back_to_its_place_and_tells_nothing() {
        let seal = StreamSeal::new(b"secret");
        let (one, other) = (seal.write(ACCOUNT, TOPIC, 7).unwrap(), seal.write(ACCOUNT, TOPIC, 7).unwrap());
        assert_ne!(one, other);
        for cursor in [one, other] {
            assert_eq!(seal.read(ACCOUNT, TOPIC, &cursor), Some(7));
        }
    }

    // N4
    #[test]
    fn a_cursor_of_another_account_topic_or_hand_is_refused() {
        let seal = StreamSeal::new(b"secret");
        let cursor = seal.write(ACCOUNT, TOPIC, 7).unwrap();
        assert_eq!(seal.read(AccountId(Uuid::from_u128(9)), TOPIC, &cursor), None);
        assert_eq!(seal.read(ACCOUNT, Topic::Contact(ContactId(Uuid::from_u128(3))), &cursor), None);
        assert_eq!(StreamSeal::new(b"other").read(ACCOUNT, TOPIC, &cursor), None);
        for place in 0..cursor.len() {
            let mut forged = cursor.clone().into_bytes();
            forged[place] = if forged[place] == b'A' { b'B' } else { b'A' };
            assert_eq!(seal.read(ACCOUNT, TOPIC, &String::from_utf8(forged).unwrap()), None, "{place}");
        }
    }
}
