import { crds, type CustomResourceDefinition } from "@plimsoll/api";
import { setTimeout as sleep } from "node:timers/promises";
import * as build from "../scripts/local-controller.ts";
import { carryOut } from "./carry-out.ts";
import { startCompiled } from "./controller.ts";
import { chains } from "./loads.ts";
import { usageOf } from "./process.ts";
import { report } from "./table.ts";
import { addNamespace, withTestbed } from "./testbed.ts";

const turn = ["full", "none", "none", "full"] as const;

/** What the kinds' full schemas cost the API server, against schemas that check nothing: 200 runs of a 5-step chain with each, in turns. */
export async function schemaBench(): Promise<void> {
  const cpu = { full: [] as number[], none: [] as number[] };
  for (const kind of [...turn, ...turn]) cpu[kind].push(await serverCpu(kind === "full" ? crds() : crds().map(unchecked)));
  const [full, none] = [median(cpu.full), median(cpu.none)];
  report("schema", [
    { what: "API server's CPU a step, full schema", value: full, unit: "ms", peer: "Argo: 51 s for 1,000 steps" },
    { what: "API server's CPU a step, preserve-unknown-fields alone", value: none, unit: "ms", peer: "Argo: 32 s for 1,000 steps" },
    { what: "ratio", value: full / none, peer: "Argo: 1.59", aim: "≤ 1.10", reached: full / none <= 1.1 },
    {
      what: "single measurements",
      value: `full ${cpu.full.map((ms) => ms.toFixed(1)).join(", ")}; none ${cpu.none.map((ms) => ms.toFixed(1)).join(", ")}`,
      unit: "ms",
    },
  ]);
}

function serverCpu(definitions: CustomResourceDefinition[]): Promise<number> {
  return withTestbed({ name: "schema", rates: "raised" }, async ({ cluster, client, apiServerPid }) => {
    const controller = await startCompiled(build, cluster, { crds: definitions });
    try {
      const load = chains("schema", 200);
      await addNamespace(client, load.namespace);
      const before = usageOf(apiServerPid).cpu;
      await carryOut(client, load);
      await sleep(3_000);
      return (usageOf(apiServerPid).cpu - before) / load.steps;
    } finally {
      await controller.stop();
    }
  });
}

/** The same kind with a schema that takes everything. */
function unchecked(crd: CustomResourceDefinition): CustomResourceDefinition {
  const versions = crd.spec.versions.map((version) => {
    const open = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
    return { ...version, schema: { openAPIV3Schema: { type: "object", properties: { spec: open, status: open } } } };
  });
  return { ...crd, spec: { ...crd.spec, versions } };
}

/** One measurement that something else on the machine disturbs doesn't count. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low = 0, high = 0] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return (low + high) / 2;
}
