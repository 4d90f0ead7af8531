import type { AutoResources, SizedTry } from "@plimsoll/api";
import { parseQuantity, valueOfNano } from "@plimsoll/model/quantity";
import { writtenCpu, writtenMemory } from "@plimsoll/model/written";
import type { Use } from "@plimsoll/model/sizing";
import type { Pod } from "kubernetes-types/core/v1.d.ts";
import * as z from "zod";
import { annotations, labels } from "../step/labels.ts";
import { boundsOf } from "./bounds.ts";

/** How much work a try is: of a class of its own, or of a size. */
const work = { class: z.string().max(63).optional(), size: z.number().optional() };
const bases = z.enum(["Measured", "Limits", "Nothing", "Killed"]);
const noted = z.object({ ...work, basis: bases });

/** How much work a try is. */
export type Work = { class?: string | undefined; size?: number | undefined };

/** What a pod of a step with resources.auto is given, and by what. CPU in thousandths of a core; memory in bytes, as request and limit. */
export interface Given extends Work {
  memory: number;
  /** Undefined: its CPU isn't reckoned. */
  cpu?: number | undefined;
  basis: SizedTry["basis"];
}

/** What the first one is given, as long as nothing is known. */
export function mostOf(auto: AutoResources): Given {
  const { cpu, memory } = boundsOf(auto);
  return { memory: memory.max, ...(auto.max.cpu !== undefined && { cpu: cpu.max }), basis: "Nothing" };
}

/** What a pod carries of that, beside its resources. */
export function noteOf({ class: name, size, basis }: Given): string {
  return JSON.stringify({ basis, class: name, size });
}

/** What a pod was given: its resources, whoever has changed them, and what it carries; undefined: it isn't one of such a step, or can't be read. */
export function readGiven({ metadata, spec }: Pod, container: string): Given | undefined {
  if (metadata?.labels?.[labels.sizing] === undefined) return undefined;
  const { limits, requests } = spec?.containers.find(({ name }) => name === container)?.resources ?? {};
  const memory = parseQuantity(limits?.["memory"] ?? "");
  const note = noted.safeParse(jsonOf(metadata.annotations?.[annotations.sizing] ?? ""));
  if (memory === undefined || !note.success) return undefined;
  const cpu = parseQuantity(requests?.["cpu"] ?? "");
  return { memory: valueOfNano(memory), ...(cpu !== undefined && { cpu: Number(cpu) / 1e6 }), ...note.data };
}

/** A try that has ended, as statuses have it. */
export function sizedTryOf(
  { uid, item, try: number }: { uid: string; item: number | undefined; try: number },
  { memory, cpu, basis, class: name, size }: Given,
  use: Use | undefined,
  wasKilled: boolean,
): SizedTry {
  return {
    ...(item !== undefined && { item }),
    try: number,
    pod: uid.slice(0, 8),
    ...(name !== undefined && { class: name }),
    ...(size !== undefined && { size }),
    memory: writtenMemory(memory),
    ...(cpu !== undefined && { cpu: writtenCpu(Math.ceil(cpu)) }),
    basis,
    ...(use !== undefined && { peak: writtenMemory(Math.ceil(use.memory)), used: writtenCpu(Math.ceil(use.cpu)) }),
    ...(wasKilled && { killed: true }),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
