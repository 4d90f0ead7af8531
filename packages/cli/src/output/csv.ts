/** What a cell may hold; what isn't known is empty. */
export type Cell = string | number | undefined;

/**
 * Rows under their headings as CSV (RFC 4180, with newlines alone as most programs write them). Text that a spreadsheet would take for a
 * formula is put behind an apostrophe (https://owasp.org/www-community/attacks/CSV_Injection).
 */
export function formatCsv(headings: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [headings, ...rows].map((row) => row.map(quoted).join(",")).join("\n");
}

function quoted(cell: Cell): string {
  if (typeof cell !== "string") return cell === undefined ? "" : String(cell);
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
