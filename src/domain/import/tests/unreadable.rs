//! Files as programs write them, and files that are none.

use super::world::{World, file};
use crate::domain::error::Error;
use crate::domain::import::Options;

async fn refusal(world: &World, text: impl AsRef<[u8]> + Send) -> String {
    match world.import_with(text, &Options::default()).await {
        Err(Error::Refused(refusals)) => refusals[0].message.to_string(),
        other => panic!("{:?}", other.map(|imported| imported.summary)),
    }
}

#[tokio::test]
async fn missing_columns_are_named_before_anything_happens() {
    let world = World::new().await;
    let message = refusal(&world, "Opportunity name;Contact Name;pipeline\nDeal;Acme;Sales\n").await;
    assert!(
        message.contains("lacks the columns `Opportunity name`, `Contact Name`, `pipeline`"),
        "{message}"
    );
    assert!(message.contains("has `Opportunity name;Contact Name;pipeline`"), "{message}");
    assert!(refusal(&world, "").await.contains("has nothing"));
    let twice = file(&[]).replace("source", "STAGE");
    assert!(refusal(&world, twice).await.contains("`stage` stands twice"));
    assert!(world.contacts().await.is_empty());
}

#[tokio::test]
async fn columns_that_may_be_missing_are_told() {
    let world = World::new().await;
    let text = "Opportunity name,Contact Name,pipeline,stage,assigned,Created on,status\nDeal,Acme,Sales,New,,,won\n";
    let imported = world.import(text).await;
    assert_eq!(imported.counts(), [1, 1, 0, 0, 0]);
    assert!(imported.preview.absent_columns.contains(&"Followers"));
    assert_eq!(imported.preview.absent_columns.len(), 9);
}

#[tokio::test]
async fn a_mark_other_line_ends_and_an_empty_file_are_fine() {
    let world = World::new().await;
    let windows = format!("\u{feff}{}", file(&[&[], &[("Lead Value", "x")]]).replace('\n', "\r\n"));
    let imported = world.import(&windows).await;
    assert_eq!(imported.counts(), [2, 1, 0, 0, 1]);
    // A spreadsheet that wrote the mark wants it back.
    assert!(imported.rejects.starts_with("\u{feff}Opportunity name,"));
    assert_eq!(world.import(&imported.mended(",x,", ",7,")).await.counts(), [1, 1, 0, 0, 0]);
    assert_eq!(world.import(&file(&[])).await.counts(), [0; 5]);
}

#[tokio::test]
async fn bytes_that_are_no_text_reject_their_row_only() {
    let world = World::new().await;
    let mut bytes = file(&[&[], &[("source", "M@nchen")]]).into_bytes();
    let place = bytes.iter().rposition(|byte| *byte == b'@').unwrap();
    bytes[place] = 0xfc;
    let options = Options::default();
    let mut rejects = Vec::new();
    let summary = crate::domain::import::opportunities(
        &world.access,
        std::io::Cursor::new(bytes),
        &options,
        &mut |_| {},
        &mut rejects,
    )
    .await
    .unwrap();
    assert_eq!((summary.created, summary.rejected), (1, 1));
    assert!(rejects.windows(8).any(|window| window == b"M\xfcnchen,"));
}
