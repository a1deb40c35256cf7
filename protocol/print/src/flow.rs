//! What stands one beneath the other, and how it is cut into pages. All measures are thousandths
//! of a point; a strip's own begin at its top left.

use crate::text::Set;

/// A4.
pub(crate) const PAGE: (i64, i64) = (595_276, 841_890);
/// The left and right margins.
pub(crate) const MARGIN: i64 = 48_000;
/// What is between the margins.
pub(crate) const WIDTH: i64 = PAGE.0 - 2 * MARGIN;
/// Where the text of the first and of any other page begins and ends.
const TOP: (i64, i64) = (46_000, 72_000);
const BOTTOM: i64 = PAGE.1 - 66_000;

/// A colour.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Ink {
    /// What is read.
    Text,
    /// What is read second.
    Quiet,
    /// What is to be seen.
    Accent,
    /// Lines.
    Hair,
}

/// The meaning of a part, by its place in [`Flow::nodes`]; what has none is decoration.
pub(crate) type NodeId = usize;

/// A line of text at its place.
#[derive(Clone, Debug)]
pub(crate) struct Put {
    pub(crate) x: i64,
    /// Of the line that the letters stand on.
    pub(crate) y: i64,
    pub(crate) ink: Ink,
    pub(crate) set: Set,
    pub(crate) node: Option<NodeId>,
}

/// A filled rectangle.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fill {
    pub(crate) x: i64,
    pub(crate) y: i64,
    pub(crate) width: i64,
    pub(crate) height: i64,
    pub(crate) ink: Ink,
}

/// What is never cut.
#[derive(Clone, Debug, Default)]
pub(crate) struct Strip {
    pub(crate) height: i64,
    pub(crate) puts: Vec<Put>,
    pub(crate) fills: Vec<Fill>,
    /// Whether the next one belongs on the same page.
    pub(crate) keeps_next: bool,
}

/// A step of the flow.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Something to see.
    Strip(Strip),
    /// A table begins, with its head; it is repeated on each page.
    Head(Vec<Strip>),
    /// The table ends.
    End,
}

/// What a part means to who does not see the page.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Meaning {
    /// The title of the sheet.
    Title(String),
    /// The title of a part.
    Heading(String),
    /// Words.
    Words,
    /// A table, and what is in it.
    Table,
    TableHead,
    TableBody,
    Row,
    /// The head of a column.
    HeadCell,
    Cell,
}

/// A part and its meaning.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) meaning: Meaning,
    pub(crate) parent: Option<NodeId>,
}

/// Everything, in reading order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flow {
    pub(crate) steps: Vec<Step>,
    pub(crate) nodes: Vec<Node>,
}

impl Flow {
    /// A new part.
    pub(crate) fn node(&mut self, meaning: Meaning, parent: Option<NodeId>) -> NodeId {
        self.nodes.push(Node { meaning, parent });
        self.nodes.len() - 1
    }

    pub(crate) fn push(&mut self, strip: Strip) {
        self.steps.push(Step::Strip(strip));
    }

    /// Room.
    pub(crate) fn space(&mut self, height: i64) {
        let keeps_next = true;
        self.push(Strip { height, keeps_next, ..Strip::default() });
    }
}

/// A strip at its height on a page.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub(crate) top: i64,
    pub(crate) strip: Strip,
}

/// Cuts the steps into pages.
pub(crate) fn pages(steps: Vec<Step>) -> Vec<Vec<Placed>> {
    let mut pager = Pager {
        pages: vec![Vec::new()],
        at: TOP.0,
        head: Vec::new(),
        pending: Vec::new(),
    };
    let mut held: Vec<Strip> = Vec::new();
    for next in steps {
        match next {
            Step::Strip(strip) => {
                let more = strip.keeps_next;
                held.push(strip);
                if !more {
                    pager.place(std::mem::take(&mut held));
                }
            }
            Step::Head(strips) => {
                // A head alone at the foot of a page is of no use to anybody.
                held.extend(strips.iter().cloned());
                for strip in &mut held {
                    strip.keeps_next = true;
                }
                pager.pending = strips;
            }
            Step::End => {
                pager.place(std::mem::take(&mut held));
                pager.head.clear();
            }
        }
    }
    pager.place(held);
    pager.pages
}

struct Pager {
    pages: Vec<Vec<Placed>>,
    at: i64,
    /// The head of the table that goes on, and of one that has not begun.
    head: Vec<Strip>,
    pending: Vec<Strip>,
}

impl Pager {
    /// Places what belongs together: on this page, else on the next; where it is longer than a
    /// page, strip by strip.
    fn place(&mut self, strips: Vec<Strip>) {
        let height: i64 = strips.iter().map(|it| it.height).sum();
        if self.at + height > BOTTOM && !self.is_fresh() {
            self.turn();
        }
        for strip in strips {
            if self.at + strip.height > BOTTOM && !self.is_fresh() {
                self.turn();
            }
            let top = self.at;
            self.at += strip.height;
            if let Some(page) = self.pages.last_mut() {
                page.push(Placed { top, strip });
            }
        }
        if !self.pending.is_empty() {
            self.head = std::mem::take(&mut self.pending);
        }
    }

    /// Whether nothing but a repeated head stands on the page.
    fn is_fresh(&self) -> bool {
        let first = if self.pages.len() == 1 { TOP.0 } else { TOP.1 };
        let head: i64 = self.head.iter().map(|it| it.height).sum();
        self.at <= first + if self.pages.len() == 1 { 0 } else { head }
    }

    fn turn(&mut self) {
        self.pages.push(Vec::new());
        self.at = TOP.1;
        for mut strip in self.head.clone() {
            // It was read before.
            strip.puts.iter_mut().for_each(|put| put.node = None);
            let top = self.at;
            self.at += strip.height;
            if let Some(page) = self.pages.last_mut() {
                page.push(Placed { top, strip });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strip(height: i64, keeps_next: bool) -> Step {
        Step::Strip(Strip { height, keeps_next, ..Strip::default() })
    }

    fn heights(steps: Vec<Step>) -> Vec<Vec<i64>> {
        let each = |page: Vec<Placed>| page.iter().map(|it| it.strip.height).collect();
        pages(steps).into_iter().map(each).collect()
    }

    #[test]
    fn what_belongs_together_goes_to_the_next_page_together() {
        let told = heights(vec![
            strip(600_000, false),
            strip(50_000, true),
            strip(100_000, false),
            strip(9_000, false),
        ]);
        assert_eq!(told, [vec![600_000], vec![50_000, 100_000, 9_000]]);
        // Longer than any page: it is cut, and nothing is lost.
        let long = vec![strip(400_000, true); 5];
        assert_eq!(heights(long).concat().len(), 5);
    }

    #[test]
    fn the_head_of_a_table_is_repeated_and_never_stands_alone() {
        let head = vec![Strip { height: 20_000, ..Strip::default() }];
        let mut steps = vec![strip(680_000, false), Step::Head(head)];
        steps.extend(vec![strip(30_000, false); 30]);
        steps.extend([Step::End, strip(1_000, false)]);
        let told = heights(steps);
        assert_eq!(told.len(), 3);
        assert_eq!(told.first(), Some(&vec![680_000]));
        for page in told.iter().skip(1) {
            assert_eq!(page.iter().filter(|it| **it == 20_000).count(), 1);
            assert_eq!(page.first(), Some(&20_000));
        }
        let rows = told.concat().into_iter().filter(|it| *it == 30_000).count();
        assert_eq!(rows, 30);
    }
}
