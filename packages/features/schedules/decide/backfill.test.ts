import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decideBackfill, type BackfillKnown, type BackfillRun } from "./backfill.ts";

type Known = BackfillKnown<BackfillRun>;

const times = Array.from({ length: 6 }, (_, index) => index * 60_000);

const events = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ kind: fc.constant("end" as const), phase: fc.constantFrom("succeeded" as const, "failed" as const) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("cancel" as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("resume" as const) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("round" as const) }) },
  ),
  { maxLength: 40 },
);

/** A backfill, and what its controller makes of it; a round may be cut off after any run that it starts. */
class Play {
  readonly made: string[] = [];
  known: Known;

  constructor(spec: Known["spec"]) {
    this.known = { spec, times, phase: "Running", round: 1, skipped: "2", succeeded: "", failed: "", runs: [] };
  }

  round(cutOff = Infinity): void {
    const { end, start, phase, succeeded, failed, resume } = decideBackfill(this.known);
    const ending = new Set(end.map(({ name }) => name));
    let { runs } = this.known;
    runs = runs.map((run) => (ending.has(run.name) ? { ...run, isEnding: true, isEndedByBackfill: true } : run));
    this.known = { ...this.known, runs, phase, succeeded, failed, round: resume ?? this.known.round };
    if (resume !== undefined) return this.round(cutOff);
    for (const time of start.slice(0, cutOff)) {
      const name = `${time}b${this.known.round}`;
      if (this.known.runs.some((run) => run.name === name)) throw new Error(`${name} is there`);
      this.made.push(name);
      const run = { name, uid: name, time, phase: "active" as const, isEnding: false, round: this.known.round, isEndedByBackfill: false };
      this.known = { ...this.known, runs: [...this.known.runs, run] };
    }
    const active = this.known.runs.filter(({ phase }) => phase === "active");
    if (active.length > this.known.spec.parallel) throw new Error("too many go on at once");
  }

  end(phase: "succeeded" | "failed"): void {
    const first = this.known.runs.find((run) => run.phase === "active");
    const runs = this.known.runs.map((run) => (run === first ? { ...run, phase: run.isEnding ? ("cancelled" as const) : phase } : run));
    this.known = { ...this.known, runs };
  }

  cancel(cancel: boolean): void {
    this.known = { ...this.known, spec: { ...this.known.spec, cancel } };
  }
}

test("however it is cancelled, resumed and cut off, each time of a backfill is done with once, and those that were left out never begin", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.boolean(), events, fc.nat(3), (parallel, reverse, happenings, cutOff) => {
      const play = new Play({ parallel, reverse, cancel: false, onFailure: "continue" });
      for (const happening of happenings) {
        if (happening.kind === "end") play.end(happening.phase);
        else if (happening.kind === "cancel") play.cancel(true);
        else if (happening.kind === "resume") play.cancel(false);
        play.round(happening.kind === "round" ? cutOff : Infinity);
      }
      play.cancel(false);
      for (let rounds = 0; play.known.phase === "Running" || play.known.phase === "Cancelled"; rounds += 1) {
        if (rounds > 100) throw new Error("it doesn't end");
        play.end("succeeded");
        play.round();
      }
      const { runs, phase, failed } = play.known;
      const done = runs.filter(({ phase }) => phase === "succeeded" || phase === "failed").map(({ time }) => time);
      expect(done.toSorted((a, b) => a - b)).toEqual(times.filter((_, place) => place !== 2));
      expect(phase).toBe(failed === "" ? "Succeeded" : "Failed");
    }),
    { numRuns: 500 },
  );
});

test("where a failure is to stop it, no more are started, and it has failed", () => {
  const play = new Play({ parallel: 1, reverse: true, cancel: false, onFailure: "stop" });
  play.round();
  play.end("failed");
  play.round();
  expect(play.made).toEqual([`${5 * 60_000}b1`]);
  expect(play.known).toMatchObject({ phase: "Failed", failed: "5" });
});
