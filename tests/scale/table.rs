//! Tables in Markdown, so that they can be put on a page as they are.

/// A table that is printed once all its rows are known.
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these columns.
    pub fn new(columns: &[&str]) -> Self {
        let row = |cells: &[&str]| cells.iter().map(|it| (*it).to_owned()).collect();
        let rule: Vec<&str> = (0..columns.len())
            .map(|at| if at == 0 { "---" } else { "--:" })
            .collect();
        Self {
            rows: vec![row(columns), row(&rule)],
        }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: Vec<String>) {
        eprintln!("  {}", cells.join("  "));
        self.rows.push(cells);
    }

    /// Prints it below a heading.
    pub fn print(&self, heading: &str) {
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        println!("\n### {heading}\n");
        for row in &self.rows {
            let cells = row.iter().enumerate().map(|(column, cell)| {
                let width = width(column);
                if column == 0 {
                    format!("{cell:<width$}")
                } else {
                    format!("{cell:>width$}")
                }
            });
            println!("| {} |", cells.collect::<Vec<_>>().join(" | "));
        }
    }
}

/// A number with these digits behind the point; a dash if it is not known.
pub fn number(value: f64, digits: usize) -> String {
    if value.is_finite() {
        format!("{value:.digits$}")
    } else {
        "–".to_owned()
    }
}

/// Bytes as megabytes.
pub fn megabytes(bytes: u64) -> String {
    format!("{:.0}", bytes as f64 / f64::from(1 << 20))
}

/// Bytes as kilobytes.
pub fn kilobytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / 1024.0)
}
