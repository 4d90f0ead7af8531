/** The first of some texts, and how many more there are. */
export function listed(texts: readonly string[]): string {
  return texts.length > 5 ? `${texts.slice(0, 5).join(", ")} and ${texts.length - 5} more` : texts.join(", ");
}

/** The first of some messages, as a condition has them, and how many more there are. */
export function together(messages: readonly string[]): string {
  const more = messages.length > 3 ? ` (and ${messages.length - 3} more)` : "";
  return `${messages.slice(0, 3).join("; ")}${more}`;
}
