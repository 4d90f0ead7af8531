// The benchmarks: `npm run bench` runs all, `npm run bench -- NAME…` some. `--loads`, `--modes`, `--only` and `--times` say what of `engine`.
import { parseArgs } from "node:util";
import { authorizerBench } from "./authorizer.ts";
import { decideBench } from "./decide.ts";
import { choiceOf, type Flags } from "./engine/choice.ts";
import { engineBench } from "./engine/main.ts";
import { imageBench } from "./image.ts";
import { permissionsBench } from "./permissions/main.ts";
import { restartBench } from "./restart/main.ts";
import { runtimeBench } from "./runtime/main.ts";
import { schemaBench } from "./schema.ts";
import { report } from "./table.ts";

const benches: Record<string, (flags: Flags) => Promise<void>> = {
  decide: async () => report("decide", await decideBench()),
  restart: restartBench,
  engine: engineBench,
  authorizer: authorizerBench,
  runtime: runtimeBench,
  schema: schemaBench,
  permissions: permissionsBench,
  image: imageBench,
};

function asked(): { names: string[]; flags: Flags } {
  try {
    const type = "string" as const;
    const options = { loads: { type }, modes: { type }, only: { type }, times: { type } };
    const { positionals, values } = parseArgs({ allowPositionals: true, options });
    choiceOf(values);
    const unknown = positionals.filter((name) => !(name in benches));
    if (unknown.length > 0)
      throw new RangeError(`there is no benchmark ${unknown.join(", ")}; there is ${Object.keys(benches).join(", ")}`);
    return { names: positionals.length === 0 ? Object.keys(benches) : positionals, flags: values };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(2);
  }
}

const { names, flags } = asked();
for (const [name, bench] of Object.entries(benches)) if (names.includes(name)) await bench(flags);
