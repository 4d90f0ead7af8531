const units: Readonly<Record<string, number>> = { k: 1 / 1024, m: 1, g: 1024, t: 1024 ** 2 };

/** What a pod asks for beyond the heap, at least; mebibytes. */
const leastOverhead = 384;

/** Mebibytes of an amount as Spark reads it: without a unit, mebibytes. */
export function mebibytesOf(text: string): number {
  const [, amount = "0", unit = "m"] = /^\s*(\d+)\s*([kmgt])?i?b?\s*$/i.exec(text) ?? [];
  return Math.ceil(Number(amount) * (units[unit.toLowerCase()] ?? 1));
}

/** The part of the heap that a pod asks for beyond it, by default. */
export function overheadFactor(type: string): string {
  return type === "Java" || type === "Scala" ? "0.1" : "0.4";
}

/** The mebibytes of a pod with this heap. */
export function podMebibytes({ memory, overhead, factor }: { memory: string; overhead: string | undefined; factor: string }): number {
  const heap = mebibytesOf(memory);
  return heap + (overhead === undefined ? Math.max(Math.floor(heap * Number(factor)), leastOverhead) : mebibytesOf(overhead));
}
