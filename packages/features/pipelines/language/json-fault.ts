const deepest = 100;

/** What keeps a JSON value from being used as it was written: it is nested too deep, or holds a whole number that was rounded when it was read. Undefined: nothing. */
export function faultIn(value: unknown, levels = deepest): string | undefined {
  if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < 1e21) {
    return `holds ${value}, a whole number beyond ±9,007,199,254,740,991, where not all can be told apart: write it as text`;
  }
  if (typeof value !== "object" || value === null) return undefined;
  if (levels === 0) return `is nested more than ${deepest} levels deep: flatten it, or give it as text`;
  for (const part of Object.values(value)) {
    const fault = faultIn(part, levels - 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
