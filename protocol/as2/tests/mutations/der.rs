//! ASN.1 as a tree, to be bitten where it hurts: tags, lengths, order, and what is there at all.

use crate::mutate::Draw;

/// A value: its tag, and its bytes or the values in it.
#[derive(Clone)]
struct Node {
    tag: u8,
    bytes: Vec<u8>,
    inside: Vec<Node>,
    lie: Option<Lie>,
}

/// How a length is written that is not the right one, or not in the usual way.
#[derive(Clone, Copy)]
enum Lie {
    Less,
    More,
    Huge,
    Indefinite,
    Long,
}

fn read(mut bytes: &[u8]) -> Option<Vec<Node>> {
    let mut all = Vec::new();
    while let Some((&tag, rest)) = bytes.split_first() {
        let (&first, rest) = rest.split_first()?;
        let count = if first < 0x80 { 0 } else { usize::from(first & 0x7f) };
        let digits = rest.get(..count)?;
        let length = match count {
            0 => usize::from(first),
            _ => {
                digits.iter().fold(0_usize, |sum, digit| (sum << 8) | usize::from(*digit))
            }
        };
        let content = rest.get(count..count + length)?;
        bytes = &rest[count + length..];
        let inside = if tag & 0x20 == 0 { Vec::new() } else { read(content)? };
        all.push(Node { tag, bytes: content.to_vec(), inside, lie: None });
    }
    Some(all)
}

fn write(nodes: &[Node], out: &mut Vec<u8>) {
    for node in nodes {
        let mut content = Vec::new();
        if node.tag & 0x20 == 0 || node.inside.is_empty() {
            content.clone_from(&node.bytes);
        } else {
            write(&node.inside, &mut content);
        }
        let length = match node.lie {
            Some(Lie::Less) => content.len().saturating_sub(1),
            Some(Lie::More) => content.len() + 1,
            Some(Lie::Huge) => (1 << 47) | content.len(),
            Some(Lie::Indefinite | Lie::Long) | None => content.len(),
        };
        out.push(node.tag);
        match node.lie {
            Some(Lie::Indefinite) => out.push(0x80),
            Some(Lie::Long) => {
                out.push(0x86);
                out.extend_from_slice(&length.to_be_bytes()[2..]);
            }
            _ if length < 0x80 => out.push(u8::try_from(length).unwrap()),
            _ => {
                let digits = length.to_be_bytes();
                let digits: Vec<u8> =
                    digits.into_iter().skip_while(|digit| *digit == 0).collect();
                out.push(0x80 | u8::try_from(digits.len()).unwrap());
                out.extend_from_slice(&digits);
            }
        }
        out.extend_from_slice(&content);
        if matches!(node.lie, Some(Lie::Indefinite)) {
            out.extend_from_slice(&[0, 0]);
        }
    }
}

fn count(nodes: &[Node]) -> usize {
    nodes.iter().map(|node| 1 + count(&node.inside)).sum()
}

/// The list that holds the value with a number, and its place there.
fn find<'a>(
    nodes: &'a mut Vec<Node>,
    number: &mut usize,
) -> Option<(&'a mut Vec<Node>, usize)> {
    for at in 0..nodes.len() {
        if *number == 0 {
            return Some((nodes, at));
        }
        *number -= 1;
        let held = count(&nodes[at].inside);
        if *number < held {
            return find(&mut nodes[at].inside, number);
        }
        *number -= held;
    }
    None
}

/// Bites a structure at one of its values.
pub(crate) fn bite(der: &[u8], draw: &mut Draw) -> Vec<u8> {
    let Some(mut nodes) = read(der) else { return der.to_vec() };
    let mut number = draw.below(count(&nodes));
    if let Some((list, at)) = find(&mut nodes, &mut number) {
        match draw.below(12) {
            0 => list[at].tag ^= 1 << draw.below(8),
            1 => list[at].lie = Some(Lie::Less),
            2 => list[at].lie = Some(Lie::More),
            3 => list[at].lie = Some(Lie::Huge),
            4 => list[at].lie = Some(Lie::Indefinite),
            5 => list[at].lie = Some(Lie::Long),
            6 => drop(list.remove(at)),
            7 => {
                let twice = list[at].clone();
                list.insert(at, twice);
            }
            8 => {
                let other = draw.below(list.len());
                list.swap(at, other);
            }
            9 => list[at].bytes.clear(),
            10 => {
                for _ in 0..40 {
                    let inner = list[at].clone();
                    list[at] = Node {
                        tag: 0x30,
                        bytes: Vec::new(),
                        inside: vec![inner],
                        lie: None,
                    };
                }
            }
            _ => {
                let bytes = &mut list[at].bytes;
                let place = draw.below(bytes.len());
                if let Some(byte) = bytes.get_mut(place) {
                    *byte ^= 1 << draw.below(8);
                }
            }
        }
    }
    let mut out = Vec::new();
    write(&nodes, &mut out);
    out
}

/// Takes a value for another wherever it stands whole.
pub(crate) fn exchange(der: &[u8], own: &[u8], other: &[u8]) -> Vec<u8> {
    let (Some(mut nodes), Some(mut own), Some(mut other)) =
        (read(der), read(own), read(other))
    else {
        return der.to_vec();
    };
    let (Some(own), Some(other)) = (own.pop(), other.pop()) else { return der.to_vec() };
    walk(&mut nodes, &own, &other);
    let mut out = Vec::new();
    write(&nodes, &mut out);
    out
}

fn walk(nodes: &mut [Node], own: &Node, other: &Node) {
    for node in nodes {
        if node.tag == own.tag && node.bytes == own.bytes {
            *node = other.clone();
        } else {
            walk(&mut node.inside, own, other);
        }
    }
}
