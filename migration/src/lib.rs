//! The history of Greenroom's tables. Each step runs once, in order, and can be taken back.
use sea_orm_migration::prelude::*;

pub use m0005_one_spelling::fold;
pub use sea_orm_migration::MigratorTrait;

mod m0001_accounts;
mod m0002_chats;
mod m0003_retention;
mod m0004_past_members;
mod m0005_one_spelling;
mod m0006_changes;
mod m0007_hints;
mod m0008_groups;
mod m0009_preferences;
mod m0010_invites;
mod m0011_blocks;
mod m0012_profiles;
mod m0013_files;
mod m0014_search;
mod m0015_people;
mod m0016_cluster;
mod tables;

/// Runs the steps.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_accounts::Migration),
            Box::new(m0002_chats::Migration),
            Box::new(m0003_retention::Migration),
            Box::new(m0004_past_members::Migration),
            Box::new(m0005_one_spelling::Migration),
            Box::new(m0006_changes::Migration),
            Box::new(m0007_hints::Migration),
            Box::new(m0008_groups::Migration),
            Box::new(m0009_preferences::Migration),
            Box::new(m0010_invites::Migration),
            Box::new(m0011_blocks::Migration),
            Box::new(m0012_profiles::Migration),
            Box::new(m0013_files::Migration),
            Box::new(m0014_search::Migration),
            Box::new(m0015_people::Migration),
            Box::new(m0016_cluster::Migration),
        ]
    }
}
