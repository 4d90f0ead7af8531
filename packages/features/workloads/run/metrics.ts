import { Counter, Gauge, type Registry } from "prom-client";

/** What came of an apply. */
const results = ["applied", "corrected", "failed"] as const;

/** What the feature tells Prometheus. */
export class WorkloadsMetrics {
  readonly #applies: Counter<"result">;
  readonly #pruned: Counter;
  readonly #replaced: Counter;

  constructor(
    registry: Registry,
    counts: { sets: () => number; invalid: () => number; objects: () => number; unlike: (type: string) => number },
  ) {
    const registers = [registry];
    const gauge = (name: string, help: string, count: () => number): void => {
      const made: Gauge = new Gauge({ name, help, registers, collect: () => made.set(count()) });
    };
    gauge("plimsoll_workloads_sets", "WorkloadSets that there are.", counts.sets);
    gauge("plimsoll_workloads_invalid", "WorkloadSets that can't be carried out as they are written.", counts.invalid);
    gauge("plimsoll_workloads_objects", "Objects of WorkloadSets that there are.", counts.objects);
    const sets: Gauge<"condition"> = new Gauge({
      name: "plimsoll_workloads_unlike",
      help: "WorkloadSets that aren't as they should be, by what isn't: Applied and Healthy where that is not so, Drifted where it is.",
      labelNames: ["condition"],
      registers,
      collect: () => {
        for (const condition of ["Applied", "Healthy", "Drifted"]) sets.set({ condition }, counts.unlike(condition));
      },
    });
    this.#applies = new Counter({
      name: "plimsoll_workloads_applies_total",
      help: "Objects that were applied as their sets said something new, corrected as others had changed them, or could not be applied.",
      labelNames: ["result"],
      registers,
    });
    // What was never there can't be seen to grow.
    for (const result of results) this.#applies.inc({ result }, 0);
    this.#pruned = new Counter({
      name: "plimsoll_workloads_pruned_total",
      help: "Objects that were deleted as no set lists them any more.",
      registers,
    });
    this.#replaced = new Counter({
      name: "plimsoll_workloads_replaced_total",
      help: "Objects that were deleted to be made anew, as a field can't be changed.",
      registers,
    });
  }

  applied(result: (typeof results)[number]): void {
    this.#applies.inc({ result });
  }

  pruned(): void {
    this.#pruned.inc();
  }

  replaced(): void {
    this.#replaced.inc();
  }
}
