//! Statements, and how one is run on either database.

use kernel::Fault;
use sqlx::{
    Arguments, Encode, FromRow, PgConnection, Postgres, Sqlite, SqliteConnection, Type,
    postgres::{PgArguments, PgRow},
    sqlite::{SqliteArguments, SqliteRow},
};

/// One statement of the catalogue, by name. Made by [`statements!`](crate::statements).
#[derive(Clone, Copy, Debug)]
pub struct Statement {
    /// Its name in its feature.
    pub name: &'static str,
    /// Its text for SQLite.
    pub sqlite: &'static str,
    /// Its text for PostgreSQL; nearly always the same.
    pub postgres: &'static str,
    /// Why it names no organisation, if it does not.
    pub unscoped: Option<&'static str>,
}

/// Names statements, and lists them in `ALL` for the tests that try each one.
///
/// `NAME = "…";` is one text for both databases. `NAME = sqlite "…", postgres "…";` has two
/// bodies. A statement that names no organisation says why: `NAME unscoped "why" = "…";`.
#[macro_export]
macro_rules! statements {
    (@why) => { None };
    (@why $why:literal) => { Some($why) };
    (@lite $sql:literal) => { $sql };
    (@lite $sql:literal $other:literal) => { $sql };
    (@pg $sql:literal) => { $sql };
    (@pg $sql:literal $other:literal) => { $other };
    ($( $(#[$doc:meta])+ $name:ident $(unscoped $why:literal)? = $(sqlite)? $sql:literal $(, postgres $other:literal)?; )+) => {
        $(
            $(#[$doc])+
            pub(crate) const $name: $crate::Statement = $crate::Statement {
                name: stringify!($name),
                sqlite: $crate::statements!(@lite $sql $($other)?),
                postgres: $crate::statements!(@pg $sql $($other)?),
                unscoped: $crate::statements!(@why $($why)?),
            };
        )+

        /// Every statement of this feature.
        pub const ALL: &[$crate::Statement] = &[$($name),+];
    };
}

/// A value that either database can take.
pub trait Param:
    for<'q> Encode<'q, Sqlite> + Type<Sqlite> + for<'q> Encode<'q, Postgres> + Type<Postgres>
{
}

impl<T> Param for T where
    T: for<'q> Encode<'q, Sqlite>
        + Type<Sqlite>
        + for<'q> Encode<'q, Postgres>
        + Type<Postgres>
{
}

/// A struct or tuple that can be read from either database's rows.
pub trait Record:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}

impl<T> Record for T where
    T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}

/// A statement with its values, ready to run.
#[derive(Debug)]
pub struct Query<'c> {
    name: &'static str,
    on: On<'c>,
    plan: Plan,
    refused: Option<sqlx::error::BoxDynError>,
}

/// Whether a connection to PostgreSQL may keep a statement's plan.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Plan {
    /// It is made a few times, and then kept.
    Kept,
    /// It is made each time, for the tables as they are then.
    Anew,
}

#[derive(Debug)]
enum On<'c> {
    Sqlite(&'c mut SqliteConnection, &'static str, SqliteArguments),
    Postgres(&'c mut PgConnection, &'static str, PgArguments),
}

/// Runs `$run` on whichever database the query is for, and names the statement in a fault.
macro_rules! fetch {
    ($query:expr, |$conn:ident, $sql:ident, $args:ident, $keep:ident| $run:expr) => {{
        let Query { name, on, plan, refused } = $query;
        if let Some(error) = refused {
            return Err(Fault::new(format!("binding to {name}"))(error));
        }
        let $keep = plan == Plan::Kept;
        match on {
            On::Sqlite($conn, $sql, $args) => $run,
            On::Postgres($conn, $sql, $args) => $run,
        }
        .map_err(Fault::new(format!("running {name}")))
    }};
}

impl<'c> Query<'c> {
    pub(crate) fn sqlite(conn: &'c mut SqliteConnection, it: Statement) -> Self {
        let on = On::Sqlite(conn, it.sqlite, SqliteArguments::default());
        Self { name: it.name, on, plan: Plan::Kept, refused: None }
    }

    pub(crate) fn postgres(conn: &'c mut PgConnection, it: Statement) -> Self {
        let on = On::Postgres(conn, it.postgres, PgArguments::default());
        Self { name: it.name, on, plan: Plan::Kept, refused: None }
    }

    /// Gives the next `$n` its value.
    #[must_use]
    pub fn bind(mut self, value: impl Param) -> Self {
        let bound = match &mut self.on {
            On::Sqlite(_, _, args) => args.add(value),
            On::Postgres(_, _, args) => args.add(value),
        };
        self.refused = self.refused.or(bound.err());
        self
    }

    /// Has PostgreSQL plan the statement for the tables as they are now.
    ///
    /// A connection keeps the plans of its statements. One that was made while a table was small
    /// reads it from end to end, also when it has since become large; that is mended only
    /// once the server has counted the table again. For statements that touch many rows.
    #[must_use]
    pub fn anew(mut self) -> Self {
        self.plan = Plan::Anew;
        self
    }

    /// The only row.
    ///
    /// # Errors
    /// If the database fails, or there is no row.
    pub async fn one<T: Record>(self) -> Result<T, Fault> {
        fetch!(self, |conn, sql, args, keep| sqlx::query_as_with(sql, args)
            .persistent(keep)
            .fetch_one(conn)
            .await)
    }

    /// The only row, or none.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn optional<T: Record>(self) -> Result<Option<T>, Fault> {
        fetch!(self, |conn, sql, args, keep| sqlx::query_as_with(sql, args)
            .persistent(keep)
            .fetch_optional(conn)
            .await)
    }

    /// Every row.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn all<T: Record>(self) -> Result<Vec<T>, Fault> {
        fetch!(self, |conn, sql, args, keep| sqlx::query_as_with(sql, args)
            .persistent(keep)
            .fetch_all(conn)
            .await)
    }

    /// Runs it and tells how many rows it touched.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn execute(self) -> Result<u64, Fault> {
        fetch!(self, |conn, sql, args, keep| sqlx::query_with(sql, args)
            .persistent(keep)
            .execute(conn)
            .await
            .map(|done| done.rows_affected()))
    }
}
