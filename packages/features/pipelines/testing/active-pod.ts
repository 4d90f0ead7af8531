import type { PodView } from "../view.ts";

/** A pod that runs and has written nothing: of the first item, unless `of` says otherwise. */
export function activePod(of: Pick<PodView, "name" | "step"> & Partial<PodView>): PodView {
  const written = { text: "", limit: 4096 };
  const state = { phase: "active" as const, written, problem: undefined, finishedAt: "", deleting: false };
  return { namespace: "ns", run: "run", runUid: "uid", item: 0, ...state, ...of };
}
