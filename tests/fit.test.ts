import { printProgress, up } from "@plimsoll/cluster";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answer, ask } from "./fit/ask.ts";

let cluster: Awaited<ReturnType<typeof up>>;

// Its own, since each node that comes or goes changes what the scheduler says.
beforeAll(async () => {
  cluster = await up({ name: `fit-${process.pid}`, kubelet: false, onProgress: printProgress(process.stderr) });
});

afterAll(async () => cluster?.down());

test.each([2026, 11])("what fits where is what kube-scheduler says, in its words (seed %i)", async (seed) => {
  const answers = await ask(cluster.kubeconfig, seed, 30);
  expect(answers.filter((answer) => !isSame(answer))).toEqual([]);
  // Both sorts of answers were had, and every filter has had its say.
  const refused = answers.filter(({ scheduler }) => scheduler.startsWith("0/"));
  expect(answers.length - refused.length).toBeGreaterThan(30);
  for (const reason of reasons)
    expect.soft(refused.filter(({ scheduler }) => scheduler.includes(reason)).length, reason).toBeGreaterThan(0);
});

/** A node that it was bound to is one that it fits; where there was none, there is none, for the same reasons on as many nodes. */
function isSame({ scheduler, model }: Answer): boolean {
  return scheduler.startsWith("0/") ? model.fits.length === 0 && scheduler.startsWith(model.why) : model.fits.includes(scheduler);
}

const reasons = [
  "node(s) were unschedulable",
  "node(s) had untolerated taint(s)",
  "node(s) didn't match Pod's node affinity/selector",
  "node(s) didn't satisfy plugin(s) [NodeAffinity]",
  "node(s) didn't have free ports for the requested pod ports",
  "Insufficient cpu",
  "Insufficient memory",
  "Insufficient example.com/node-",
  "Too many pods",
  "node(s) didn't match PersistentVolume's node affinity",
  "node(s) didn't match pod topology spread constraints",
  "(missing required label)",
  "node(s) didn't match pod affinity rules",
  "node(s) didn't match pod anti-affinity rules",
  "node(s) didn't satisfy existing pods anti-affinity rules",
];
