import { startMoto } from "@plimsoll/cloud/testing";
import { vi } from "vitest";
import { deadNodes } from "../support/dead-nodes.ts";
import type { Scenario, Stage } from "./scenario.ts";

/** The scenarios that prove what the clean-up may do. They are about nodes alone, so that each begins with the nodes that it needs. */
export const scenarios: readonly Scenario[] = [
  {
    name: "machine-gone",
    shows: "a node that comes to be NotReady, and whose machine is terminated, is deleted; one whose machine is there is not",
    proves: ["watch nodes", "delete nodes"],
    play: dies,
  },
  {
    name: "machine-gone-older-server",
    shows: "where the API server streams no first lists, the nodes are listed instead",
    proves: ["list nodes"],
    isOlder: true,
    play: dies,
  },
];

async function dies({ kubeconfig, begin, expecting, seconds }: Stage): Promise<void> {
  const moto = await startMoto();
  const dead = deadNodes(kubeconfig, moto);
  try {
    const [one, other] = [await dead.launch(), await dead.launch()];
    const [gone, kept] = [await dead.node(one, { name: "machine-gone", ready: "True" }), await dead.node(other, { name: "machine-there" })];
    await expecting("the caches are filled", begin(dead.config));
    await dead.terminate(one);
    await dead.setReady(gone, "False");
    const isGone = vi.waitFor(
      async () => {
        if (await dead.isThere(gone)) throw new Error(`the node ${gone} is there`);
      },
      { timeout: seconds * 1000, interval: 200 },
    );
    await expecting("the node is deleted", isGone);
    if (!(await dead.isThere(kept))) throw new Error(`the node ${kept} was deleted, and its machine is there`);
  } finally {
    await dead.stop();
    await moto.stop();
  }
}
