//! The real file, where it is there.

use std::fs::File;
use std::path::Path;

use super::world::World;
use crate::domain::import::{self, Options, Summary};

/// 8,800 deals of a hardware seller; not part of the project.
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/opportunities-export.csv");

async fn import_real_file(world: &World) -> Option<Summary> {
    if !Path::new(FILE).exists() {
        eprintln!("skipped: there is no {FILE}");
        return None;
    }
    let stages = ["Prospecting", "Engaging", "Won", "Lost"].map(str::to_owned).to_vec();
    let options = Options { create_users: true, separate_owners: true, stages, ..Options::default() };
    let file = File::open(FILE).unwrap();
    let mut rejects = Vec::new();
    Some(import::opportunities(&world.access, file, &options, &mut |_| {}, &mut rejects).await.unwrap())
}

#[tokio::test]
async fn the_real_file_is_taken_in_once() {
    let world = World::new().await;
    let Some(first) = import_real_file(&world).await else { return };
    assert_eq!((first.read, first.created, first.rejected), (8_800, 7_375, 1_425));
    assert_eq!((first.contacts_created, first.users_created, first.stages_created), (85, 36, 4));
    let undated =
        world.opportunities().await.iter().filter(|row| row.created_at == super::world::NOW).count();
    assert_eq!(undated, 163);

    let second = import_real_file(&world).await.unwrap();
    assert_eq!((second.unchanged, second.rejected, second.changed_nothing()), (7_375, 1_425, true));
}
