import type { PipelineSpec } from "@plimsoll/api";
import type { TryView } from "../../step/kind.ts";

/**
 * The pods of a run that are to be deleted: those that still run though their step has ended, and those that have ended and are not kept.
 * The latter go only when their outcome stands in the written status.
 */
export class Disposal {
  readonly #keep: NonNullable<PipelineSpec["keepPods"]>;
  readonly #seen = new Set<string>();
  #unjudged: TryView[] = [];
  #judged: TryView[] = [];
  #writing = 0;
  #discarded: TryView[] = [];

  constructor(keep: PipelineSpec["keepPods"] = "always") {
    this.#keep = keep;
  }

  /** Takes in a pod of the run, or another object of a step that says which are kept. */
  observe(view: TryView, keep = this.#keep): void {
    if (keep === "always" || view.state.phase === "active" || view.deleting || this.#seen.has(view.uid)) return;
    if (keep === "onFailure" && (view.state.phase === "failed" || view.state.cutOff !== undefined)) return;
    this.#seen.add(view.uid);
    this.#unjudged.push(view);
  }

  /** Asks of what was observed whether it has been taken into account. */
  judge(isJudged: (view: TryView) => boolean): void {
    const left: TryView[] = [];
    for (const view of this.#unjudged) (isJudged(view) ? this.#judged : left).push(view);
    this.#unjudged = left;
  }

  /** Says that the status is being written. */
  writing(): void {
    this.#writing = this.#judged.length;
  }

  /** Says that it has been written. */
  recorded(): void {
    this.#discarded.push(...this.#judged.splice(0, this.#writing));
    this.#writing = 0;
  }

  /** A pod that is to go at once. */
  discard(view: TryView): void {
    if (!view.deleting) this.#discarded.push(view);
  }

  /** The pods to delete now; `done` says that they have been. */
  get discarded(): readonly TryView[] {
    return this.#discarded;
  }

  done(count: number): void {
    this.#discarded = this.#discarded.slice(count);
  }
}
