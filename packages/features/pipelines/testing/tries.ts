import { tryName } from "../step/names.ts";
import type { TryState, TryView } from "../step/kind.ts";

export const active: TryState = { phase: "active", placed: true, began: true };

export const succeeded = (text = ""): TryState => ({ phase: "succeeded", written: { text, limit: 4096 } });

export const failed = (exitCode = 1): TryState => ({
  phase: "failed",
  failure: { reason: "ExitCode", exitCode, message: `exit code ${exitCode}` },
});

export const waiting = (reason: string): TryState => ({ phase: "active", placed: true, began: false, waiting: reason });

/** A try of a step of the run `run`: the first of the first item, unless `more` says otherwise. `item` is undefined for a step that runs once. */
export function tryOf(step: string, item?: number, more: Partial<TryView> = {}): TryView {
  const number = more.try ?? 1;
  return {
    namespace: "ns",
    name: tryName("run", step, item, number),
    uid: tryName("run", step, item, number),
    run: "run",
    runUid: "uid",
    step,
    item: item ?? 0,
    try: number,
    createdAt: "1970-01-01T00:00:00Z",
    state: active,
    deleting: false,
    ...more,
  };
}
