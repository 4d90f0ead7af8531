import { isPending, type Revision } from "./cluster/revision.ts";
import type { Health } from "./health/health.ts";
import type { Attempt, Failed, Memory } from "./memory.ts";
import type { Release } from "./releases/release-index.ts";

/** All that is known at a moment. What is asked for only when it is needed is undefined until then. */
export interface State {
  /** Milliseconds since 1970. */
  now: number;
  /** In their order. */
  revisions: readonly Revision[];
  memory: Memory;
  /** Of the newest revision. */
  health: Health;
  /** How long a release may take until it works, in milliseconds. */
  healthTimeout: number;
  /** When the window for changes closes; undefined: no window is minded. */
  windowEnds: number | undefined;
  /** What the list of releases offers, and why it couldn't be had. */
  offer?: { release: Release | undefined } | { reason: string; message: string };
  /** What stands in the way of the offer. */
  hindrance?: { reason: "NeedsRights" | "Scaled" | "BadChart" | "ChartUnreachable"; message: string } | "none";
}

/** What to do next. `settle`, `look` and `prepare` are steps on the way; after `end` there is nothing more to do in this run. */
export type Decision =
  | { do: "look" }
  | { do: "prepare"; release: Release; present: Revision }
  | { do: "upgrade"; release: Release; from: Revision; over: number }
  /** The rest of a revision that Helm was cut off in. */
  | { do: "forward"; revision: number; why: string }
  /** `pause`: milliseconds to wait before, where Helm has failed in it. */
  | { do: "rollback"; to: number; why: string; pause?: number }
  /** An attempt has come to its end, well or not. */
  | { do: "settle"; reason: "Updated"; message: string }
  | { do: "settle"; reason: Failed["reason"]; message: string; why: string }
  | { do: "wait"; reason: "Updating" | "RollingBack"; message: string }
  | { do: "end"; reason: string; message: string; ok: boolean; again: boolean };

/** How long Helm may be at work for somebody else, in milliseconds, until it counts as cut off. */
export const patience = 15 * 60_000;

/** How often Helm is run for a way back at most, where it fails. */
const tries = 5;

/** Pure. What an earlier run was cut off in goes before all else, and minds no window. */
export function decide(state: State): Decision {
  const { revisions, memory } = state;
  const newest = revisions.at(-1);
  if (newest === undefined)
    return {
      do: "end",
      reason: "NoRelease",
      message: "there is no such Helm release: it must have been installed by Helm",
      ok: false,
      again: false,
    };
  const { attempt } = memory;
  // Before Helm wrote anything, nothing was begun.
  if (attempt !== undefined && newest.number > attempt.over)
    return attempt.back ? goBack(state, attempt, attempt.back, newest) : goOn(state, attempt, newest);
  if (isPending(newest)) return repair(state, newest);
  return next(state, newest);
}

/** An attempt of ours, on its way forth. */
function goOn(state: State, attempt: Attempt, newest: Revision): Decision {
  const { now, health, healthTimeout } = state;
  const late = now >= Date.parse(attempt.startedAt) + healthTimeout;
  const back = (why: string): Decision => rollback(state, attempt, why);
  if (newest.version !== attempt.version) {
    const why = `somebody has installed ${newest.version} while it was under way`;
    return { do: "settle", reason: "TakenOver", message: takenOver(attempt.version, why), why };
  }
  if (newest.status === "failed") return back(newest.description);
  if (isPending(newest)) {
    if (late) return back("Helm was cut off, and the time for the update is over");
    return { do: "forward", revision: newest.number, why: "Helm was cut off" };
  }
  if (health.state === "healthy") return { do: "settle", reason: "Updated", message: `${attempt.version} is installed, and works` };
  if (health.state === "broken" || late) return back(health.text);
  return { do: "wait", reason: "Updating", message: `${attempt.version} is installed: ${health.text}` };
}

/** An attempt of ours, on its way back. */
function goBack(state: State, attempt: Attempt, back: NonNullable<Attempt["back"]>, newest: Revision): Decision {
  const { now, health, healthTimeout } = state;
  const { why, startedAt, over } = back;
  const late = now >= Date.parse(startedAt) + healthTimeout;
  const given = (fault: string): Decision => ({
    do: "settle",
    reason: "RollbackFailed",
    message: rollbackFailed(attempt.version, why, fault),
    why,
  });
  if (newest.number <= over || isPending(newest)) return rollback(state, attempt, why);
  // Each try is a revision, and Helm keeps ten: what is gone back to has to stay among them.
  if (newest.status === "failed") return late ? given(faultOf(newest, health)) : rollback(state, attempt, why, healthTimeout / tries);
  if (health.state === "healthy")
    return { do: "settle", reason: "RolledBack", message: rolledBack(attempt.version, newest.version, why), why };
  if (late) return given(faultOf(newest, health));
  return { do: "wait", reason: "RollingBack", message: `${attempt.version} didn't work (${why}): going back to ${newest.version}` };
}

