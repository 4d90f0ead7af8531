/** What a JSON text holds, where a field that is null is none; `otherwise` when it's no JSON. */
export function parseJson(text: string, otherwise?: unknown): unknown {
  try {
    // Looking at each field takes longer than all else.
    return text.includes("null") ? JSON.parse(text, (_key, field: unknown) => field ?? undefined) : JSON.parse(text);
  } catch {
    return otherwise;
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
