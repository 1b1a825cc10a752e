//! The text of a wake-up: ids only.

use entity::{AccountId, CalendarId, ContactId, OpportunityId, PipelineId, TypedId, UserId};
use uuid::Uuid;

use crate::domain::stream::Topic;
use crate::domain::wake::Touched;

/// A wake-up on its way, with the process that sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Who sent it: a process does not wake itself a second time.
    pub from: Uuid,
    /// What was touched.
    pub touched: Touched,
}

impl Message {
    /// The texts of a change, each of at most `limit` bytes: a large one takes several.
    #[must_use]
    pub fn write(from: Uuid, touched: &Touched, limit: usize) -> Vec<String> {
        let start = |access: bool| format!("{from} {} {}", touched.account, u8::from(access));
        let mut texts = Vec::new();
        let mut text = start(touched.access);
        for topic in &touched.topics {
            let topic = id(*topic);
            if text.len() + 1 + topic.len() > limit {
                texts.push(std::mem::replace(&mut text, start(false)));
            }
            text.push(' ');
            text.push_str(&topic);
        }
        texts.push(text);
        texts
    }

    /// Reads a text; none when this program did not write it.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let from = words.next()?.parse().ok()?;
        let account: AccountId = words.next()?.parse().ok()?;
        let access = words.next()? == "1";
        let topics = words.map(topic).collect::<Option<Vec<_>>>()?;
        Some(Self { from, touched: Touched { account, topics, access } })
    }
}

/// The id that a topic is, which tells its kind.
fn id(topic: Topic) -> String {
    match topic {
        Topic::Inbox(id) => id.to_string(),
        Topic::Contact(id) => id.to_string(),
        Topic::Opportunity(id) => id.to_string(),
        Topic::Pipeline(id) => id.to_string(),
        Topic::Calendar(id) => id.to_string(),
    }
}

fn topic(id: &str) -> Option<Topic> {
    Some(match id.split_once('_')?.0 {
        UserId::PREFIX => Topic::Inbox(id.parse().ok()?),
        ContactId::PREFIX => Topic::Contact(id.parse().ok()?),
        OpportunityId::PREFIX => Topic::Opportunity(id.parse().ok()?),
        PipelineId::PREFIX => Topic::Pipeline(id.parse().ok()?),
        CalendarId::PREFIX => Topic::Calendar(id.parse().ok()?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touched(topics: u128) -> Touched {
        let kinds = |uuid| {
            [
                Topic::Inbox(UserId(uuid)),
                Topic::Contact(ContactId(uuid)),
                Topic::Opportunity(OpportunityId(uuid)),
                Topic::Pipeline(PipelineId(uuid)),
                Topic::Calendar(CalendarId(uuid)),
            ]
        };
        let topics = (1..=topics).flat_map(|number| kinds(Uuid::from_u128(number))).collect();
        Touched { account: AccountId(Uuid::from_u128(7)), topics, access: true }
    }

    #[test]
    fn what_is_written_reads_back_in_as_many_parts_as_it_takes() {
        let from = Uuid::from_u128(9);
        for topics in [0, 1, 100] {
            let sent = touched(topics);
            let texts = Message::write(from, &sent, 1_000);
            assert!(texts.iter().all(|text| text.len() <= 1_000));
            let read: Vec<Message> = texts.iter().map(|text| Message::read(text).unwrap()).collect();
            assert!(read.iter().all(|part| part.from == from && part.touched.account == sent.account));
            assert_eq!(read.iter().filter(|part| part.touched.access).count(), 1);
            let topics: Vec<Topic> = read.into_iter().flat_map(|part| part.touched.topics).collect();
            assert_eq!(topics, sent.topics);
        }
    }

    #[test]
    fn other_texts_are_no_wake_ups() {
        for text in ["", "hello", "00000000-0000-0000-0000-000000000009 account_x 1", "a b c d"] {
            assert_eq!(Message::read(text), None, "{text}");
        }
    }
}
