import { titleOf, type Change, type FieldChange, type Plan } from "@plimsoll/controller/installation";
import type { Paint } from "../output/paint.ts";
import { visible } from "../output/visible.ts";

const marks = { create: ["green", "+"], change: ["yellow", "~"], delete: ["red", "-"] } as const;
const longest = 100;

/** What a plan does, an object a line, with what changes in it, and a summary. */
export function planText({ changes }: Plan, paint: Paint): string {
  const lines = changes.flatMap(({ action, object, fields }) => {
    if (action === "unchanged") return [];
    const [style, mark] = marks[action];
    return [paint(style, `${mark} ${titleOf(object)}`), ...fields.flatMap((field) => fieldLines(field, paint))];
  });
  return [...lines, summary(changes)].join("\n");
}

/** `2 to create, 1 to change, 20 unchanged`. */
function summary(changes: readonly Change[]): string {
  const count = (action: Change["action"]): number => changes.filter((change) => change.action === action).length;
  const parts = [
    [count("create"), "to create"],
    [count("change"), "to change"],
    [count("delete"), "to delete"],
    [count("unchanged"), "unchanged"],
  ] as const;
  return parts
    .filter(([number]) => number > 0)
    .map(([number, what]) => `${number} ${what}`)
    .join(", ");
}

/** A plan as data. */
export function planData({ namespace, changes }: Plan): object {
  return {
    namespace,
    changes: changes.map(({ action, object: { apiVersion, kind, metadata }, fields }) => ({
      action,
      ...(apiVersion !== undefined && { apiVersion }),
      kind,
      ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
      name: metadata.name,
      ...(fields.length > 0 && { fields }),
    })),
  };
}

function fieldLines({ path, before, after }: FieldChange, paint: Paint): string[] {
  const name = `    ${visible(path)}:`;
  if (typeof before === "string" && typeof after === "string" && `${before}${after}`.includes("\n")) {
    const [old, now] = [before.split("\n"), after.split("\n")];
    return [
      name,
      ...without(old, now).map((line) => paint("red", `      - ${visible(line)}`)),
      ...without(now, old).map((line) => paint("green", `      + ${visible(line)}`)),
    ];
  }
  if (before === undefined) return [`${name} ${paint("green", shown(after))} (new)`];
  if (after === undefined) return [`${name} ${paint("red", shown(before))} (removed)`];
  return [`${name} ${paint("red", shown(before))} → ${paint("green", shown(after))}`];
}

function without(lines: readonly string[], others: readonly string[]): string[] {
  return lines.filter((line) => !others.includes(line));
}

function shown(value: unknown): string {
  const text = visible(JSON.stringify(value) ?? "nothing");
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
