import type { Pod } from "kubernetes-types/core/v1.d.ts";
import { Meter } from "../../language/meter.ts";
import { compile } from "../../plan/plan.ts";
import { casesOf } from "../kind.cases.ts";
import { podKind } from "./kind.ts";

const result = compile({ pipeline: { steps: [{ name: "s", image: "busybox", command: ["true"] }] } });
if ("problems" in result) throw new Error(JSON.stringify(result.problems));
const { plan } = result;
const [step] = plan.steps;
if (step === undefined) throw new Error("the plan has no step");

const withStatus =
  (status: Pod["status"]) =>
  (pod: Pod): Pod => ({ ...pod, metadata: { ...pod.metadata, uid: "p" }, ...(status ? { status } : {}) });
const ended = (exitCode: number): Pod["status"] => ({
  phase: exitCode === 0 ? "Succeeded" : "Failed",
  containerStatuses: [{ name: "step", image: "", imageID: "", ready: false, restartCount: 0, state: { terminated: { exitCode } } }],
});

casesOf(podKind, {
  source: (name, number) => ({
    run: { namespace: "ns", name: "run", uid: "uid" },
    plan,
    step,
    variables: {},
    meter: new Meter(),
    try: number,
    name,
    deadline: undefined,
    memory: 1,
    record: undefined,
  }),
  states: {
    new: withStatus(undefined),
    running: withStatus({ phase: "Running" }),
    succeeded: withStatus(ended(0)),
    failed: withStatus(ended(1)),
  },
  stray: (pod) => ({ ...pod, metadata: { ...pod.metadata, ownerReferences: [] } }),
});
