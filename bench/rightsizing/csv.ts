import type { Trace } from "./traces.ts";

/** How a file of a public trace is laid out. */
export interface Layout {
  /** The columns of a file without a heading; undefined: its first line says them. */
  columns?: readonly string[];
  /** What tells one container from another; none: all is of one. */
  container: readonly string[];
  time: string;
  /** Milliseconds of one unit of its time. */
  tick: number;
  /** Of these, the first that there is counts. Without any of memory, it has none. */
  cpu: readonly string[];
  memory: readonly string[];
  /** Whether an amount is a part (of 1), or a percentage, of a machine or container, or is in cores and bytes. */
  unit: "absolute" | "part" | "percent";
  /** Amounts that say that there was none. */
  missing?: (amount: number) => boolean;
}

/** Of what parts and percentages are: the public traces don't tell. */
export interface Whole {
  cores: number;
  bytes: number;
}

export const layouts = {
  /** Of one's own: a heading `time,cpu,memory` in seconds, cores and bytes, with a column `container` for more than one. */
  plain: { container: ["container"], time: "time", tick: 1_000, cpu: ["cpu"], memory: ["memory"], unit: "absolute" },
  /** Azure's VM trace of 2019 (AzurePublicDatasetV2), `vm_cpu_readings-file-….csv`, without heading; of memory it has nothing. */
  azure: {
    columns: ["timestamp", "vmid", "mincpu", "maxcpu", "avgcpu"],
    container: ["vmid"],
    time: "timestamp",
    tick: 1_000,
    cpu: ["avgcpu"],
    memory: [],
    unit: "percent",
  },
  /** Alibaba's cluster trace of 2018, `container_usage.csv`, without heading. -1 and 101 are said to be abnormal. */
  alibaba: {
    columns: [
      "container_id",
      "machine_id",
      "time_stamp",
      "cpu_util_percent",
      "mem_util_percent",
      "cpi",
      "mem_gps",
      "mpki",
      "net_in",
      "net_out",
      "disk_io_percent",
    ],
    container: ["container_id"],
    time: "time_stamp",
    tick: 1_000,
    cpu: ["cpu_util_percent"],
    memory: ["mem_util_percent"],
    unit: "percent",
    missing: (amount: number) => amount < 0 || amount === 101,
  },
  /** Google's cluster trace of 2019, table `instance_usage` exported as CSV, nested columns by a dot or an underscore; memory by its maximum, where there is one. */
  google: {
    container: ["collection_id", "instance_index"],
    time: "start_time",
    tick: 1e-3,
    cpu: ["average_usage.cpus", "average_usage_cpus"],
    memory: ["maximum_usage.memory", "maximum_usage_memory", "average_usage.memory", "average_usage_memory"],
    unit: "part",
  },
} as const satisfies Record<string, Layout>;

/** A file that is not laid out so; says which line and column. */
export class TraceError extends Error {
  override name = "TraceError";
}

/**
 * Reads traces from CSV, sorted by time or not. Steps are as long as most are; where one is missing, use is as it was before. A line without an amount
 * is left out.
 */
export function readTraces(text: string, layout: Layout, whole: Whole = { cores: 1, bytes: 2 ** 30 }): Trace[] {
  const lines = text
    .split(/\r?\n/)
    .map((line, at) => ({ cells: line.split(",").map((cell) => cell.trim().replace(/^"(.*)"$/, "$1")), at: at + 1, line }));
  const rows = lines.filter(({ line }) => line.trim() !== "");
  const columns = layout.columns ?? rows.shift()?.cells ?? [];
  const cpuAt = columnOf(columns, layout.cpu, "CPU");
  const timeAt = columnOf(columns, [layout.time], "the time");
  const memoryAt = layout.memory.length === 0 ? undefined : columnOf(columns, layout.memory, "memory");
  const namesAt = layout.container.map((name) => columns.indexOf(name)).filter((at) => at >= 0);
  const [scaleCpu, scaleMemory] = scalesOf(layout, whole);
  const seen = new Map<string, { at: number; cpu: number; memory: number }[]>();
  for (const { cells, at } of rows) {
    const amountOf = (column: number): number | undefined => {
      const cell = cells[column] ?? "";
      const amount = Number(cell);
      if (!Number.isFinite(amount)) throw new TraceError(`line ${at}, column ${columns[column]}: "${cell}" is no number`);
      return cell === "" || layout.missing?.(amount) === true || amount < 0 ? undefined : amount;
    };
    const time = amountOf(timeAt);
    if (time === undefined) throw new TraceError(`line ${at}, column ${columns[timeAt]}: there is no time`);
    const [cpu, memory] = [amountOf(cpuAt), memoryAt === undefined ? 0 : amountOf(memoryAt)];
    if (cpu === undefined || memory === undefined) continue;
    const name = namesAt.map((column) => cells[column]).join("/") || "container";
    const use = { at: time * layout.tick, cpu: cpu * scaleCpu, memory: memory * scaleMemory };
    seen.getOrInsertComputed(name, () => []).push(use);
  }
  return [...seen].map(([name, uses]) => traceOf(name, uses));
}

function scalesOf({ unit }: Layout, { cores, bytes }: Whole): [cpu: number, memory: number] {
  if (unit === "absolute") return [1_000, 1];
  const part = unit === "percent" ? 0.01 : 1;
  return [cores * 1_000 * part, bytes * part];
}

function columnOf(columns: readonly string[], names: readonly string[], what: string): number {
  const found = names.map((name) => columns.indexOf(name)).find((at) => at >= 0);
  if (found === undefined) throw new TraceError(`line 1: there is no column for ${what}: ${names.join(", or ")}`);
  return found;
}

function traceOf(name: string, uses: { at: number; cpu: number; memory: number }[]): Trace {
  uses.sort((a, b) => a.at - b.at);
  const first = uses[0]?.at ?? 0;
  const gaps = uses
    .flatMap(({ at }, index) => (index === 0 || at === uses[index - 1]?.at ? [] : [at - (uses[index - 1]?.at ?? 0)]))
    .sort((a, b) => a - b);
  const step = gaps[Math.floor(gaps.length / 2)] ?? 60_000;
  const count = Math.round(((uses.at(-1)?.at ?? first) - first) / step) + 1;
  const [cpu, memory] = [new Float64Array(count), new Float64Array(count)];
  let next = 0;
  for (let at = 0; at < count; at++) {
    [cpu[at], memory[at]] = [cpu[at - 1] ?? 0, memory[at - 1] ?? 0];
    for (let use = uses[next]; use !== undefined && Math.round((use.at - first) / step) <= at; use = uses[++next])
      [cpu[at], memory[at]] = [Math.round(use.cpu), Math.round(use.memory)];
  }
  // Most traces count from their own beginning.
  return { name, kind: "trace", start: first < Date.UTC(1990) ? Date.UTC(2026, 0, 5) + first : first, step, cpu, memory };
}
