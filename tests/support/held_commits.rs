//! PostgreSQL that is at a commit for as long as a test wants.
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, TransactionTrait};

/// Has every commit of a message wait until the transaction that this gives ends, however long that takes.
pub async fn hold_commits(database: &DatabaseConnection) -> DatabaseTransaction {
    database.execute_unprepared(WAIT_FOR_THE_LOCK).await.unwrap();
    let holder = database.begin().await.unwrap();
    holder.execute_unprepared("SELECT pg_advisory_xact_lock(1)").await.unwrap();
    holder
}

const WAIT_FOR_THE_LOCK: &str = "
    CREATE FUNCTION hold() RETURNS trigger AS $$ BEGIN
        PERFORM set_config('lock_timeout', '0', true);
        PERFORM pg_advisory_xact_lock(1);
        RETURN NULL;
    END $$ LANGUAGE plpgsql;
    CREATE CONSTRAINT TRIGGER hold AFTER INSERT ON message DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION hold()";
