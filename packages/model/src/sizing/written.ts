import { writtenCpu, writtenMemory } from "../amounts/written.ts";
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

/** Amounts as they are recommended: up to whole thousandths of a core, and whole MiB. */
export function rounded({ cpu, memory }: { cpu?: number | undefined; memory?: number | undefined }): Amounts {
  return {
    ...(cpu !== undefined && { cpu: Math.ceil(cpu) }),
    ...(memory !== undefined && { memory: Math.ceil(memory / mebi) * mebi }),
  };
}
