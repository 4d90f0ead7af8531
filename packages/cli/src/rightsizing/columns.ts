import { formatBytes, formatCpu, formatMoney } from "../inventory/units.ts";
import type { Column } from "../inventory/print.ts";
import type { Paint } from "../output/paint.ts";
import { visible } from "../output/visible.ts";
import { units, type By, type SizeRow } from "./rows.ts";

/** A line below a table. */
export interface Sum extends Pick<SizeRow, "cpuSaved" | "memorySaved" | "saved"> {
  sum: string;
}

export type Line = SizeRow | Sum;

/** Hours in a month, as the clouds' own calculators have it. */
const month = 730;

const isSum = (line: Line): line is Sum => "sum" in line;

/** The columns of what is recommended; `currency` is undefined where nobody has said prices. */
export function columnsOf(by: By, currency: string | undefined, paint: Paint): Column<Line>[] {
  const ofRow = (
    key: string,
    heading: string | undefined,
    value: (row: SizeRow) => string | number | undefined,
    cell?: (row: SizeRow) => string,
    wide = false,
  ): Column<Line> => ({
    key,
    ...(heading !== undefined && { heading }),
    wide,
    value: (line) => (isSum(line) ? undefined : value(line)),
    cell: (line) => (isSum(line) ? "" : cell === undefined ? visible(String(value(line) ?? "")) : cell(line)),
  });
  const saved = (key: string, heading: string, value: (line: Line) => number | undefined, cell: (line: Line) => string): Column<Line> => ({
    key,
    heading,
    value,
    cell,
  });
  const change = (now: string, next: string, row: SizeRow): string =>
    row.recommended === 0 ? now || "-" : now === next ? `${now} =` : `${now || "-"} → ${paint("bold", next)}`;
  return [
    { ...ofRow("namespace", "NAMESPACE", ({ namespace }) => namespace), cell: (line) => visible(isSum(line) ? line.sum : line.namespace) },
    ...(by === "namespace"
      ? []
      : [
          ofRow("kind", "KIND", ({ kind }) => kind),
          ofRow(
            "name",
            "NAME",
            ({ name }) => name,
            ({ name, step }) => visible(step === "" ? name : `${name}/${step}`),
          ),
          ofRow("step", undefined, ({ step }) => step || undefined),
        ]),
    ...(by === "container"
      ? [ofRow("container", "CONTAINER", ({ container }) => container)]
      : [
          ofRow(
            "recommended",
            "CONTAINERS",
            ({ recommended }) => recommended,
            ({ recommended, containers }) => `${recommended}/${containers}`,
          ),
          ofRow("containers", undefined, ({ containers }) => containers),
        ]),
    ofRow("pods", "PODS", ({ pods }) => pods),
    ofRow(
      "cpu_requested",
      "CPU",
      ({ cpu }) => cpu / 1_000,
      (row) => change(formatCpu(row.cpu), formatCpu(row.cpuTarget), row),
    ),
    ofRow("cpu_target", undefined, ({ cpuTarget, recommended }) => (recommended === 0 ? undefined : cpuTarget / 1_000)),
    ofRow(
      "memory_requested",
      "MEMORY",
      ({ memory }) => memory,
      (row) => change(formatBytes(row.memory), formatBytes(row.memoryTarget), row),
    ),
    ofRow("memory_target", undefined, ({ memoryTarget, recommended }) => (recommended === 0 ? undefined : memoryTarget)),
    saved(
      "cpu_saved",
      "CPU SAVED",
      ({ cpuSaved }) => cpuSaved / 1_000,
      ({ cpuSaved }) => coloured(cpuSaved, formatCpu(cpuSaved), paint),
    ),
    saved(
      "memory_saved",
      "MEMORY SAVED",
      ({ memorySaved }) => memorySaved,
      ({ memorySaved }) => coloured(memorySaved, `${memorySaved < 0 ? "-" : ""}${formatBytes(Math.abs(memorySaved))}`, paint),
    ),
    ...(currency === undefined
      ? []
      : [
          saved(
            "saved_per_hour",
            `${currency}/HOUR SAVED`,
            ({ saved }) => units(saved),
            ({ saved = 0 }) => coloured(saved, formatMoney(saved), paint),
          ),
          saved(
            "saved_per_month",
            `${currency}/MONTH SAVED`,
            ({ saved }) => (units(saved) ?? 0) * month,
            ({ saved = 0 }) => coloured(saved, formatMoney(saved * month, 2), paint),
          ),
        ]),
    ofRow(
      "confidence",
      "CONFIDENCE",
      ({ confidence }) => confidence,
      ({ confidence }) => `${confidence}%`,
    ),
    ofRow(
      "reason",
      "REASON",
      ({ reasons }) => reasons.join(" "),
      ({ reasons, heldBy }) => visible([...reasons, ...(by === "namespace" ? [] : heldBy.map((one) => `held by ${one}`))].join(" ")),
    ),
    ...(by === "namespace" ? [] : [ofRow("held_by", undefined, ({ heldBy }) => heldBy.join(" ") || undefined)]),
    ofRow("samples", "SAMPLES", ({ samples }) => samples, undefined, true),
    ofRow("oom_kills", "OOM KILLS", ({ oomKills }) => oomKills, undefined, true),
    ...(by === "namespace" ? [] : [ofRow("group", undefined, ({ group }) => group || undefined)]),
  ];
}

function coloured(amount: number, text: string, paint: Paint): string {
  return amount === 0 ? text : paint(amount > 0 ? "green" : "yellow", text);
}
