import { execFile } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { closeNamespace, openNamespace } from "../packages/cluster/src/host/namespace.ts";
import { pathsOf } from "../packages/cluster/src/state.ts";
import { started } from "./support/local-cluster.ts";

const run = promisify(execFile);

test("nodes that come and go at the same time leave each other's links alone", async () => {
  async function comeAndGo(name: string): Promise<void> {
    const paths = pathsOf(name);
    for (let time = 0; time < 6; time += 1) {
      mkdirSync(paths.folder, { recursive: true });
      try {
        const { link, host } = await openNamespace(paths);
        expect((await run("ip", ["-4", "addr", "show", "dev", link])).stdout).toContain(`inet ${host}/`);
      } finally {
        await closeNamespace(paths);
        rmSync(paths.folder, { recursive: true });
      }
    }
  }
  await Promise.all(["a", "b", "c", "d"].map(async (name) => comeAndGo(started(`link-${name}`))));
});
