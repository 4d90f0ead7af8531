import { defaultLease as lease } from "@plimsoll/controller";
import { defineFeature } from "@plimsoll/features/feature";
import { declare } from "@plimsoll/features/kinds";
import { Elector } from "@plimsoll/kube";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { vi } from "vitest";
import * as z from "zod";
import type { Scenario, Stage } from "./scenario.ts";

/** The candidates at work, by the namespace of their lease. */
const electors = new Map<string, Elector>();

/** Stands for the lease, and does nothing else. */
export const leaderElection = defineFeature({
  permissions: declare("candidate", []),
  proof: [],
  config: z.object({ kubeconfig: z.string().default(""), namespace: z.string().default("") }),
  leader: "any",
  async start({ signal }, { kubeconfig, namespace }) {
    const elector = new Elector({ connection: { kubeconfig }, namespace, lease, identity: "candidate", onError: () => {} });
    electors.set(namespace, elector);
    elector.start(signal);
    await once(signal, "abort");
    await elector.release();
  },
});

/** A lease as another would hold it, for an hour. */
const anothers = (namespace: string) => ({
  metadata: { namespace, name: lease },
  spec: { holderIdentity: "another", leaseDurationSeconds: 3600, renewTime: `${new Date().toISOString().slice(0, -1)}000Z` as never },
});

function holds({ client, namespace, seconds }: Stage, condition: (holder: string | undefined, renewed: string) => boolean): Promise<void> {
  return vi.waitFor(
    async () => {
      const [found] = await Array.fromAsync(
        client("leases.coordination.k8s.io").list({ namespace, fieldSelector: `metadata.name=${lease}` }),
      );
      if (found === undefined || !condition(found.spec?.holderIdentity, String(found.spec?.renewTime)))
        throw new Error(`the lease is ${JSON.stringify(found?.spec)}`);
    },
    { timeout: seconds * 1000, interval: 200 },
  );
}

const isOurs = (holder: string | undefined): boolean => holder === "candidate";

/** All that leader election needs the API for. */
export const scenarios: readonly Scenario[] = [
  {
    name: "first-leader",
    shows: "the first candidate makes the lease, and renews it",
    proves: ["create leases.coordination.k8s.io", `update leases.coordination.k8s.io "${lease}"`],
    async play(stage) {
      await stage.begin({ kubeconfig: stage.accountKubeconfig, namespace: stage.namespace });
      await stage.expecting("the lease is ours", holds(stage, isOurs));
      let first: string | undefined;
      await stage.expecting(
        "the lease is renewed",
        holds(stage, (holder, renewed) => isOurs(holder) && (first ??= renewed) !== renewed),
      );
    },
  },
  {
    name: "given-up-lease",
    shows: "a lease that another gives up is taken at once, long before it would run out",
    proves: [`watch leases.coordination.k8s.io "${lease}"`],
    async play(given) {
      // After half a minute of silence a candidate lists the lease, whoever tells it or not.
      const stage = { ...given, seconds: Math.min(given.seconds, 20) };
      const { client, namespace } = stage;
      await client("leases.coordination.k8s.io").create(anothers(namespace));
      await stage.begin({ kubeconfig: stage.accountKubeconfig, namespace });
      // It has been seen to be another's.
      await stage.expecting(
        "the candidate knows who leads",
        vi.waitUntil(() => electors.get(namespace)?.leader === "another", { timeout: stage.seconds * 1000, interval: 100 }),
      );
      await client("leases.coordination.k8s.io").patch({ namespace, name: lease }, { spec: { holderIdentity: "" } });
      await stage.expecting("the lease is ours", holds(stage, isOurs));
    },
  },
  {
    name: "touched-lease",
    shows: "a lease that somebody has written to is looked at again, and kept",
    proves: [`list leases.coordination.k8s.io "${lease}"`],
    async play(stage) {
      const { client, namespace } = stage;
      await stage.begin({ kubeconfig: stage.accountKubeconfig, namespace });
      await stage.expecting("the lease is ours", holds(stage, isOurs));
      await client("leases.coordination.k8s.io").patch({ namespace, name: lease }, { metadata: { annotations: { touched: "yes" } } });
      // As long as it takes to lose it.
      await sleep(12_000);
      const { fence } = electors.get(namespace) ?? {};
      await stage.expecting("the lease is kept", fence?.isUp ? Promise.resolve() : Promise.reject(new Error("it was lost")));
    },
  },
];
