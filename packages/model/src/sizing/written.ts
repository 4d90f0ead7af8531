import type { Amounts } from "../amounts/requests.ts";
import { sizedResources } from "./resource.ts";

/** Amounts as they are written in manifests: CPU as `250m`, memory as `300Mi`. */
export interface Written {
  cpu?: string;
  memory?: string;
}

const mebi = 1024 ** 2;

/** Thousandths of a core, and bytes, as they are written in manifests. Exact, also below nothing. */
export function written(amounts: Amounts): Written {
  const found: Written = {};
  for (const resource of sizedResources) {
    const amount = amounts[resource];
    if (amount !== undefined) found[resource] = resource === "cpu" ? writtenCpu(amount) : writtenMemory(amount);
  }
  return found;
}

function writtenCpu(milli: number): string {
  return milli % 1_000 === 0 ? String(milli / 1_000) : `${milli}m`;
}

function writtenMemory(bytes: number): string {
  if (bytes === 0) return "0";
  if (bytes % mebi === 0) return `${bytes / mebi}Mi`;
  return bytes % 1024 === 0 ? `${bytes / 1024}Ki` : String(bytes);
}

/** Amounts as they are recommended: up to whole thousandths of a core, and whole MiB. */
export function rounded({ cpu, memory }: { cpu?: number | undefined; memory?: number | undefined }): Amounts {
  return {
    ...(cpu !== undefined && { cpu: Math.ceil(cpu) }),
    ...(memory !== undefined && { memory: Math.ceil(memory / mebi) * mebi }),
  };
}
