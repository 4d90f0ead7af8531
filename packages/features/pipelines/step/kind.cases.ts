import type { Step } from "@plimsoll/api";
import { expect, test } from "vitest";
import type { StepKind, TryView } from "./kind.ts";
import { tryName } from "./names.ts";

/** An object of a kind in each state that its tries can be in. */
export interface Samples<Source, Seen> {
  source: (name: string, number: number) => Source;
  /** What the cluster makes of an object that was created. */
  states: Record<"new" | "running" | "succeeded" | "failed", (object: Seen) => Seen>;
  /** An object of somebody else's with the same labels. */
  stray: (object: Seen) => Seen;
}

/** What every kind of step has to do, on samples of its own. */
export function casesOf<Source, Made extends Seen, Seen>(
  kind: StepKind<Source, Made, Seen>,
  samples: Samples<Source, Seen>,
  step: Step,
): void {
  const name = tryName("run", "s", undefined, 1);
  const made = (number = 1): Made => kind.object(samples.source(tryName("run", "s", undefined, number), number));
  const view = (state: keyof Samples<Source, Seen>["states"]): TryView => {
    const found = kind.view(samples.states[state](made()));
    if (found === undefined) throw new Error("the kind doesn't know its own object");
    return kind.judged(found, step);
  };

  test(`${kind.noun}: the same source gives the same object, and another try another name`, () => {
    expect(made()).toEqual(made());
    expect(kind.view(samples.states.new(made(2)))?.name).not.toBe(name);
  });

  test(`${kind.noun}: what was made is known again, as which try of what`, () => {
    expect(view("new")).toMatchObject({ name, runUid: "uid", run: "run", step: "s", item: 0, try: 1, deleting: false });
    expect(kind.view(samples.stray(samples.states.running(made())))).toBeUndefined();
  });

  test(`${kind.noun}: it is active until it has ended, and what it has come to is told then`, () => {
    expect([view("new"), view("running")].map(({ state }) => kind.verdict(state, step).is)).toEqual(["active", "active"]);
    expect(kind.verdict(view("succeeded").state, step)).toMatchObject({ is: "succeeded" });
    const verdict = kind.verdict(view("failed").state, step);
    expect(verdict).toMatchObject({ is: "failed" });
    expect("message" in verdict && verdict.message).toBeTruthy();
  });

  test(`${kind.noun}: one that is gone has come to what was last seen, or to nothing that anybody knows`, () => {
    expect(kind.lost(view("succeeded"), step)).toMatchObject({ is: "succeeded" });
    expect(kind.lost(view("failed"), step)).toEqual(kind.verdict(view("failed").state, step));
    expect(kind.lost(view("running"), step)).toMatchObject({ is: "failed", reason: "Deleted" });
    expect(kind.lost(undefined, step)).toMatchObject({ is: "failed", reason: "Vanished" });
  });
}
