const units: Readonly<Record<string, number>> = { k: 1 / 1024, m: 1, g: 1024, t: 1024 ** 2 };

/** What a pod asks for beyond the heap, at least, unless that is said. */
const leastOverhead = "384m";

/** Mebibytes of an amount as Spark reads it, and as Kubernetes writes it: without a unit, mebibytes. Undefined for what is none. */
export function mebibytesOf(text: string): number | undefined {
  const [, amount, unit = "m"] = /^(\d+)\s*(?:([kmgt])i?b?)?$/i.exec(text.trim()) ?? [];
  return amount === undefined ? undefined : Math.ceil(Number(amount) * (units[unit.toLowerCase()] ?? 1));
}

/** An amount as the JVM and Spark both read it; what is none stays as it is. */
export function memoryText(text: string): string {
  const mebibytes = mebibytesOf(text);
  return mebibytes === undefined ? text : `${mebibytes}m`;
}

/** The part of the heap that a pod asks for beyond it, by default. */
export function overheadFactor(type: string): string {
  return type === "Java" || type === "Scala" ? "0.1" : "0.4";
}

/** What a pod's memory is made of, as Spark reads amounts. */
interface PodMemory {
  memory: string;
  overhead?: string | undefined;
  factor: string;
  /** The least overhead by the factor. */
  least?: string | undefined;
}

/** The mebibytes of a pod with this heap. */
export function podMebibytes({ memory, overhead, factor, least = leastOverhead }: PodMemory): number {
  const heap = mebibytesOf(memory) ?? 0;
  const byFactor = Math.max(Math.floor(heap * Number(factor)), mebibytesOf(least) ?? 0);
  return heap + (overhead === undefined ? byFactor : (mebibytesOf(overhead) ?? 0));
}
