use segments::{Plan, Tag};

use super::Left;

/// Segments that were made in any order, to be put in the order of a plan.
pub(super) struct Bag<T> {
    chunks: Vec<(Tag, Vec<T>)>,
}

impl<T> Bag<T> {
    pub(super) fn new() -> Self {
        Self { chunks: Vec::new() }
    }

    /// Adds a segment, or a loop with its first segment first.
    pub(super) fn push(&mut self, tag: [u8; 3], chunk: Vec<T>) {
        self.chunks.push((Tag::of(&tag), chunk));
    }

    /// The segments in the order of the plan, among the children of `scope` from `from` on; what
    /// the plan does not have, or has no more room for, goes to `left`.
    pub(super) fn arrange(
        self,
        plan: &Plan,
        scope: &[Tag],
        from: usize,
        left: &mut Vec<Left>,
    ) -> Vec<T> {
        let mut berths = Vec::new();
        for (tag, chunk) in self.chunks {
            if let Some(berth) = plan.berth(scope, from, tag) {
                berths.push((berth, tag, chunk));
            } else {
                let why = format!("{} has no {tag} at this place", plan.set);
                left.push(Left::new(0, tag.to_string(), why));
            }
        }
        berths.sort_by_key(|(berth, _, _)| berth.node);
        let mut arranged = Vec::new();
        let (mut node, mut count) = (usize::MAX, 0_u32);
        for (berth, tag, chunk) in berths {
            count = if berth.node == node { count.saturating_add(1) } else { 1 };
            node = berth.node;
            if count <= berth.most {
                arranged.extend(chunk);
            } else {
                let why = format!("{} takes {tag} {} times only", plan.set, berth.most);
                left.push(Left::new(0, tag.to_string(), why));
            }
        }
        arranged
    }
}
