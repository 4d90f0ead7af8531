// The benchmarks: `npm run bench` runs all, `npm run bench -- NAME…` some. `--base REV` measures that revision, too, `--times` each so often.
// `--loads`, `--modes` and `--only` say what of `engine`.
import { parseArgs } from "node:util";
import { authorizerBench } from "./authorizer.ts";
import { decideBench } from "./decide.ts";
import { BaseError, commitOf } from "./checkout.ts";
import { compare } from "./compare.ts";
import { csrBench } from "./csr.ts";
import { choiceOf, type Flags } from "./engine/choice.ts";
import { drainBench } from "./drain/main.ts";
import { engineBench } from "./engine/main.ts";
import { fitBench } from "./fit.ts";
import { imageBench } from "./image.ts";
import { inventoryBench } from "./inventory/main.ts";
import { peersRolesBench } from "./peers/roles.ts";
import { tektonBench } from "./peers/tekton/main.ts";
import { lintBench } from "./lint.ts";
import { permissionsBench } from "./permissions/main.ts";
import { resizingBench } from "./resizing.ts";
import { restartBench } from "./restart/main.ts";
import { rightsizingBench } from "./rightsizing/main.ts";
import { runtimeBench } from "./runtime/main.ts";
import { schedulesBench } from "./schedules/main.ts";
import { schemaBench } from "./schema.ts";
import { sparkBench } from "./spark/main.ts";
import { startBench } from "./start.ts";
import { report } from "./table.ts";
import { workloadsBench } from "./workloads/main.ts";

const benches: Record<string, (flags: Flags) => Promise<void>> = {
  decide: async () => report("decide", await decideBench()),
  restart: restartBench,
  engine: engineBench,
  drain: drainBench,
  authorizer: authorizerBench,
  runtime: runtimeBench,
  schedules: schedulesBench,
  workloads: workloadsBench,
  inventory: inventoryBench,
  schema: schemaBench,
  permissions: permissionsBench,
  fit: async () => fitBench(),
  image: imageBench,
  start: startBench,
  lint: lintBench,
  "peers-roles": peersRolesBench,
  tekton: tektonBench,
  csr: csrBench,
  spark: sparkBench,
  rightsizing: rightsizingBench,
  resizing: resizingBench,
};

function asked(): { names: string[]; flags: Flags } {
  try {
    const type = "string" as const;
    const options = { loads: { type }, modes: { type }, only: { type }, times: { type }, base: { type } };
    const { positionals, values } = parseArgs({ allowPositionals: true, options });
    choiceOf(values);
    if (values.base !== undefined) values.base = commitOf(values.base);
    else if (values.times !== undefined && positionals.some((name) => name !== "engine"))
      throw new RangeError("--times: without --base it is for engine alone");
    const unknown = positionals.filter((name) => !(name in benches));
    if (unknown.length > 0)
      throw new RangeError(`there is no benchmark ${unknown.join(", ")}; there is ${Object.keys(benches).join(", ")}`);
    return { names: positionals.length === 0 ? Object.keys(benches) : positionals, flags: values };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(2);
  }
}

/** These have the builds take turns themselves; any other benchmark is a program that is run for each build. */
const takesTurns = new Set(["engine", "start"]);

async function run(name: string, bench: (flags: Flags) => Promise<void>): Promise<void> {
  if (flags.base === undefined || takesTurns.has(name)) await bench(flags);
  else compare(name, flags.base, Number(flags.times ?? 3));
}

const { names, flags } = asked();
try {
  for (const [name, bench] of Object.entries(benches)) if (names.includes(name)) await run(name, bench);
} catch (error) {
  if (!(error instanceof BaseError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
