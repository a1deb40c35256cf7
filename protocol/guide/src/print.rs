use std::fmt;

use crate::{Document, ElementRule, Guide, SegmentRule, Use};

/// Prints the guide as the TOML that [`Guide::read`] reads.
impl fmt::Display for Guide {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "guide = {}", quoted(&self.name))?;
        writeln!(out, "version = {}", quoted(&self.version))?;
        for Document { set, release, segments } in &self.documents {
            writeln!(out, "\n[[document]]")?;
            writeln!(out, "set = {}", quoted(set))?;
            writeln!(out, "release = {}", quoted(release))?;
            segments.iter().try_for_each(|rule| segment(rule, out))?;
        }
        Ok(())
    }
}

fn segment(rule: &SegmentRule, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    writeln!(out, "\n[[document.segment]]")?;
    writeln!(out, "at = {}", quoted(&rule.at))?;
    if let Some(when) = &rule.when {
        let codes = list(&when.codes);
        writeln!(out, "when = {{ element = \"{}\", codes = {codes} }}", when.element)?;
    }
    usage(rule.usage, out)?;
    number("most", rule.most, out)?;
    for ElementRule { element, usage: own, shortest, longest, codes, .. } in
        &rule.elements
    {
        writeln!(out, "[[document.segment.element]]")?;
        writeln!(out, "element = \"{element}\"")?;
        usage(*own, out)?;
        number("shortest", *shortest, out)?;
        number("longest", *longest, out)?;
        if !codes.is_empty() {
            writeln!(out, "codes = {}", list(codes))?;
        }
    }
    Ok(())
}

fn usage(usage: Use, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    match usage {
        Use::May => Ok(()),
        Use::Must => writeln!(out, "use = \"must\""),
        Use::Never => writeln!(out, "use = \"never\""),
    }
}

fn number(key: &str, number: Option<u32>, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    number.map_or(Ok(()), |number| writeln!(out, "{key} = {number}"))
}

fn list(codes: &[String]) -> String {
    let codes: Vec<String> = codes.iter().map(|code| quoted(code)).collect();
    format!("[{}]", codes.join(", "))
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}
