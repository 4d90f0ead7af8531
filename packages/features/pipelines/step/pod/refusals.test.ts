import type { PipelineSpec } from "@plimsoll/api";
import { expect, test } from "vitest";
import { compilePipeline } from "../../plan/plan.ts";
import { knownPod, toldRefusal } from "./refusals.ts";

const spec: PipelineSpec = {
  workspace: { size: "1Gi" },
  pod: { tolerations: [{ key: "a" }], volumes: [{ name: "own", emptyDir: {} }], patch: { spec: { hostname: "h" } } },
  steps: [
    {
      name: "a",
      image: "busybox",
      script: "true",
      volumeMounts: [{ name: "own", mountPath: "/own" }],
      pod: { nodeSelector: { a: "b" } },
    },
  ],
};

test.each([
  ["spec.containers[0].volumeMounts[2].mountPath", "spec.steps[0].volumeMounts[0].mountPath"],
  ["spec.volumes[2].name", "spec.pod.volumes[0].name"],
  ["spec.tolerations[0].key", "spec.pod.tolerations[0].key"],
  ["spec.nodeSelector", "spec.steps[0].pod.nodeSelector"],
  ["spec.containers[0].image", "spec.steps[0].image"],
  ["spec.hostname", "spec.pod.patch.spec.hostname"],
  ["spec.restartPolicy", "spec.restartPolicy"],
])("what the API server says of a pod's %s is told of %s", (path, told) => {
  const plan = compilePipeline(spec, ["spec"]);
  const step = "problems" in plan ? undefined : plan.steps[0];
  if ("problems" in plan || step === undefined) throw new Error("not compiled");
  const message = (of: string): string =>
    `POST /api/v1/namespaces/a/pods: 422 Invalid: Pod "p" is invalid: ${of}: Invalid value: "x": must be y`;
  expect(toldRefusal(message(path), step, plan, knownPod(step, plan))).toBe(`${told}: Invalid value: "x": must be y`);
});
