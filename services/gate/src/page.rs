use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::{IntoParams, ToSchema};

use crate::Problem;

/// One page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page starts; null on the last.
    pub next: Option<String>,
    /// How many rows there are in all, if `total=true` was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<i64>,
}

/// Which page of a list is asked for.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageAsk {
    /// How many rows, 1 to 200; 50 unless told.
    pub limit: Option<i64>,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// Whether to count all rows.
    pub total: Option<bool>,
}

/// A place in a list, as an opaque text. It carries only what the page before showed.
#[derive(Clone, Debug)]
pub struct Cursor<K>(pub K);

impl PageAsk {
    /// How many rows, within bounds.
    pub fn limit(&self) -> i64 {
        self.limit.unwrap_or(50).clamp(1, 200)
    }

    /// Where to start, if not at the start.
    ///
    /// # Errors
    /// If `after` is no text that we gave out.
    pub fn after<K: DeserializeOwned>(&self) -> Result<Option<K>, Problem> {
        let Some(text) = &self.after else { return Ok(None) };
        let refused = || Problem::refused("after", "this is not the `next` of any page");
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_not_base64| refused())?;
        serde_json::from_slice(&bytes).map(Some).map_err(|_not_ours| refused())
    }
}

impl<K: Serialize> Cursor<K> {
    /// Its text.
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(&self.0).unwrap_or_default())
    }
}

impl<T> Page<T> {
    /// All rows there are.
    pub const fn all(items: Vec<T>) -> Self {
        Self { items, next: None, total: None }
    }

    /// A page from up to `limit + 1` rows: the one too many only tells that there is more.
    pub fn cut<K: Serialize>(
        mut items: Vec<T>,
        limit: i64,
        key: impl Fn(&T) -> K,
    ) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        let last = items.last().filter(|_| more);
        Self { next: last.map(|row| Cursor(key(row)).text()), items, total: None }
    }

    /// With another kind of row.
    pub fn map<U>(self, with: impl FnMut(T) -> U) -> Page<U> {
        let items = self.items.into_iter().map(with).collect();
        Page { items, next: self.next, total: self.total }
    }
}
