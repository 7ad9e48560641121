//! The difference between two lists of tokens, for people to read.

use std::fmt::Write as _;

/// What `found` has in place of what is `expected`, with a little round it.
pub fn difference(expected: &[String], found: &[String], most: usize) -> String {
    let (rows, columns) = (expected.len(), found.len());
    let mut common = vec![vec![0u32; columns + 1]; rows + 1];
    for row in (0..rows).rev() {
        for column in (0..columns).rev() {
            common[row][column] = if expected[row] == found[column] {
                common[row + 1][column + 1] + 1
            } else {
                common[row + 1][column].max(common[row][column + 1])
            };
        }
    }
    let (mut row, mut column) = (0, 0);
    let mut lines: Vec<(char, &str)> = Vec::new();
    while row < rows || column < columns {
        if row < rows && column < columns && expected[row] == found[column] {
            lines.push((' ', &expected[row]));
            row += 1;
            column += 1;
        } else if column == columns
            || (row < rows && common[row + 1][column] >= common[row][column + 1])
        {
            lines.push(('-', &expected[row]));
            row += 1;
        } else {
            lines.push(('+', &found[column]));
            column += 1;
        }
    }
    let changed: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].0 != ' ').collect();
    let near = |at: usize| changed.iter().any(|it| it.abs_diff(at) <= 1);
    let mut out = String::new();
    let near: Vec<_> = (0..lines.len()).filter(|at| near(*at)).collect();
    for at in near.iter().take(most) {
        let _ = writeln!(out, "    {} {}", lines[*at].0, lines[*at].1);
    }
    if near.len() > most {
        let _ = writeln!(out, "    … {} more", near.len() - most);
    }
    out
}
