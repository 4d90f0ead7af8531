import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";
import { Random } from "../random.ts";
import type { Row } from "../table.ts";
import { makeRules } from "./rules.ts";

/** What it takes to judge a folder of role files, a command from its start to its end. */
export async function folderOfRoles(files = 1_000): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-roles-"));
  try {
    const rules = makeRules(new Random(7), files * 4);
    for (let index = 0; index < files; index += 1) {
      const role = {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRole",
        metadata: { name: `role-${index}` },
        rules: rules.slice(index * 4, index * 4 + 4),
      };
      writeFileSync(join(folder, `role-${index}.yaml`), stringify(role));
    }
    const command = fileURLToPath(import.meta.resolve("../../packages/cli/bin/plimsoll.mjs"));
    const judge = async (): Promise<number> => {
      const started = performance.now();
      const child = spawn(process.execPath, [command, "permissions", "risks", folder, "-o", "json"], { stdio: "ignore" });
      const [code] = (await once(child, "exit")) as [number | null];
      if (code !== 0) throw new Error(`risks over ${files} files ended with ${code}`);
      return (performance.now() - started) / 1000;
    };
    // Every start but the first finds its modules compiled.
    await judge();
    const wall = await judge();
    return [{ what: `risks over a folder of ${files} role files`, value: wall, unit: "s", aim: "≤ 2 s", reached: wall <= 2 }];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
