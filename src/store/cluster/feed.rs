//! What the others told: read from where each was heard up to.
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseBackend, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, Statement,
    Value, prelude::Uuid,
};

use super::{body, nodes::Neighbour};
use crate::{
    domain::{Batch, ChatId, NodeId, Step},
    store::{Fault, Store},
};
use entity::{chat, feed, node};

/// So many of one node are read at once.
const AT_ONCE: u64 = 200;

/// So many chats are asked for at once.
const CHATS_AT_ONCE: usize = 500;

/// A transaction of another node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// Whose.
    pub node: NodeId,
    /// Its number there.
    pub number: i64,
    /// What was done; nothing, if it cannot be read.
    pub batch: Option<Batch>,
}

/// What is there at one moment.
#[derive(Debug, Default)]
pub struct Look {
    /// The servers.
    pub nodes: Vec<Neighbour>,
    /// What was not heard yet.
    pub heard: Vec<Heard>,
    /// Nodes whose row that was heard last is not there: the database has forgotten something.
    pub forgotten: Vec<NodeId>,
    /// Whether there is more.
    pub has_more: bool,
}

#[derive(FromQueryResult)]
struct Row {
    node_id: Uuid,
    number: i64,
    body: Vec<u8>,
}

impl Store {
    /// Looks for what others told, after what was heard of each.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn look(&self, me: NodeId, heard: impl Fn(NodeId) -> i64) -> Result<Look, Fault> {
        let rows = node::Entity::find().all(&self.writer).await?;
        let nodes: Vec<Neighbour> = rows.into_iter().map(Neighbour::from).collect();
        let mut look = Look::default();
        let others = nodes.iter().filter(|node| node.id != me && (node.is_clustered || node.has_left));
        let asked: Vec<(NodeId, i64)> = others.map(|node| (node.id, heard(node.id))).collect();
        if !asked.is_empty() {
            let rows = self.writer.query_all_raw(self.after(&asked)).await?;
            let rows: Vec<Row> = rows.iter().map(|row| Row::from_query_result(row, "")).collect::<Result<_, _>>()?;
            for (node, last) in asked {
                let mut of_node: Vec<&Row> = rows.iter().filter(|row| row.node_id == node.0).collect();
                of_node.sort_unstable_by_key(|row| row.number);
                if last > 0 && of_node.first().is_none_or(|row| row.number != last) {
                    look.forgotten.push(node);
                }
                look.has_more |= of_node.len() as u64 >= AT_ONCE;
                look.heard.extend(of_node.into_iter().filter(|row| row.number > last).map(|row| Heard {
                    node,
                    number: row.number,
                    batch: read(node, row),
                }));
            }
        }
        look.nodes = nodes;
        Ok(look)
    }

    /// One statement, each part of which goes by the key.
    fn after(&self, asked: &[(NodeId, i64)]) -> Statement {
        let backend = self.backend();
        let mut values = Vec::with_capacity(asked.len() * 2);
        let parts: Vec<String> = asked
            .iter()
            .map(|(node, number)| {
                let place = |n: usize| if backend == DatabaseBackend::Postgres { format!("${n}") } else { "?".into() };
                let (id, from) = (place(values.len() + 1), place(values.len() + 2));
                values.push(Value::from(node.0));
                values.push(Value::from(*number));
                format!(
                    "(SELECT node_id, number, body FROM feed WHERE node_id = {id} AND number >= {from} ORDER BY number LIMIT {AT_ONCE})"
                )
            })
            .collect();
        Statement::from_sql_and_values(backend, parts.join(" UNION ALL "), values)
    }

    /// At which step chats are; those that are gone are left out.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn steps(&self, chats: &[ChatId]) -> Result<Vec<(ChatId, Step)>, Fault> {
        let mut steps = Vec::with_capacity(chats.len());
        for some in chats.chunks(CHATS_AT_ONCE) {
            let found: Vec<(Uuid, i64)> = chat::Entity::find()
                .select_only()
                .columns([chat::Column::Id, chat::Column::Step])
                .filter(chat::Column::Id.is_in(some.iter().map(|id| id.0)))
                .into_tuple()
                .all(&self.reader)
                .await?;
            steps.extend(found.into_iter().map(|(id, step)| (ChatId(id), Step(step))));
        }
        Ok(steps)
    }

    /// The newest number of each node: what is there when this one starts is history.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn newest_numbers(&self) -> Result<Vec<(NodeId, i64)>, Fault> {
        let found: Vec<(Uuid, Option<i64>)> = feed::Entity::find()
            .select_only()
            .column(feed::Column::NodeId)
            .column_as(feed::Column::Number.max(), "newest")
            .group_by(feed::Column::NodeId)
            .into_tuple()
            .all(&self.writer)
            .await?;
        Ok(found.into_iter().map(|(node, newest)| (NodeId(node), newest.unwrap_or_default())).collect())
    }

    /// Removes what this node told up to a number.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn sweep_feed(&self, me: NodeId, upto: i64) -> Result<u64, Fault> {
        let swept = feed::Entity::delete_many()
            .filter(feed::Column::NodeId.eq(me.0))
            .filter(feed::Column::Number.lte(upto))
            .exec(&self.writer)
            .await?;
        Ok(swept.rows_affected)
    }
}

fn read(node: NodeId, row: &Row) -> Option<Batch> {
    body::read(&row.body)
        .inspect_err(|error| log::error!("transaction {} of node {node} cannot be read: {error}", row.number))
        .ok()
}
