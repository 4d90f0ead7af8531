import type { Occurrence } from "../src/events/event.ts";
import { eventPermissions } from "../src/events/permissions.ts";
import { EventRecorder, type EventRecorderOptions } from "../src/events/recorder.ts";
import { FakeClock } from "./fake-clock.ts";
import { FakeEvents } from "./fake-events.ts";

export const second = 1_000;
export const minute = 60 * second;

/** A recorder that runs, and the server that it tells. */
export function recorderTrial({
  takes = 0,
  running = true,
  ...options
}: Partial<EventRecorderOptions> & { takes?: number; running?: boolean } = {}) {
  const clock = new FakeClock(Date.parse("2026-07-01T12:00:00Z"));
  const start = clock.now();
  const server = new FakeEvents(clock, takes);
  const errors: unknown[] = [];
  const recorder = new EventRecorder(eventPermissions.client(server), {
    controller: "plimsoll.dev/pipelines",
    instance: "ship-1",
    clock,
    onError: (error) => errors.push(error),
    ...options,
  });
  const stop = new AbortController();
  const ran = running ? recorder.run(stop.signal) : Promise.resolve();
  return {
    clock,
    server,
    errors,
    recorder,
    async stop() {
      stop.abort();
      await ran;
    },
    record: (of: Parameters<typeof occurrence>[0] = {}) => recorder.record(occurrence(of)),
    /** Each request: when it was made, its verb, and the count that it told. */
    calls: () => server.calls.map(({ at, method, series }) => [(at - start) / second, method, series?.count ?? 1]),
    told: () => ({ sent: recorder.sent, failed: recorder.failed, dropped: recorder.dropped }),
  };
}

export function occurrence({
  name = "run-1",
  reason = "StepFailed",
  note = "",
  fieldPath,
}: {
  name?: string;
  reason?: string;
  note?: string;
  fieldPath?: string;
}): Occurrence {
  const regarding = { apiVersion: "plimsoll.dev/v1alpha1", kind: "PipelineRun", namespace: "team", name, uid: `uid-${name}`, fieldPath };
  return { regarding, type: "Warning", reason, action: "Retrying", note };
}
