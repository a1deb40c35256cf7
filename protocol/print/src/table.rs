//! Cells side by side, cut into strips.

use crate::{
    flow::{Fill, Ink, MARGIN, NodeId, Put, Strip, WIDTH},
    text::Set,
};

/// On which side of its cell a text stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Side {
    /// Where reading begins.
    Start,
    /// At the right, as numbers do.
    End,
}

/// A cell of a row.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    /// From the left margin.
    pub(crate) x: i64,
    pub(crate) width: i64,
    pub(crate) side: Side,
    pub(crate) lines: Vec<(Set, Ink)>,
    pub(crate) node: Option<NodeId>,
}

/// How a row looks.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Look {
    /// Room above and beneath its text.
    pub(crate) above: i64,
    pub(crate) beneath: i64,
    /// The ink of a line beneath it.
    pub(crate) rule: Option<Ink>,
}

/// How far lines of a size stand apart.
pub(crate) fn leading(size: i64) -> i64 {
    size * 138 / 100
}

/// A row: a strip for each line of text. Up to eight lines stay together.
pub(crate) fn row(cells: &[Cell], look: Look) -> Vec<Strip> {
    let count = cells.iter().map(|it| it.lines.len()).max().unwrap_or_default();
    let mut strips: Vec<Strip> = Vec::with_capacity(count);
    for at in 0..count {
        let own = cells.iter().filter_map(|cell| Some((cell, cell.lines.get(at)?)));
        let own: Vec<_> = own.collect();
        let size = own.iter().map(|(_, (set, _))| set.size).max().unwrap_or_default();
        let above = if at == 0 { look.above } else { 0 };
        let y = above + size * 108 / 100;
        let puts = own.into_iter().map(|(cell, (set, ink))| put(cell, set, *ink, y));
        strips.push(Strip {
            height: above + leading(size),
            puts: puts.collect(),
            fills: Vec::new(),
            keeps_next: at + 1 < count && (count <= 8 || at == 0),
        });
    }
    let across = |y, height, ink| Fill { x: MARGIN, y, width: WIDTH, height, ink };
    if let Some(last) = strips.last_mut() {
        last.height += look.beneath;
        let y = last.height;
        last.fills.extend(look.rule.map(|ink| across(y - 500, 500, ink)));
    }
    strips
}

fn put(cell: &Cell, set: &Set, ink: Ink, y: i64) -> Put {
    let at_end = cell.side == Side::End || set.is_rtl;
    let x = if at_end { cell.x + cell.width - set.width } else { cell.x };
    Put { x: MARGIN + x, y, ink, set: set.clone(), node: cell.node }
}
