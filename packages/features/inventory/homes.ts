import { Tally, type ControllerView, type Owner, type PodView } from "@plimsoll/model";

/** What pods belong to: a kind of workload and, where they are of a run, its pipeline. */
export interface Home {
  kind: string;
  /** `name` is empty for a run that holds its pipeline itself. */
  pipeline: { namespace: string; name: string } | undefined;
  tally: Tally;
}

/** What may be owned itself: of its pods it isn't known to what they belong before it is. */
const between = new Set(["ReplicaSet", "Job", "PipelineRun"]);

/**
 * The sums of pods by what they belong to. An owner may become known after its pods: until then they count as its own. That it goes before them
 * changes nothing.
 */
export class Homes {
  readonly #known: (owner: Owner, namespace: string) => ControllerView | undefined;
  readonly #homes = new Map<string, Home>();
  /** Where the pods of an owner are counted: the owner is one object for all of them. */
  readonly #byOwner = new WeakMap<Owner, Home>();
  /** Those of owners that are not known yet, by UID. */
  readonly #waiting = new Map<string, { owner: Owner; home: Home }>();

  constructor(known: (owner: Owner, namespace: string) => ControllerView | undefined) {
    this.#known = known;
  }

  /** Where a pod is counted. */
  of({ namespace, owner }: Pick<PodView, "namespace" | "owner">): Home {
    if (owner === undefined) return this.#home("Pod", undefined);
    const settled = this.#byOwner.get(owner) ?? this.#waiting.get(owner.uid)?.home;
    if (settled !== undefined) return settled;
    const controller = this.#known(owner, namespace);
    if (controller === undefined && between.has(owner.kind)) {
      const home = { kind: owner.kind, pipeline: undefined, tally: new Tally() };
      this.#waiting.set(owner.uid, { owner, home });
      return home;
    }
    return this.#settle(owner, controller);
  }

  /** Counts a pod; `sign` is -1 for one that counts no more. */
  add(pod: PodView, sign: 1 | -1): void {
    const { tally } = this.of(pod);
    tally.add(pod, sign);
    if (tally.pods === 0 && pod.owner !== undefined) this.#waiting.delete(pod.owner.uid);
  }

  /** Takes in that an owner has become known. */
  came(controller: ControllerView): void {
    const waiting = this.#waiting.get(controller.uid);
    if (waiting === undefined) return;
    this.#waiting.delete(controller.uid);
    this.#settle(waiting.owner, controller).tally.merge(waiting.home.tally);
  }

  /** Those that have pods. */
  *values(): Generator<Home, void> {
    for (const home of this.#homes.values()) if (home.tally.pods > 0) yield home;
    for (const { home } of this.#waiting.values()) yield home;
  }

  #settle(owner: Owner, controller: ControllerView | undefined): Home {
    const home = this.#home(
      controller?.owner?.kind ?? owner.kind,
      controller?.pipeline === undefined ? undefined : { namespace: controller.namespace, name: controller.pipeline },
    );
    this.#byOwner.set(owner, home);
    return home;
  }

  #home(kind: string, pipeline: Home["pipeline"]): Home {
    const key = JSON.stringify([kind, pipeline]);
    const home = this.#homes.get(key) ?? { kind, pipeline, tally: new Tally() };
    this.#homes.set(key, home);
    return home;
  }
}
