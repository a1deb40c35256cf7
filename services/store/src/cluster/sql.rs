//! The tables `node`, `cut`, `cut_count`.

use kernel::{Fault, Id, Node};

use crate::{Conn, Tx};

crate::statements! {
    /// The number of what is taken away next. Holds the count to the commit, so numbers are
    /// dense and in the order of commits.
    COUNT_CUT unscoped "nodes belong to the hub" = "
        update cut_count set no = no + 1 where one = 1 returning no";

    /// What every node has to cut.
    NOTE_CUT unscoped "nodes belong to the hub" = "
        insert into cut (no, node_id, hints) values ($1, $2, $3)";

    /// A node that has nothing to cut so far.
    JOIN unscoped "nodes belong to the hub" = "
        insert into node (id, seen, beat)
        select $1, no, 0 from cut_count where one = 1
        returning seen";

    /// What a node has yet to cut.
    CUTS_AFTER unscoped "nodes belong to the hub" = "
        select no, node_id, hints from cut where no > $1 order by no";

    /// A node is there, and has cut so far.
    BEAT unscoped "nodes belong to the hub" = "
        update node set seen = $2, beat = beat + 1 where id = $1";

    /// The other nodes, and their beats.
    OTHERS unscoped "nodes belong to the hub" = "
        select id, beat from node where id <> $1";

    /// The other nodes that have not cut so far.
    BEHIND unscoped "nodes belong to the hub" = "
        select id from node where id <> $1 and seen < $2";

    /// A node whose lease ran out before it had cut so far.
    PUT_OUT unscoped "nodes belong to the hub" = "
        delete from node where id = $1 and seen < $2";

    /// A node that was not heard of for longer than a lease.
    BURY unscoped "nodes belong to the hub" = "
        delete from node where id = $1 and beat = $2";

    /// A node that goes.
    LEAVE unscoped "nodes belong to the hub" = "
        delete from node where id = $1";

    /// Forgets what every node has cut.
    FORGET_CUTS unscoped "nodes belong to the hub" = "
        delete from cut where no <= (select min(seen) from node)";
}

pub(crate) async fn note_cut(
    tx: &mut Tx,
    node: Id<Node>,
    hints: &str,
) -> Result<i64, Fault> {
    let (no,): (i64,) = tx.run(COUNT_CUT).one().await?;
    tx.run(NOTE_CUT).bind(no).bind(node).bind(hints).execute().await?;
    Ok(no)
}

pub(super) async fn join(conn: &mut Conn, node: Id<Node>) -> Result<i64, Fault> {
    let (seen,): (i64,) = conn.run(JOIN).bind(node).one().await?;
    Ok(seen)
}

pub(super) async fn cuts_after(
    conn: &mut Conn,
    seen: i64,
) -> Result<Vec<(i64, Id<Node>, String)>, Fault> {
    conn.run(CUTS_AFTER).bind(seen).all().await
}

/// False if the node was put out.
pub(super) async fn beat(
    conn: &mut Conn,
    node: Id<Node>,
    seen: i64,
) -> Result<bool, Fault> {
    Ok(conn.run(BEAT).bind(node).bind(seen).execute().await? > 0)
}

pub(super) async fn others(
    conn: &mut Conn,
    node: Id<Node>,
) -> Result<Vec<(Id<Node>, i64)>, Fault> {
    conn.run(OTHERS).bind(node).all().await
}

pub(super) async fn behind(
    conn: &mut Conn,
    node: Id<Node>,
    no: i64,
) -> Result<Vec<Id<Node>>, Fault> {
    let rows: Vec<(Id<Node>,)> = conn.run(BEHIND).bind(node).bind(no).all().await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub(super) async fn put_out(
    conn: &mut Conn,
    node: Id<Node>,
    no: i64,
) -> Result<(), Fault> {
    conn.run(PUT_OUT).bind(node).bind(no).execute().await.map(drop)
}

pub(super) async fn bury(
    conn: &mut Conn,
    node: Id<Node>,
    beat: i64,
) -> Result<(), Fault> {
    conn.run(BURY).bind(node).bind(beat).execute().await.map(drop)
}

pub(super) async fn leave(conn: &mut Conn, node: Id<Node>) -> Result<(), Fault> {
    conn.run(LEAVE).bind(node).execute().await.map(drop)
}

pub(super) async fn forget_cuts(conn: &mut Conn) -> Result<(), Fault> {
    conn.run(FORGET_CUTS).execute().await.map(drop)
}
