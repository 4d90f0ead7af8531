import type { Backfill, BackfillStatus } from "@plimsoll/api";
import { IndexSet } from "@plimsoll/model";
import type { BackfillDecision } from "../../decide/backfill.ts";
import type { RunView } from "../objects/run-view.ts";

/** Whether nothing more is to be done; a cancelled one may be resumed. */
export function isOver({ spec, status }: Backfill): boolean {
  const { phase } = status ?? {};
  return phase === "Succeeded" || phase === "Failed" || (phase === "Cancelled" && spec.cancel === true);
}

/** The status after a decision; `total` is how many times there are. */
export function statusOf({ spec, status = {} }: Backfill, decision: BackfillDecision<RunView>, total: number, now: number): BackfillStatus {
  const { phase, succeeded, failed, active, done, resume } = decision;
  const isEnded = phase !== "Running";
  const failures = new IndexSet(failed).size;
  const message =
    failures === 0
      ? undefined
      : `${failures} of ${total} times failed${spec.onFailure === "stop" && phase === "Failed" && done < total ? ", and no further were started (onFailure: stop)" : ""}`;
  return {
    ...status,
    phase,
    round: resume ?? status.round ?? 1,
    succeeded: succeeded || undefined,
    failed: failed || undefined,
    active,
    progress: `${done}/${total}`,
    finishedAt: isEnded ? (status.finishedAt ?? new Date(now).toISOString()) : undefined,
    message,
  };
}
