import { ApiError } from "@plimsoll/kube";
import { FakeClock } from "@plimsoll/kube/testing";
import { expect, onTestFinished, test } from "vitest";
import { Trial } from "../testing/trial.ts";

const start = Date.parse("2026-11-28T12:00:00Z");
const minute = 60_000;
const metadata = (name: string, more: object = {}) => ({ namespace: "a", name, uid: name, resourceVersion: "1", generation: 1, ...more });
const resources = { requests: { cpu: "500m", memory: "256Mi" } };
const deployment = (generation: number, uid = "web") => ({
  metadata: metadata("web", { generation, uid }),
  spec: { replicas: 1, template: { spec: { containers: [{ name: "app", resources }] } } },
  status: { observedGeneration: generation, updatedReplicas: 1, replicas: 1, availableReplicas: 1 },
});
const policy = (name: string, mode: string, kind: string, of: string, spec: object = {}) => ({
  metadata: metadata(name),
  spec: { mode, ...spec },
  status: {
    observedGeneration: 1,
    conditions: [{ type: "MetricsAvailable", status: "True", reason: "Answers", message: "", lastTransitionTime: "2026-11-28T11:00:00Z" }],
    recommendations: [
      {
        apiVersion: "apps/v1",
        kind,
        name: of,
        container: "app",
        pods: 1,
        confidence: 100,
        samples: 1,
        seenAt: "2026-11-28T12:00:00Z",
        current: { cpu: "500m", memory: "256Mi" },
        target: { cpu: "100m", memory: "64Mi" },
        reason: "Recommended",
      },
    ],
  },
});

async function trialOf(...given: [ConstructorParameters<typeof Trial>[1], ConstructorParameters<typeof Trial>[2]?]) {
  const clock = new FakeClock(start);
  const trial = new Trial(clock, ...given);
  onTestFinished(() => trial.end());
  await trial.fill();
  await clock.advance(minute);
  const of = (resource: string) => trial.patches.filter((one) => one.resource === resource);
  return { clock, trial, of };
}

test("a template whose change was refused is tried again once it is another, or what replaced it, and otherwise in ten minutes", async () => {
  const listed = {
    "rightsizingpolicies.plimsoll.dev": [policy("all", "recreate", "Deployment", "web")],
    "deployments.apps": [deployment(1)],
  };
  const { clock, trial, of } = await trialOf(listed, () => {
    throw new ApiError("PATCH deployments", 422, { message: "no" });
  });
  const tries = () => of("deployments.apps").length;
  expect(tries()).toBe(1);
  trial.change("deployments.apps", { ...deployment(1), status: { ...deployment(1).status, readyReplicas: 1 } });
  await clock.advance(minute);
  expect(tries()).toBe(1);
  trial.change("deployments.apps", deployment(2));
  await clock.advance(minute);
  expect(tries()).toBe(2);
  trial.change("deployments.apps", deployment(2), "DELETED");
  trial.change("deployments.apps", deployment(1, "another"), "ADDED");
  await clock.advance(minute);
  expect(tries()).toBe(3);
  await clock.advance(9 * minute + 2_000);
  expect(tries()).toBe(4);
  expect(trial.failures).toEqual([]);
});
