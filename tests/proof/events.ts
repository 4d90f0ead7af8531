import { defineFeature } from "@plimsoll/features/feature";
import { declare } from "@plimsoll/features/kinds";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, vi } from "vitest";
import * as z from "zod";
import { idlePod } from "../support/cluster.ts";
import type { Scenario, Stage } from "./scenario.ts";

const reference = z.object({
  apiVersion: z.string().default("v1"),
  kind: z.string().default("Pod"),
  namespace: z.string().default(""),
  name: z.string().default(""),
  uid: z.string().default(""),
});

/** Tells the same of an object twice. */
export const events = defineFeature({
  permissions: declare("teller", []),
  proof: [],
  config: z.object({ regarding: reference.prefault({}) }),
  leader: "any",
  async start({ events, signal }, { regarding }) {
    for (const note of ["once", "again"]) {
      events.record({ regarding, type: "Normal", reason: "Told", action: "Tell", note });
      await sleep(1_000);
    }
    if (!signal.aborted) await once(signal, "abort");
  },
});

function told({ client, namespace, seconds }: Stage, count: number): Promise<void> {
  return vi.waitFor(
    async () => {
      const all = await Array.fromAsync(client("events.events.k8s.io").list({ namespace, fieldSelector: "reason=Told" }));
      expect(Math.max(0, ...all.map(({ series }) => series?.count ?? 1))).toBeGreaterThanOrEqual(count);
    },
    { timeout: seconds * 1000, interval: 200 },
  );
}

/** All that telling of events needs the API for. */
export const scenarios: readonly Scenario[] = [
  {
    name: "told-twice",
    shows: "what happens to an object is told, and counted when it happens again",
    proves: ["create events.events.k8s.io", "patch events.events.k8s.io"],
    async play(stage) {
      const { client, namespace } = stage;
      const { metadata } = await client("pods").create(idlePod(namespace, "one"));
      await stage.begin({ regarding: { namespace, name: "one", uid: metadata.uid } });
      await stage.expecting("the event is there", told(stage, 1));
      await stage.expecting("its repetition is counted", told(stage, 2));
    },
  },
];
