use crate::Tag;

/// The plan of a set: its segments and loops, in order.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The set, such as `850` or `ORDERS`.
    pub set: Box<str>,
    /// The code of the groups that carry it, such as `PO`; empty where groups have none.
    pub group: Box<str>,
    /// Its nodes, each loop before what it holds.
    pub nodes: Vec<Node>,
}

/// A segment or a loop of a plan.
#[derive(Clone, Debug)]
pub struct Node {
    /// The segment, or the segment that opens the loop.
    pub tag: Tag,
    /// What the loop is called; none for a segment.
    pub name: Option<Box<str>>,
    /// Whether it must be there.
    pub mandatory: bool,
    /// How often it may be there.
    pub most: u32,
    /// How many loops it stands in.
    pub depth: u8,
    /// The node after it and everything that it holds.
    pub next: usize,
    /// How many of the nodes after it, in its loop, must be there.
    pub(crate) demanded: u32,
    /// The tags of itself and of the nodes after it, in its loop, one bit each; bits are shared.
    pub(crate) reach: u128,
    /// Its layout, by place in the release; none for a loop.
    pub(crate) layout: Option<usize>,
}

impl Node {
    /// Whether it is a loop.
    pub fn is_loop(&self) -> bool {
        self.name.is_some()
    }
}

impl Plan {
    /// Whether the plan uses a segment anywhere.
    pub fn uses(&self, tag: Tag) -> bool {
        self.nodes.iter().any(|node| !node.is_loop() && node.tag == tag)
    }

    /// Links the nodes once all are there; `layout` finds the layout of a segment.
    pub(crate) fn link(&mut self, layout: impl Fn(Tag) -> Option<usize>) {
        let depths: Vec<u8> = self.nodes.iter().map(|node| node.depth).collect();
        let tags: Vec<Tag> = self.nodes.iter().map(|node| node.tag).collect();
        for (place, node) in self.nodes.iter_mut().enumerate() {
            let after = place.saturating_add(1);
            let rest = depths.get(after..).unwrap_or_default();
            let held =
                rest.iter().position(|depth| *depth <= node.depth).unwrap_or(rest.len());
            node.next = after.saturating_add(held);
            if node.is_loop() {
                node.tag = tags.get(after).copied().unwrap_or_default();
            } else {
                node.layout = layout(node.tag);
            }
        }
        self.look_ahead();
    }

    fn look_ahead(&mut self) {
        for place in (0..self.nodes.len()).rev() {
            let Some(node) = self.nodes.get(place) else {
                return;
            };
            let sibling =
                self.nodes.get(node.next).filter(|next| next.depth == node.depth);
            let (demanded, reach) = sibling.map_or((0, 0), |next| {
                (next.demanded.saturating_add(u32::from(next.mandatory)), next.reach)
            });
            if let Some(node) = self.nodes.get_mut(place) {
                node.demanded = demanded;
                node.reach = reach | node.tag.bit();
            }
        }
    }
}

/// Where something stands among the children of a loop.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Berth {
    /// Its node; children of one loop are in the order of their nodes.
    pub node: usize,
    /// How often it may stand there.
    pub most: u32,
}

impl Plan {
    /// Where a segment, or the loop that it opens, stands among the children of the loops
    /// `scope`, each named by the segment that opens it; nodes before `from` do not count.
    pub fn berth(&self, scope: &[Tag], from: usize, tag: Tag) -> Option<Berth> {
        let Some((outer, inner)) = scope.split_first() else {
            return self.child(from, tag);
        };
        let mut first = self.child(0, *outer)?.node;
        for lead in inner {
            first = self.child(first.saturating_add(2), *lead)?.node;
        }
        self.child(first.saturating_add(2).max(from), tag)
    }

    fn child(&self, from: usize, tag: Tag) -> Option<Berth> {
        let depth = self.nodes.get(from)?.depth;
        let mut at = from;
        while let Some(node) = self.nodes.get(at).filter(|node| node.depth >= depth) {
            if node.tag == tag {
                return Some(Berth { node: at, most: node.most });
            }
            at = node.next;
        }
        None
    }
}
