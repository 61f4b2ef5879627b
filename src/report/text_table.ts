type Side = "left" | "right";

const gap = "  ";

/**
 * A table of aligned columns under a rule. Where it is wider than `columns`, each row becomes a block instead: its first cell,
 * and below it a line for each further cell with its name.
 */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  sides: readonly Side[],
  columns: number,
): string[] {
  const widths = head.map((name, column) => Math.max(length(name), ...rows.map((row) => length(row[column]!))));
  const line = (cells: readonly string[]) =>
    cells.map((cell, column) => padded(cell, widths[column]!, sides[column]!)).join(gap).trimEnd();
  const lines = [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)];
  return lines.every((each) => length(each) <= columns) ? lines : rows.flatMap((row) => block(head, row, columns));
}

function block(head: readonly string[], row: readonly string[], columns: number): string[] {
  const width = Math.max(...head.map(length));
  return [
    ...wrapped(row[0]!, columns),
    ...row.slice(1).flatMap((cell, index) =>
      wrapped(`${gap}${padded(head[index + 1]!, width, "left")}${gap}${cell}`, columns, gap.repeat(2))
    ),
  ];
}

/** Text broken between words into lines of at most `columns` characters, all but the first indented. */
export function wrapped(text: string, columns: number, indent = ""): string[] {
  const lines: string[] = [];
  let line = /^\s*/.exec(text)![0];
  let isEmpty = true;
  for (const [word] of text.trimStart().matchAll(/\S+\s*/g)) {
    if (!isEmpty && length(line) + length(word.trimEnd()) > columns) {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += word;
    isEmpty = false;
  }
  return [...lines, line.trimEnd()];
}

function padded(text: string, width: number, side: Side): string {
  const space = " ".repeat(width - length(text));
  return side === "left" ? text + space : space + text;
}

/** In characters as a terminal shows them, save for the wide ones of East Asia. */
function length(text: string): number {
  return [...text].length;
}
