//! What the file says.

use std::collections::{BTreeMap, BTreeSet};

/// How many followers a record has at most (F1).
const LIMIT: usize = 10;

/// A deal, by the file or by the database.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deal {
    pub contact: String,
    pub name: String,
    pub pipeline: String,
    pub stage: String,
    pub status: String,
    pub cents: Option<i64>,
    pub owner: String,
    pub followers: Vec<String>,
    /// In microseconds; none where the file does not know.
    pub created: Option<i64>,
    pub updated: Option<i64>,
}

/// The fields of each record: quotation marks, doubled ones and line breaks between them included.
pub fn records(text: &str) -> Vec<Vec<String>> {
    let (mut records, mut record, mut field) = (Vec::new(), Vec::new(), String::new());
    let (mut quoted, mut letters) = (false, text.chars().peekable());
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => field.extend(letters.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => record.push(std::mem::take(&mut field)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                record.push(std::mem::take(&mut field));
                records.push(std::mem::take(&mut record));
            }
            other => field.push(other),
        }
    }
    if !field.is_empty() || !record.is_empty() {
        record.push(field);
        records.push(record);
    }
    records
}

/// `2016-10-20T09:00:00.000Z` in microseconds, by the days since 1970.
fn instant(text: &str) -> Option<i64> {
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i64>().ok();
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    // Counted in years that begin in March.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 1 - 719_468;
    Some((((days * 24 + hour) * 60 + minute) * 60 + second) * 1_000_000)
}

/// What the file says.
pub struct Sheet {
    /// The rows that name a contact, in their order.
    pub deals: Vec<Deal>,
    /// How many rows there are.
    pub rows: u64,
    /// The tags of each contact.
    pub tags: BTreeMap<String, BTreeSet<String>>,
}

impl Sheet {
    pub fn read(text: &str) -> Self {
        let mut records = records(text).into_iter();
        let header = records.next().expect("a header");
        let mut sheet = Self { deals: Vec::new(), rows: 0, tags: BTreeMap::new() };
        for record in records {
            sheet.rows += 1;
            let cell = |name: &str| {
                let place = header.iter().position(|column| column == name).expect("the column");
                record[place].trim().to_owned()
            };
            let contact = cell("Contact Name");
            if contact.is_empty() && cell("email").is_empty() && cell("phone").is_empty() {
                continue;
            }
            let list = |name: &str| -> Vec<String> {
                cell(name)
                    .split(',')
                    .map(str::trim)
                    .filter(|item| !item.is_empty())
                    .map(str::to_owned)
                    .collect()
            };
            sheet.tags.entry(contact.clone()).or_default().extend(list("tags"));
            let owner = cell("assigned");
            let mut followers: Vec<String> =
                list("Followers").into_iter().filter(|name| *name != owner).collect();
            followers.sort();
            let value = cell("Lead Value");
            sheet.deals.push(Deal {
                contact,
                name: cell("Opportunity name"),
                pipeline: cell("pipeline"),
                stage: cell("stage"),
                status: cell("status").to_uppercase(),
                cents: (!value.is_empty()).then(|| value.parse::<i64>().expect("whole amounts") * 100),
                owner,
                followers,
                created: instant(&cell("Created on")),
                updated: instant(&cell("Updated on")),
            });
        }
        sheet
    }

    /// Who follows each contact by AF1, in the order in which it came about, and how often there was no room (AF4): for
    /// how many rows, and for how many people.
    pub fn auto_follows(&self) -> (BTreeMap<String, Vec<String>>, u64, u64) {
        let mut following: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let (mut skipped, mut left_out) = (0, BTreeSet::new());
        for deal in &self.deals {
            let followers = following.entry(deal.contact.clone()).or_default();
            if followers.contains(&deal.owner) {
                continue;
            }
            if followers.len() < LIMIT {
                followers.push(deal.owner.clone());
            } else {
                skipped += 1;
                left_out.insert((&deal.contact, &deal.owner));
            }
        }
        let left_out = left_out.len() as u64;
        (following, skipped, left_out)
    }

    pub fn people(&self) -> BTreeSet<&String> {
        self.deals.iter().flat_map(|deal| deal.followers.iter().chain([&deal.owner])).collect()
    }
}
