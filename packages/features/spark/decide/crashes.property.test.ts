import * as fc from "fast-check";
import { expect, test } from "vitest";
import { digestOf, namesOf, submissionOf, type Attempt } from "../attempt.ts";
import { readSpec, some, someSpec } from "../testing/application.ts";
import type { Application } from "./application.ts";
import { decide } from "./decide.ts";
import type { DriverState, DriverView } from "./pods.ts";
import { submitted } from "./status.ts";

/** What happens next: the controller works, dying before its nth write; or a driver ends; or the spec changes; or time passes. */
const happening = fc.oneof(
  { weight: 5, arbitrary: fc.record({ is: fc.constant("work" as const), writes: fc.integer({ min: 0, max: 6 }) }) },
  { weight: 3, arbitrary: fc.record({ is: fc.constant("end" as const), well: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant("change" as const) }) },
  { weight: 2, arbitrary: fc.record({ is: fc.constant("wait" as const) }) },
);

/** An application in a cluster where nothing else happens than what is told. */
class World {
  now = Date.parse("2027-01-01T00:00:00Z");
  generation = 1;
  status: Application["status"] = {};
  readonly drivers = new Map<string, DriverView>();
  /** The attempts for which a driver was made. */
  readonly made: string[] = [];

  get #spec(): Record<string, unknown> {
    return someSpec({
      arguments: [String(this.generation)],
      restartPolicy: { type: "OnFailure", onFailureRetries: 2, onFailureRetryInterval: 1 },
    });
  }

  /** Gives whether there was nothing to do. */
  work(writes: number): boolean {
    let left = writes;
    const write = (): boolean => left-- > 0;
    const spec = this.#spec;
    const application: Application = {
      ...some,
      generation: this.generation,
      resourceVersion: "",
      labels: undefined,
      schedule: undefined,
      scheduledFor: undefined,
      read: { spec: readSpec(spec) },
      isSuspended: false,
      digest: digestOf(spec),
      status: this.status,
    };
    const of = { drivers: [...this.drivers.values()], executors: [], now: this.now };
    let decision = decide(application, { ...of, isLost: false });
    if (decision.isLost) decision = decide(application, { ...of, isLost: true });
    for (const { name } of decision.remove) if (write()) this.drivers.delete(name);
    if (decision.submit !== undefined) {
      if (!write()) return false;
      this.#make(decision.submit.attempt);
      if (!write()) return false;
      this.status = submitted(this.status, some, decision.submit.attempt, { now: this.now, uiPort: undefined });
      return false;
    }
    const isSame = decision.status === undefined || JSON.stringify(decision.status) === JSON.stringify(this.status);
    if (!isSame && decision.status !== undefined && write()) this.status = decision.status;
    return isSame && decision.remove.length === 0;
  }

  /** As the API server does: a name is given once. */
  #make(attempt: Attempt): void {
    const { driver: name } = namesOf(some, attempt);
    if (this.drivers.has(name)) return;
    const submission = submissionOf(attempt);
    this.made.push(submission);
    this.drivers.set(name, { namespace: "team", name, uid: name, owner: some.uid, submission, state: { is: "running" }, isDeleted: false });
  }

  end(state: DriverState): void {
    for (const driver of this.drivers.values()) if (driver.state.is === "running") driver.state = state;
  }
}

test("whenever the controller dies, an attempt's driver is made once, no two run at a time, and the application comes to an end", () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 40 }), (happenings) => {
      const world = new World();
      for (const one of happenings) {
        if (one.is === "work") world.work(one.writes);
        else if (one.is === "end") world.end(one.well ? { is: "succeeded" } : { is: "failed", why: "x" });
        else if (one.is === "change") world.generation += 1;
        else world.now += 60_000;
        expect([...world.drivers.values()].filter(({ state }) => state.is === "running").length).toBeLessThanOrEqual(1);
      }
      for (let round = 0; round < 30; round += 1) {
        world.now += 60_000;
        world.work(9);
        world.end({ is: "succeeded" });
      }
      expect(world.work(9)).toBe(true);
      expect(["COMPLETED", "FAILED"]).toContain(world.status.applicationState?.state);
      expect(new Set(world.made).size).toBe(world.made.length);
      expect(world.made.filter((submission) => submission.startsWith(`${world.generation}-`)).length).toBeLessThanOrEqual(3);
    }),
    { numRuns: 300 },
  );
});
