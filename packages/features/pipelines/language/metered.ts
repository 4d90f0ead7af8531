import type { Meter } from "./meter.ts";

/** The meter of the evaluation that is going on. CEL gives its functions no context, so that they find it here; it is set only while one is called. */
let current: Meter | undefined;

/** Does what is evaluated at once, with all that it spends counted by the meter. */
export function metered<T>(meter: Meter, evaluate: () => T): T {
  const outer = current;
  current = meter;
  try {
    return evaluate();
  } finally {
    current = outer;
  }
}

/** Counts what a CEL function takes. Throws an Error when the step has taken more than it may. */
export function spend(...[what, amount]: Parameters<Meter["spend"]>): void {
  if (current === undefined) throw new Error("a CEL function was called outside of metered()");
  current.spend(what, amount);
}
