import type { PipelineSpec } from "@plimsoll/api";

/** How soon one step follows another, by when pods ended and the next ones, or their Jobs, were created. */
export class Succession {
  readonly #needs: ReadonlyMap<string, readonly string[]>;
  readonly #created = new Map<string, number>();
  readonly #ended = new Map<string, number>();

  constructor({ steps }: PipelineSpec) {
    this.#needs = new Map(steps.map(({ name, needs = [] }) => [name, needs]));
  }

  /** Takes in that the controller made a pod or a Job; the first of a step counts. */
  created(name: string, at: number): void {
    const { run, step } = placeOf(name);
    const key = `${run}/${step}`;
    if (!this.#created.has(key)) this.#created.set(key, at);
  }

  /** Takes in that a pod's status was written; the last time of a step counts. */
  ended(name: string, at: number): void {
    const { run, step } = placeOf(name);
    this.#ended.set(`${run}/${step}`, at);
  }

  latencies(): number[] {
    const found: number[] = [];
    for (const [key, at] of this.#created) {
      const [run = "", step = ""] = key.split("/");
      const ends = (this.#needs.get(step) ?? []).map((need) => this.#ended.get(`${run}/${need}`));
      if (ends.length > 0 && ends.every((end) => end !== undefined)) found.push(at - Math.max(...ends));
    }
    return found;
  }
}

/** A pod's name is RUN--STEP--TRY, and that of a Job's RUN--STEP-RANDOM; the Job's is RUN--STEP. */
function placeOf(name: string): { run: string; step: string } {
  const [run = "", step = "", ...rest] = name.split("--");
  return { run, step: rest.length === 0 ? step.replace(/-[a-z0-9]{5}$/, "") : step };
}
