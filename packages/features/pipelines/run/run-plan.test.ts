import type { PipelineRun, PipelineSpec } from "@plimsoll/api";
import { expect, test } from "vitest";
import type { Client } from "../permissions.ts";
import { checkedCompile, readPlan } from "./run-plan.ts";

const release: PipelineSpec = {
  pod: { serviceAccountName: "reader" },
  steps: [{ name: "build", image: "x" }],
  finally: [{ name: "ship", image: "x", pod: { serviceAccountName: "deploy" } }],
};

/** What becomes of a run of the Pipeline `release`. */
async function plan(spec: Partial<PipelineRun["spec"]>, status?: PipelineRun["status"]): Promise<string[]> {
  const run: PipelineRun = {
    apiVersion: "plimsoll.dev/v1alpha1",
    kind: "PipelineRun",
    metadata: { namespace: "ns", name: "run" },
    spec: { pipelineRef: { name: "release" }, ...spec },
    ...(status && { status }),
  };
  const client = () => ({ get: async () => ({ spec: release }) });
  const found = await readPlan(client as unknown as Client, run, checkedCompile, 0);
  return "problems" in found ? found.problems.map(({ path, message }) => `${path.join(".")} ${message}`) : [];
}

const missing = (account: string, by: string, all: string): string =>
  `spec.serviceAccountNames lacks ServiceAccount "${account}", as which ${by} of Pipeline "release" runs: give serviceAccountNames: [${all}]`;

test("a run is refused whose Pipeline uses a ServiceAccount that the run doesn't list, also of finally, and whatever its status says", async () => {
  const listed = { serviceAccountNames: ["reader"] };
  const ship = missing("deploy", 'step "ship"', "reader, deploy");
  expect(await plan(listed)).toEqual([ship]);
  expect(await plan(listed, { pipeline: release })).toEqual([ship]);
  expect(await plan({})).toEqual([
    'spec.serviceAccountNames lacks ServiceAccount "reader", as which Pipeline "release" runs: give serviceAccountNames: [reader, deploy]',
  ]);
});

test("a run that lists all of them is carried out, and one with a pipeline of its own lists none", async () => {
  expect(await plan({ serviceAccountNames: ["deploy", "other", "reader"] })).toEqual([]);
  expect(await plan({ pipelineRef: undefined, pipeline: release })).toEqual([]);
});
