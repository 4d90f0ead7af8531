// The benchmarks: `npm run bench` runs all, `npm run bench -- NAME…` some.
import { authorizerBench } from "./authorizer.ts";
import { decideBench } from "./decide.ts";
import { engineBench } from "./engine.ts";
import { permissionsBench } from "./permissions/main.ts";
import { schemaBench } from "./schema.ts";
import { restartBench } from "./restart/main.ts";
import { report } from "./table.ts";

const benches: Record<string, () => Promise<void>> = {
  decide: async () => report("decide", await decideBench()),
  engine: engineBench,
  restart: restartBench,
  authorizer: authorizerBench,
  schema: schemaBench,
  permissions: permissionsBench,
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(", ")}; there is ${Object.keys(benches).join(", ")}.`);
  process.exit(2);
}
for (const [name, bench] of Object.entries(benches)) if (asked.length === 0 || asked.includes(name)) await bench();
