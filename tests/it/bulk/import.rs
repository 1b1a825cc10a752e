//! An import holds the contacts of a batch at once and reads each pipeline's stages once: what it reads does not grow with
//! the rows.

use std::fmt::Write as _;
use std::io::Cursor;

use retinue::domain::import::{self, Options};
use rstest::rstest;

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, Setting, World};

const COLUMNS: &str = "Opportunity name,Contact Name,phone,email,pipeline,stage,Lead Value,source,assigned,Created on,\
                       Updated on,lost reason ID,lost reason name,Followers,Notes,tags,Engagement score,status";

/// A file with a deal of each of so many contacts.
fn file(deal: &str, rows: usize) -> String {
    let mut text = format!("{COLUMNS}\n");
    for row in 0..rows {
        let email = format!("c{row}@example.com");
        writeln!(text, "{deal} {row},Contact {row},,{email},Sales,New,5,,,2025-01-02,2025-01-03,,,,,,,open")
            .expect("a text grows");
    }
    text
}

#[rstest]
#[tokio::test]
async fn what_a_batch_reads_does_not_grow_with_its_rows(
    #[values(Sqlite, Postgres)] on: Kind,
    #[values(true, false)] separate: bool,
) {
    let Some(world) = World::separate_on(on).await else { return };
    if !separate {
        world.turn_off([Setting::SeparateOwners]).await;
    }
    let mut reads = Vec::new();
    for (deal, rows) in [("First", 60), ("Second", 3), ("Third", 60)] {
        let access = world.command_line().access().await;
        let text = file(deal, rows);
        let mut rejects = Vec::new();
        let options = Options::default();
        let mut progress = |_: import::Progress<'_>| {};
        let taken = import::opportunities(
            &access,
            Cursor::new(text.as_bytes()),
            &options,
            &mut progress,
            &mut rejects,
        );
        let (summary, statements) = world.sent_by(taken).await;
        let rows = u64::try_from(rows).expect("few");
        assert_eq!(summary.expect("taken in").created, rows, "{}", String::from_utf8_lossy(&rejects));
        reads.push(statements.iter().filter(|statement| statement.sql.starts_with("SELECT")).count());
    }
    // The first file makes the contacts; the other two find them.
    assert_eq!(reads[1], reads[2], "{reads:?}");
}
