import { expect, test } from "vitest";
import { sizedPodOf } from "./sized-pod.ts";

const ended = (reason: string, finishedAt: string | null) => ({ terminated: { reason, finishedAt, exitCode: 137 } });

test.each<[string, object, string | undefined]>([
  ["that is over", { state: ended("OOMKilled", "2026-11-28T10:00:00Z") }, "2026-11-28T10:00:00Z"],
  ["that was started again", { state: { running: {} }, lastState: ended("OOMKilled", "2026-11-28T10:00:00Z") }, "2026-11-28T10:00:00Z"],
  [
    "whose last two ends were both that",
    { state: ended("OOMKilled", "2026-11-28T11:00:00Z"), lastState: ended("OOMKilled", "2026-11-28T10:00:00Z") },
    "2026-11-28T11:00:00Z",
  ],
  ["that ended otherwise", { state: ended("Error", "2026-11-28T10:00:00Z") }, undefined],
  ["of whose end nobody knows the time", { state: ended("OOMKilled", null) }, undefined],
])("that a container was killed for want of memory is seen of one %s", (_, status, at) => {
  const { kills } = sizedPodOf({ status: { containerStatuses: [{ name: "app", ...status } as never] } });
  expect(kills).toEqual(at === undefined ? [] : [{ container: "app", at: Date.parse(at) }]);
});

test("pods of one template have one shape", () => {
  const of = (name: string) =>
    sizedPodOf({
      metadata: { name, labels: { app: "web" }, annotations: { "plimsoll.dev/right-sizing": "ignore" } },
      spec: { containers: [{ name: "app", resources: { requests: { cpu: "250m", memory: "1Gi", "nvidia.com/gpu": "1" } } }] },
    });
  expect(of("a").shape).toBe(of("b").shape);
  expect(of("a").shape).toEqual({
    labels: { app: "web" },
    step: undefined,
    isOptedOut: true,
    whole: [],
    containers: [{ name: "app", requests: { cpu: 250, memory: 1024 ** 3 }, limits: {} }],
  });
});

test.each<[string, object, (object | undefined)[], boolean]>([
  ["all have ended, and none is started again", { restartPolicy: "Never" }, [ended("OOMKilled", null), ended("Completed", null)], true],
  ["all have ended, and may be started again", { restartPolicy: "OnFailure" }, [ended("OOMKilled", null), ended("Completed", null)], false],
  ["one runs on", { restartPolicy: "Never" }, [ended("OOMKilled", null), { running: {} }], false],
  ["of one nothing is told yet", { restartPolicy: "Never" }, [ended("OOMKilled", null), undefined], false],
])("a pod whose phase says that it runs, and of whose containers %s", (_, spec, states, isOver) => {
  const containers = [{ name: "a" }, { name: "b" }];
  const containerStatuses = states.flatMap((state, index) => (state === undefined ? [] : [{ ...containers[index], state } as never]));
  const status = { phase: "Running", containerStatuses };
  expect(sizedPodOf({ spec: { ...spec, containers }, status }).isOver).toBe(isOver);
  // By a rule of its own, it may be started again.
  const own = containers.map((one) => ({ ...one, restartPolicy: "OnFailure" }) as never);
  expect(sizedPodOf({ spec: { ...spec, containers: own }, status }).isOver).toBe(false);
});
