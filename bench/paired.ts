import type { Row } from "./table.ts";

/** Each figure's row with the median value of ours, and beside it the median of the baseline's of the same name; the baseline may lack it. */
export function paired(ours: readonly Row[][], theirs: readonly Row[][]): Row[] {
  const theirRows = theirs.map(byName);
  const [first = new Map<string, Row>(), ...rest] = ours.map(byName);
  return [...first].map(([name, row]) => {
    const mine = middle([row, ...rest.flatMap((rows) => rows.get(name) ?? [])]) ?? row;
    const baseline = middle(theirRows.flatMap((rows) => rows.get(name) ?? []))?.value;
    return typeof baseline === "number" ? { ...mine, baseline } : mine;
  });
}

/** An indented figure is one of the figure above it; what has the same name again is told apart by its number. */
function byName(rows: readonly Row[]): Map<string, Row> {
  const named = new Map<string, Row>();
  let group = "";
  for (const row of rows) {
    if (!row.what.startsWith(" ")) group = row.what;
    const name = `${group}\n${row.what}`;
    let key = name;
    for (let again = 2; named.has(key); again += 1) key = `${name}\n${again}`;
    named.set(key, row);
  }
  return named;
}

/** The row of the median, whole, so that its aim and its value belong together; the lower one of an even number. */
function middle(rows: readonly Row[]): Row | undefined {
  const sorted = rows.toSorted((a, b) => (typeof a.value === "number" && typeof b.value === "number" ? a.value - b.value : 0));
  return sorted[Math.floor((sorted.length - 1) / 2)];
}
