import { unit, type CostRow, type InventoryBy, type Money, type SpentRow } from "@plimsoll/model";
import { formatDuration } from "../output/duration.ts";
import { visible } from "../output/visible.ts";
import { headingOf, isNamespaced } from "./by.ts";
import type { Column } from "./print.ts";
import { formatMoney, formatShare } from "./units.ts";

/** A line below a table. */
interface Sum {
  sum: string;
  cost: Money;
}

/** A line of what is paid for now. */
export type Line = CostRow | Sum;

/** A line of what has been paid for. */
export type SinceLine = SpentRow | (Sum & { atMost?: Money });

/** Hours in a month, as the clouds' own calculators have it. */
const month = 730;

const isSum = (line: Line | SinceLine): line is Sum => "sum" in line;
/** What rows have, and sums don't. */
const ofRow =
  <R extends CostRow | SpentRow, T>(read: (row: R) => T) =>
  (line: R | Sum): T | undefined =>
    isSum(line) ? undefined : read(line);

function place(by: InventoryBy): Column<CostRow | SpentRow | Sum>[] {
  const none = by === "node" ? "(no node)" : "(none)";
  return [
    ...(isNamespaced(by) ? [{ key: "namespace", heading: "NAMESPACE", value: ofRow(({ namespace }) => namespace) }] : []),
    ...(by === "workload" ? [{ key: "kind", heading: "KIND", value: ofRow(({ kind }) => kind) }] : []),
    {
      key: "name",
      heading: headingOf(by),
      value: ofRow(({ name }) => name),
      cell: (line) => (isSum(line) ? line.sum : line.name === undefined ? none : visible(line.name || "(inline)")),
    },
    { key: "pods", heading: "PODS", value: ofRow(({ pods }) => pods) },
  ];
}

const units = (money: Money | undefined): number | undefined => (money === undefined ? undefined : money / unit);

/** The columns of what is paid for now. */
export function nowColumns(by: InventoryBy, currency: string, total: Money): Column<Line>[] {
  const part = (key: string, heading: string, read: (row: CostRow) => Money): Column<Line> => ({
    key,
    heading,
    value: (line) => units(ofRow(read)(line)),
    cell: (line) => (isSum(line) ? "" : formatMoney(read(line))),
  });
  return [
    ...place(by),
    { key: "per_hour", heading: `${currency}/HOUR`, value: ({ cost }) => units(cost), cell: ({ cost }) => formatMoney(cost) },
    {
      key: "per_month",
      heading: `${currency}/MONTH`,
      value: ({ cost }) => units(cost * month),
      cell: ({ cost }) => formatMoney(cost * month, 2),
    },
    {
      key: "share",
      heading: "SHARE",
      value: ({ cost }) => (total === 0 ? undefined : cost / total),
      cell: ({ cost }) => formatShare(cost, total),
    },
    ...(by === "node"
      ? [
          {
            ...part("idle", "IDLE", ({ idle }) => idle),
            cell: (line: Line) =>
              isSum(line) || line.name === undefined ? "" : `${formatMoney(line.idle)} ${formatShare(line.idle, line.cost, 0).trim()}`,
          },
        ]
      : []),
    {
      key: "used_share",
      heading: "USED",
      value: ofRow(({ used, measured }: CostRow) => (measured === 0 ? undefined : used / measured)),
      cell: (line) => (isSum(line) ? "" : line.measured === 0 ? "-" : formatShare(line.used, line.measured, 0).trim()),
    },
    { key: "pods_without_requests", heading: "NO REQUESTS", value: ofRow(({ without }) => without) },
    { ...part("cpu", "OF CPU", ({ ofCpu }) => ofCpu), wide: true },
    { ...part("memory", "OF MEMORY", ({ ofMemory }) => ofMemory), wide: true },
    { ...part("gpu", "OF GPU", ({ ofGpu }) => ofGpu), wide: true },
    { key: "pending", heading: "PENDING", wide: true, value: ofRow(({ pending }: CostRow) => pending) },
    { key: "pods_unpriced", heading: "UNPRICED", wide: true, value: ofRow(({ unpriced }: CostRow) => unpriced) },
  ] as Column<Line>[];
}

/** The columns of what has been paid for. */
export function sinceColumns(by: InventoryBy, currency: string): Column<SinceLine>[] {
  return [
    ...place(by),
    {
      key: "pod_seconds",
      heading: "RAN",
      value: ofRow(({ seconds }: SpentRow) => seconds),
      cell: (line) => (isSum(line) ? "" : formatDuration(line.seconds * 1_000)),
    },
    { key: "cost", heading: currency, value: ({ cost }) => units(cost), cell: ({ cost }) => formatMoney(cost) },
    {
      key: "at_most_of_gone_pods",
      heading: "GONE, AT MOST",
      value: ({ atMost }) => units(atMost),
      cell: ({ atMost }) => (atMost ? formatMoney(atMost) : ""),
    },
    { key: "pods_without_requests", heading: "NO REQUESTS", wide: true, value: ofRow(({ without }: SpentRow) => without) },
  ] as Column<SinceLine>[];
}
