import { expect, test } from "vitest";
import { begun, change, minute } from "../testing/situation.ts";
import { appliedStatus } from "./status.ts";

test("what was taken back is told by its workload, and hides nothing of what is in the way of others", () => {
  const policy = { apiVersion: "plimsoll.dev/v1alpha1", kind: "RightSizingPolicy", metadata: { name: "all" }, spec: { mode: "recreate" } };
  const changes = [change({ takenBack: { why: "it crashed", until: begun + 60 * minute, whole: false } })];
  const hindrances = ["Deployment/api: its roll-out has failed"];
  const standing = { changes, hindrances, unsure: 1, minConfidence: 10, unseen: 0 };
  const [condition] = appliedStatus(policy as never, standing, begun).conditions ?? [];
  expect(condition).toMatchObject({
    status: "False",
    reason: "TakenBack",
    message:
      "Deployment/web, container app: it crashed; Deployment/api: its roll-out has failed; 1 container is left: below a confidence of 10 %",
  });
});
