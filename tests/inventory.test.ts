import { Host } from "@plimsoll/controller";
import { addExtension } from "@plimsoll/controller/installation";
import { inventory } from "@plimsoll/features/inventory";
import { isAlreadyExists, isNotFound, Transport } from "@plimsoll/kube";
import { randomBytes } from "node:crypto";
import { pino } from "pino";
import { afterAll, expect, inject, test, vi } from "vitest";
import { accountOf } from "./proof/account.ts";
import { place } from "./support/cluster.ts";

const transport = Transport.fromKubeconfig(inject("kubeconfig"), { userAgent: "tests" });
afterAll(() => transport.close());

const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/** Defines a custom resource, and makes objects of it in a namespace. */
async function define(group: string, namespace: string, count: number): Promise<void> {
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  await transport.request({
    method: "POST",
    path: definitions,
    body: {
      metadata: { name: `ships.${group}` },
      spec: {
        group,
        scope: "Namespaced",
        names: { kind: "Ship", plural: "ships" },
        versions: [{ name: "v1", served: true, storage: true, schema }],
      },
    },
  });
  for (let index = 0; index < count; index += 1)
    await vi.waitFor(
      async () => {
        const body = { apiVersion: `${group}/v1`, kind: "Ship", metadata: { name: `ship-${index}` }, cargo: "x".repeat(1_000) };
        await transport
          .request({ method: "POST", path: `/apis/${group}/v1/namespaces/${namespace}/ships`, body })
          .catch((error: unknown) => {
            if (!isAlreadyExists(error)) throw error;
          });
      },
      { timeout: 120_000, interval: 200 },
    );
}

test("a custom resource is counted once an extension opens it, and until then it is said once what to do", async () => {
  const group = `g${randomBytes(3).toString("hex")}.example.com`;
  const { namespace } = await place();
  await define(group, namespace, 3);
  const { token } = await accountOf(transport, { features: ["inventory"], isolation: "feature", namespace });
  const sender = Transport.fromKubeconfig(inject("kubeconfig"), { token, userAgent: "inventory" });
  const lines: { why?: string }[] = [];
  const log = pino({}, { write: (line: string) => lines.push(JSON.parse(line) as object) });
  const host = new Host({ sender, log, namespaces: { own: namespace } });
  const end = new AbortController();
  const customResources = [
    { group, version: "v1", resource: "ships" },
    { group: "nowhere.example.com", version: "v2", resource: "boats" },
  ];
  const running = host.run([{ feature: inventory, config: inventory.config.parse({ customResources, customInterval: "1s" }) }], end.signal);
  const said = (): string[] => lines.flatMap(({ why }) => why ?? []);
  const counted = async (): Promise<string[]> =>
    (await host.metrics.metrics()).split("\n").filter((line) => line.startsWith("plimsoll_inventory_custom_objects{"));
  try {
    await host.synced();
    const refused = "it may not be listed: open it by `extensions` of the installation, or plimsoll extensions add";
    await vi.waitFor(() => expect(said()).toContain(refused), { timeout: 120_000 });
    expect(await counted()).toEqual([]);
    await addExtension(transport, namespace, { name: group, group, resources: ["ships"], verbs: ["list"] }, ["plimsoll-inventory"]);
    const line = `plimsoll_inventory_custom_objects{group="${group}",resource="ships",in_namespace="${namespace}"} 3`;
    await vi.waitFor(async () => expect(await counted()).toEqual([line]), { timeout: 120_000, interval: 200 });
    // Once for each of the two, however often it was tried.
    expect(said()).toEqual([refused, refused]);
  } finally {
    end.abort();
    await running;
    await sender.close();
    await transport.request({ method: "DELETE", path: `${definitions}/ships.${group}` }).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  }
});
