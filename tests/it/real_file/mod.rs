//! The real pipeline of a hardware seller, where it is there: what the database holds after the import is what the file
//! says, by a reading of the file that shares nothing with the import's.

mod board;
mod sheet;
mod stored;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Cursor;
use std::path::Path;

use entity::member::Cause;
use retinue::domain::import::{self, Options, Summary};
use rstest::rstest;

use self::sheet::{Deal, Sheet, records};
use self::stored::Stored;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::Setting::{ContactOwnerFollowsOpportunities, OpportunityOwnerFollowsContact};
use crate::world::{Acts as _, World};

/// Not part of the project.
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/opportunities-export.csv");

/// How many deals there are, and what they are worth together.
type Totals = BTreeMap<String, (u64, i64)>;

/// Deals and their worth by what `of` says of each.
fn totals<'a>(deals: &'a [Deal], of: impl Fn(&'a Deal) -> Vec<&'a String>) -> Totals {
    let mut totals = Totals::new();
    for deal in deals {
        for key in of(deal) {
            let (count, cents) = totals.entry(key.clone()).or_default();
            *count += 1;
            *cents += deal.cents.unwrap_or_default();
        }
    }
    totals
}

async fn take_in(world: &World, text: &str) -> (Summary, String) {
    let options = Options {
        create_users: true,
        separate_owners: true,
        stages: ["Prospecting", "Engaging", "Won", "Lost"].map(str::to_owned).into(),
        ..Options::default()
    };
    let access = world.command_line().access().await;
    let mut rejects = Vec::new();
    let summary =
        import::opportunities(&access, Cursor::new(text.as_bytes()), &options, &mut |_| {}, &mut rejects)
            .await;
    (summary.expect("it is taken in"), String::from_utf8(rejects).expect("text"))
}

/// The totals of both sides by one thing.
fn same_totals<'a>(
    sheet: &'a Sheet,
    stored: &'a Stored,
    what: &str,
    of: impl Fn(&'a Deal) -> Vec<&'a String>,
) {
    let (expected, found) = (totals(&sheet.deals, &of), totals(&stored.deals, &of));
    assert!(!expected.is_empty());
    assert_eq!(found, expected, "totals by {what}");
}

#[rstest]
#[tokio::test]
async fn the_database_holds_what_the_real_file_says(#[values(Sqlite, Postgres)] on: Kind) {
    if !Path::new(FILE).exists() {
        println!("skipped: there is no {FILE}");
        return;
    }
    let Some(world) = World::on(on).await else { return };
    world.turn_on([OpportunityOwnerFollowsContact, ContactOwnerFollowsOpportunities]).await;
    let text = fs::read_to_string(FILE).expect("the file is read");
    let sheet = Sheet::read(&text);
    assert_eq!((sheet.rows, sheet.deals.len()), (8_800, 7_375), "the file is the one that we know");

    let ((summary, rejects), statements) = world.sent_by(take_in(&world, &text)).await;
    println!("{} statements for {} rows on {on:?}", statements.len(), sheet.rows);
    let stored = Stored::of(&world).await;

    // Every deal as it stands in the file, and so all totals.
    same_totals(&sheet, &stored, "owner", |deal| vec![&deal.owner]);
    same_totals(&sheet, &stored, "follower", |deal| deal.followers.iter().collect());
    same_totals(&sheet, &stored, "stage", |deal| vec![&deal.stage]);
    same_totals(&sheet, &stored, "status", |deal| vec![&deal.status]);
    same_totals(&sheet, &stored, "contact", |deal| vec![&deal.contact]);
    let mut expected = sheet.deals.clone();
    // One that the file does not date was made when it was taken in.
    expected.iter_mut().for_each(|deal| deal.updated = deal.updated.or(deal.created));
    expected.sort();
    let mut found = stored.deals.clone();
    found.sort();
    let different: Vec<(&Deal, &Deal)> =
        found.iter().zip(&expected).filter(|(found, expected)| found != expected).take(3).collect();
    assert!(found.len() == expected.len() && different.is_empty(), "{different:#?}");
    assert_eq!(stored.tags, sheet.tags);
    assert_eq!(stored.unowned_contacts, sheet.tags.len(), "contacts stay without an owner");

    // AF1 and AF4 by the rows in their order.
    let (following, skipped, left_out) = sheet.auto_follows();
    let with_cause = |followers: Vec<String>| {
        followers.into_iter().map(|name| (name, Cause::OpportunityOwnerFollowsContact)).collect::<Vec<_>>()
    };
    let expected: BTreeMap<_, _> =
        following.into_iter().map(|(contact, followers)| (contact, with_cause(followers))).collect();
    assert_eq!(stored.followers, expected);
    assert!(skipped > 0, "the limit of ten is met");
    assert_eq!((summary.auto_followers_skipped, summary.auto_followers_left_out), (skipped, left_out));
    assert_eq!(
        summary.auto_followers_added,
        expected.values().map(|followers| followers.len() as u64).sum::<u64>()
    );
    let added: usize = sheet.deals.iter().map(|deal| deal.followers.len()).sum();
    assert_eq!(summary.followers_added, added as u64);

    // The summary adds up, and says what was made.
    let rejected = sheet.rows - sheet.deals.len() as u64;
    assert_eq!(
        (summary.read, summary.created, summary.rejected),
        (sheet.rows, sheet.deals.len() as u64, rejected)
    );
    assert_eq!((summary.unchanged, summary.updated), (0, 0));
    assert_eq!(summary.contacts_created, sheet.tags.len() as u64);
    assert_eq!(stored.people.iter().collect::<BTreeSet<_>>(), sheet.people());
    assert_eq!(summary.users_created, sheet.people().len() as u64);
    assert!(summary.separate_owners_switched_on);
    let rows = records(&rejects);
    assert_eq!(rows.len() as u64, rejected + 1);
    let column = |name: &str| rows[0].iter().position(|column| column == name).expect("the column");
    for row in &rows[1..] {
        assert_eq!(row[column("column")], "Contact Name");
        assert!(row[column("reason")].contains("no contact"), "{row:?}");
        let line: usize = row[column("line")].parse().expect("a number");
        assert!(text.lines().nth(line - 1).is_some_and(|line| line.starts_with(&row[0])), "{row:?}");
    }

    // A second run changes nothing, and says so.
    let before = world.tables().await;
    let (second, again) = take_in(&world, &text).await;
    before.assert_same(&world.tables().await);
    assert_eq!(
        (second.read, second.created, second.unchanged, second.updated, second.rejected),
        (sheet.rows, 0, sheet.deals.len() as u64, 0, rejected)
    );
    assert!(second.changed_nothing());
    assert_eq!(again, rejects);

    board::assert_says_what_the_sheet_says(&world, &sheet).await;
}
