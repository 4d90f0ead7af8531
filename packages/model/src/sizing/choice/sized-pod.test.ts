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
