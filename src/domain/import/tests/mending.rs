//! The rejects file: mended and imported again.

use super::world::{World, file};

#[tokio::test]
async fn mended_rows_are_taken_once_and_known_again() {
    let world = World::separate().await;
    let input = file(&[
        &[("Opportunity name", "Twin")],
        &[("Opportunity name", "Twin"), ("Lead Value", "1,5")],
        &[("Opportunity name", "Twin"), ("status", "call, then\nwrite")],
        &[("Opportunity name", "Good")],
    ]);
    let first = world.import(&input).await;
    assert_eq!(first.counts(), [4, 2, 0, 0, 2]);
    assert_eq!(first.rejected("occurrence").iter().map(|text| &text[..2]).collect::<Vec<_>>(), ["2-", "3-"]);

    let half = world.import(&first.mended("\"1,5\"", "1.5")).await;
    assert_eq!(half.counts(), [2, 1, 0, 0, 1]);
    // The columns do not grow, and a row stays itself however often it comes back.
    assert_eq!(half.rejects.lines().next(), first.rejects.lines().next());
    assert_eq!(half.rejected("occurrence")[0], first.rejected("occurrence")[1]);

    let rest = world.import(&half.mended("\"call, then\nwrite\"", "open")).await;
    assert_eq!((rest.counts(), rest.rejects.as_str()), ([1, 1, 0, 0, 0], ""));
    let values: Vec<_> = world.opportunities().await.iter().map(|row| row.value_minor).collect();
    assert_eq!(values, [None, None, Some(150), None]);

    // All three files again: nothing changes, and what could not be taken still cannot.
    assert_eq!(world.import(&input).await.counts(), [4, 0, 2, 0, 2]);
    assert_eq!(world.import(&first.mended("\"1,5\"", "1.5")).await.counts(), [2, 0, 1, 0, 1]);
    assert_eq!(world.opportunities().await.len(), 4);
}

#[tokio::test]
async fn a_row_never_becomes_another_by_mending() {
    let world = World::separate().await;
    world.user("Ann Lee").await;
    let input = file(&[&[("assigned", "Ann Lee")], &[("assigned", "Ann Le")], &[("Contact Name", "")]]);
    let first = world.import(&input).await;
    assert_eq!(first.counts(), [3, 1, 0, 0, 2]);

    // Mended, the second row says just what the first one said; it is another deal all the same.
    let mended = first.mended("Ann Le,", "Ann Lee,");
    assert_eq!(world.import(&mended).await.counts(), [2, 1, 0, 0, 1]);
    assert_eq!(world.import(&mended).await.counts(), [2, 0, 1, 0, 1]);
    assert_eq!(world.opportunities().await.len(), 2);
}

#[tokio::test]
async fn a_plain_number_will_do_and_the_same_row_twice_will_not() {
    let world = World::separate().await;
    let rows = file(&[&[], &[]]);
    let number = |text: &str, numbers: [&str; 2]| -> String {
        let mut lines = text.lines();
        let header = format!("{},occurrence\n", lines.next().unwrap());
        lines.zip(numbers).fold(header, |text, (line, number)| format!("{text}{line},{number}\n"))
    };
    assert_eq!(world.import(&rows).await.counts(), [2, 2, 0, 0, 0]);
    assert_eq!(world.import(&number(&rows, ["2", "3"])).await.counts(), [2, 1, 1, 0, 0]);
    assert_eq!(world.import(&number(&rows, ["2", ""])).await.counts(), [2, 0, 2, 0, 0]);
    let twice = world.import(&number(&rows, ["2", "2"])).await;
    assert_eq!((twice.counts(), twice.rejected("column")), ([2, 0, 1, 0, 1], vec!["occurrence".to_owned()]));
}

#[tokio::test]
async fn a_row_of_another_length_is_rejected_until_somebody_has_looked_at_it() {
    let world = World::separate().await;
    let good = file(&[&[]]);
    let line = good.lines().nth(1).unwrap();
    let input = format!("{good}{line},more, and more\n{}\n", &line[..line.len() - 6]);
    let first = world.import(&input).await;
    assert_eq!(first.counts(), [3, 1, 0, 0, 2]);
    assert_eq!(first.rejected("line"), ["3", "4"]);
    assert!(first.rejected("reason")[0].starts_with("the row has 20 fields, the header has 18"));
    assert_eq!(first.rejected("status"), ["open,more, and more", ""]);

    let unseen = world.import(&first.rejects).await;
    assert_eq!(
        (unseen.counts(), unseen.rejected("column")),
        ([2, 0, 0, 0, 2], vec!["occurrence".to_owned(); 2])
    );
    let seen = first.mended(",?\n", ",\n").replace("open,more, and more", "won").replace("Acme", "Other");
    assert_eq!(world.import(&seen).await.counts(), [2, 2, 0, 0, 0]);
}
