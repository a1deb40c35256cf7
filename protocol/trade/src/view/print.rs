//! A view as text, for a terminal or a mail.

use std::fmt;

use super::{Row, Section, View};

impl fmt::Display for View {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{}", self.title.text)?;
        for section in &self.sections {
            writeln!(out)?;
            if !section.name.is_empty() {
                writeln!(out, "{}", section.name)?;
            }
            if section.columns.is_empty() {
                facts(out, &section.rows, 2)?;
            } else {
                table(out, section)?;
            }
        }
        Ok(())
    }
}

fn width(text: &str) -> usize {
    text.chars().count()
}

fn told(row: &Row) -> String {
    let texts = row.cells.iter().map(|cell| cell.text.as_str());
    texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
}

fn facts(out: &mut fmt::Formatter<'_>, rows: &[Row], indent: usize) -> fmt::Result {
    let widest = rows.iter().map(|row| width(&row.label)).max().unwrap_or_default();
    for row in rows {
        let gap = widest.saturating_sub(width(&row.label)).saturating_add(2);
        let text = told(row);
        write!(out, "{:indent$}{}", "", row.label)?;
        // A text of several lines goes on beneath its first one.
        let under = indent.saturating_add(widest).saturating_add(2);
        for (place, line) in text.lines().enumerate() {
            if place == 0 {
                write!(out, "{:gap$}{line}", "")?;
            } else {
                write!(out, "\n{:under$}{line}", "")?;
            }
        }
        writeln!(out)?;
        facts(out, &row.under, indent.saturating_add(2))?;
    }
    Ok(())
}

fn table(out: &mut fmt::Formatter<'_>, section: &Section) -> fmt::Result {
    let cell = |row: &Row, place: usize| {
        row.cells.get(place).map(|cell| cell.text.clone()).unwrap_or_default()
    };
    let columns: Vec<(usize, usize)> = section
        .columns
        .iter()
        .enumerate()
        .map(|(place, head)| {
            let widest = section.rows.iter().map(|row| width(&cell(row, place))).max();
            (place, head, widest.unwrap_or_default())
        })
        // A column of which no line says anything is left out.
        .filter(|(.., widest)| *widest > 0)
        .map(|(place, head, widest)| (place, widest.max(width(head))))
        .collect();
    let heads: Vec<String> = section.columns.clone();
    line(out, &columns, &heads)?;
    for row in &section.rows {
        let texts: Vec<String> = row.cells.iter().map(|cell| cell.text.clone()).collect();
        line(out, &columns, &texts)?;
        facts(out, &row.under, 6)?;
    }
    Ok(())
}

fn line(
    out: &mut fmt::Formatter<'_>,
    columns: &[(usize, usize)],
    texts: &[String],
) -> fmt::Result {
    let mut told = String::new();
    for (place, widest) in columns {
        let text = texts.get(*place).map(String::as_str).unwrap_or_default();
        let gap = " ".repeat(widest.saturating_sub(width(text)));
        // Numbers stand to the right.
        let (one, two) =
            if *place >= 2 { (gap.as_str(), text) } else { (text, gap.as_str()) };
        told.push_str("  ");
        told.push_str(one);
        told.push_str(two);
    }
    writeln!(out, "{}", told.trim_end())
}