/** The way back to what was before an attempt, where Helm has kept it. */
function rollback({ revisions }: State, { from, version }: Attempt, why: string, pause?: number): Decision {
  if (revisions.some(({ number }) => number === from)) return { do: "rollback", to: from, why, ...(pause !== undefined && { pause }) };
  const message = rollbackFailed(version, why, `Helm no longer keeps revision ${from}, to go back to`);
  return { do: "settle", reason: "RollbackFailed", message, why };
}

function rolledBack(version: string, present: string, why: string): string {
  return `${version} didn't work and was rolled back, so that ${present} runs: ${why}. It isn't tried again: a newer one is waited for`;
}

function rollbackFailed(version: string, why: string, fault: string): string {
  return `${version} didn't work (${why}), and what was before isn't back: ${fault}. Somebody has to look: install a release by hand`;
}

function takenOver(version: string, why: string): string {
  return `${version} isn't tried again, as ${why}: a newer one is waited for`;
}

function faultOf(newest: Revision, health: Health): string {
  return newest.status === "failed" ? newest.description : `${newest.version}: ${health.text}`;
}

/** What came of a release that isn't tried again. */
function outcomeOf({ version, why, reason }: Failed, newest: Revision, health: Health): Pick<Failed, "reason"> & { message: string } {
  if (reason === "TakenOver") return { reason, message: takenOver(version, why) };
  const isBack = reason === "RolledBack" || (newest.status === "deployed" && health.state === "healthy");
  if (isBack) return { reason: "RolledBack", message: rolledBack(version, newest.version, why) };
  return { reason, message: rollbackFailed(version, why, faultOf(newest, health)) };
}

/** Somebody else's Helm is at work, or was cut off. */
function repair({ now, revisions, health }: State, newest: Revision): Decision {
  if (now < newest.at + patience) {
    const message = `Helm is at work on revision ${newest.number} (${newest.status}), or was cut off: it is left alone for ${patience / 60_000} minutes`;
    return { do: "end", reason: "HelmAtWork", message, ok: false, again: true };
  }
  const good = revisions.findLast(({ status }) => status === "deployed");
  // What runs decides; a first installation has nothing to go back to.
  if (health.state === "healthy" || good === undefined)
    return { do: "forward", revision: newest.number, why: "Helm was cut off, and what runs is of this revision" };
  return { do: "rollback", to: good.number, why: `Helm was cut off, and ${health.text}` };
}

/** Nothing is under way. */
function next(state: State, newest: Revision): Decision {
  const { now, revisions, memory, offer, hindrance, windowEnds, health } = state;
  const end = (reason: string, message: string, { ok = false, again = false } = {}): Decision => ({
    do: "end",
    reason,
    message,
    ok,
    again,
  });
  if (offer === undefined) return { do: "look" };
  if ("reason" in offer) return end(offer.reason, offer.message, { again: true });
  const { release } = offer;
  if (release === undefined && newest.status === "failed")
    return end("ReleaseFailed", `Helm says of revision ${newest.number}: ${newest.description}`);
  if (release === undefined) return end("UpToDate", `${newest.version} is the newest release that is wanted`, { ok: true });
  const failed = memory.failed.find(({ digest }) => digest === release.chart.digest);
  if (failed) {
    const { reason, message } = outcomeOf(failed, newest, health);
    return end(reason, message);
  }
  // Helm, too, takes the values of the last that was deployed, and compares with it.
  const from = revisions.findLast(({ status }) => status === "deployed") ?? newest;
  if (hindrance === undefined) return { do: "prepare", release, present: from };
  if (hindrance !== "none") return end(hindrance.reason, hindrance.message, { again: hindrance.reason === "ChartUnreachable" });
  if (windowEnds !== undefined && now >= windowEnds)
    return end(
      "OutsideWindow",
      `${release.version} waits for the next window: this one has closed at ${new Date(windowEnds).toISOString()}`,
    );
  return { do: "upgrade", release, from, over: newest.number };
}
