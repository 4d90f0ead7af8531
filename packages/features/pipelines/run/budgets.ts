import type { View } from "@plimsoll/kube";
import type { Budget } from "@plimsoll/model";
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1.d.ts";

/** A namespace without any. */
const none: readonly Budget[] = [];

/** The PodDisruptionBudgets that there are, by namespace: each list is the same one until a spec in it changes. */
export class Budgets {
  readonly #view: View<PodDisruptionBudget, Budget, "namespace">;
  readonly #lists = new Map<string, readonly Budget[]>();

  constructor(view: View<PodDisruptionBudget, Budget, "namespace">) {
    this.#view = view;
  }

  of(namespace: string): readonly Budget[] {
    const known = this.#lists.get(namespace);
    if (known !== undefined) return known;
    const found = this.#view.by("namespace", namespace);
    const list = found.length > 0 ? found.sort((a, b) => (a.name < b.name ? -1 : 1)) : none;
    this.#lists.set(namespace, list);
    return list;
  }

  /** Calls `handler` with each namespace in which a spec has changed; how many pods a budget counts at the time is none of it. */
  on(handler: (namespace: string) => void): void {
    this.#view.on((event) => {
      const { namespace, generation } = event.object;
      if (event.type === "update" && event.old.generation === generation) return;
      this.#lists.delete(namespace);
      handler(namespace);
    });
  }
}
