import { expect, test } from "vitest";
import { podSpecProblems } from "./pod.ts";

const container = { name: "a", image: "b", terminationMessagePolicy: "File", imagePullPolicy: "Always" };

test("null in a list of texts is an empty one, as the API server reads it", () => {
  const affinity = (key: string, values: unknown[]) => ({
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key, operator: "In", values }] }] },
    },
  });
  const spec = { restartPolicy: "Never", dnsPolicy: "Default", containers: [container] };
  expect(podSpecProblems({ ...spec, affinity: affinity("zone", ["a", null]) })).toEqual([]);
});
