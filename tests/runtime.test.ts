import { FeatureError, Host, type Chosen } from "@plimsoll/controller";
import { defineFeature, type Feature } from "@plimsoll/features/feature";
import { allow, declare } from "@plimsoll/features/kinds";
import { Transport } from "@plimsoll/kube";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { expect, inject, test, vi } from "vitest";
import * as z from "zod";
import { auditLog } from "./support/raw-request.ts";
import { idlePod, place } from "./support/cluster.ts";

/** Labels each new pod that has none: a feature as small as one can be. */
const labelling = (settled: string[]): Feature =>
  defineFeature({
    permissions: declare("labelling", [
      allow(["list", "watch"], "pods", "to see those without a label"),
      allow("patch", "pods", "to label them"),
    ]),
    proof: [],
    config: z.object({ colour: z.string().default("red") }),
    leader: "required",
    async start(runtime, { colour }) {
      const pods = runtime.view("pods", {
        project: ({ metadata: { namespace = "", name, labels = {} } }) => ({ namespace, name, colour: labels["colour"] }),
      });
      const queue = runtime.queue("labelling");
      await runtime.elected;
      pods.on(({ type, object: { namespace, name, colour: given } }) => {
        if (type === "add" && given === undefined) queue.add(`${namespace}/${name}`);
        else if (given !== undefined) settled.push(`${name} is ${given}`);
      });
      const label = async (key: string): Promise<void> => {
        const [namespace = "", name = ""] = key.split("/");
        await runtime.client("pods").patch({ namespace, name }, { metadata: { labels: { colour } } });
      };
      await queue.run(1, label, runtime.signal);
    },
  });

/** Only reads what the other has labelled. */
const reading = (seen: string[]): Feature =>
  defineFeature({
    permissions: declare("reading", [allow(["list", "watch"], "pods", "to see those with a label")]),
    proof: [],
    config: z.object({}),
    leader: "any",
    async start(runtime) {
      const pods = runtime.view("pods", {
        project: ({ metadata: { name, labels } }) => (labels?.["colour"] === undefined ? undefined : { name }),
        select: { labelSelector: "colour" },
      });
      // @ts-expect-error Of nodes, nothing was declared.
      const undeclared = (): unknown => runtime.view("nodes", { project: () => ({}) });
      expect(undeclared).toBeTypeOf("function");
      pods.on(({ type, object }) => seen.push(`${type} ${object.name}`));
      await once(runtime.signal, "abort");
    },
  });

const chosen = (...features: Feature[]): Chosen[] => features.map((feature) => ({ feature, config: feature.config.parse({}) }));

test("two features share one watch of pods, and each does no more than it declared", async () => {
  const { client, namespace } = await place();
  const mark = await auditLog.mark();
  const userAgent = `runtime-${randomBytes(4).toString("hex")}`;
  const transport = Transport.fromKubeconfig(inject("kubeconfig"), { userAgent });
  const host = new Host({ sender: transport, namespaces: { chosen: [namespace] } });
  const [settled, seen]: string[][] = [[], []];
  const end = new AbortController();
  const running = host.run(chosen(labelling(settled ?? []), reading(seen ?? [])), end.signal);
  await host.synced();
  await client("pods").create(idlePod(namespace, "one"));
  await vi.waitFor(() => expect([settled?.[0], seen?.[0]]).toEqual(["one is red", "add one"]), { timeout: 120_000 });
  // The watch may tell of the label before the patch is answered.
  const metrics = () => host.metrics.metrics();
  await expect.poll(metrics).toMatch(/^controller_runtime_reconcile_total\{controller="labelling",result="success"\} 1$/m);
  expect(await metrics()).toMatch(/^workqueue_adds_total\{name="labelling"\} 1$/m);
  end.abort();
  await running;
  await transport.close();
  const asked = async (): Promise<string[]> => {
    const events = await Array.fromAsync(auditLog.since(mark));
    const ours = events.filter((event) => event.userAgent === userAgent && event.stage !== "ResponseStarted");
    return ours.map(({ verb, resource }) => `${verb} ${resource}`).sort();
  };
  // The end of the watch is written some time after the connection was closed.
  await expect.poll(asked, { timeout: 120_000 }).toEqual(["patch pods", "watch pods"]);
});

test.each<[string, () => Promise<void>, RegExp]>([
  ["that throws", () => Promise.reject(new Error("the anchor is lost")), /^the feature broken has failed: the anchor is lost$/],
  ["that ends by itself", () => Promise.resolve(), /^the feature broken has failed: it has ended by itself$/],
])("a feature %s ends all others, and the program", async (_, start, message) => {
  const broken = defineFeature({
    permissions: declare("broken", [allow(["list", "watch"], "pods", "to see them")]),
    proof: [],
    config: z.object({}),
    leader: "any",
    start,
  });
  const { namespace } = await place();
  const transport = Transport.fromKubeconfig(inject("kubeconfig"));
  const host = new Host({ sender: transport, namespaces: { chosen: [namespace] } });
  const running = host.run(chosen(reading([]), broken), new AbortController().signal);
  await expect(running).rejects.toThrow(FeatureError);
  await expect(running).rejects.toThrow(message);
  await transport.close();
});
