import { up, type Cluster } from "@plimsoll/cluster";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { configFile, prepare, startController } from "../scripts/local-controller.ts";
import { place, simulated } from "./support/cluster.ts";

// A cluster of its own: in the shared one another controller makes the pods.
let cluster: Cluster;
beforeAll(async () => {
  cluster = await up({ name: `config-${process.pid}`, simulatedNodes: 3 });
});
afterAll(() => cluster.down());

interface Line {
  msg: string;
  keys?: string[];
  problems?: string[];
}

test("the rate of new pods and the log level are taken while the controller works; what needs a restart, or is wrong, is told", async () => {
  const config = (podQPS: number, more: object = {}): object => ({ features: { pipelines: { podQPS, podBurst: podQPS } }, ...more });
  const controller = await startController({ kubeconfig: await prepare(cluster), folder: cluster.folder, config: config(1) });
  const lines = (): Line[] =>
    readFileSync(controller.log, "utf8")
      .split("\n")
      .flatMap((line) => (line === "" ? [] : [JSON.parse(line) as Line]))
      .filter(({ msg }) => !["started", "leads", "the caches are filled"].includes(msg));
  const told = (count: number): Promise<Line[]> =>
    vi.waitUntil(() => lines().length >= count && lines(), { timeout: 120_000, interval: 100 });
  const write = (config: object): string => configFile(controller.config ?? "", config);

  const own = await place(cluster.kubeconfig);
  const items = Array.from({ length: 300 }, (_, index) => index);
  await own.start({ pod: simulated, steps: [{ name: "fan", forEach: items, image: "busybox", command: ["true"] }] }, { name: "run" });
  const pods = (): Promise<unknown[]> => Array.fromAsync(own.client("pods").list({ namespace: own.namespace }));
  await vi.waitUntil(async () => (await pods()).length > 1, { timeout: 120_000, interval: 200 });
  write(config(1_000, { logLevel: "warn", namespaces: ["elsewhere"] }));
  // At one pod a second it would take five minutes.
  await expect(own.ended("run", 240)).resolves.toMatchObject({ status: { phase: "Succeeded" } });

  const restart = { msg: "the configuration has changed: restart the controller to have it so", keys: ["namespaces"] };
  expect(await told(1)).toMatchObject([restart]);
  const file = write(config(1_000));
  const live = { msg: "the configuration has changed", keys: ["logLevel"] };
  expect(await told(2)).toMatchObject([restart, live]);
  write({ namespace: "elsewhere" });
  const problems = [`${file}:1: namespace: there is no such field; did you mean "namespaces"?`];
  expect(await told(3)).toMatchObject([restart, live, { msg: "the configuration file is wrong: all stays as it was", problems }]);
  await controller.stop();
  expect(lines().at(-1)?.msg).toBe("ended");
});
