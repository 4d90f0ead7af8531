import { isForbidden, isNotFound, Slice } from "@plimsoll/kube";
import type { CustomCount } from "@plimsoll/model";
import type { InventoryConfig } from "./config.ts";
import type { InventoryRuntime } from "./permissions.ts";

type Counted = InventoryConfig["customResources"][number];

type Given = Pick<InventoryRuntime, "opened" | "clock" | "log" | "retried" | "signal">;

/** Counts the objects of the custom resources that the configuration names. */
export class Custom {
  readonly #runtime: Given;
  readonly #resources: readonly Counted[];
  readonly #counts = new Map<string, CustomCount[]>();
  /** What was said of a resource that can't be counted, so that it is said once. */
  readonly #said = new Map<string, string>();

  constructor(runtime: Given, resources: readonly Counted[]) {
    this.#runtime = runtime;
    this.#resources = resources;
  }

  /** As last counted; without those that can't be. */
  get counts(): readonly CustomCount[] {
    return [...this.#counts.values()].flat();
  }

  /** Whether there is nothing to count. */
  get isIdle(): boolean {
    return this.#resources.length === 0;
  }

  async count(): Promise<void> {
    const { opened, clock, retried, signal } = this.#runtime;
    for (const named of this.#resources) {
      const { group, version, resource } = named;
      const key = `${resource}.${group}`;
      const found = new Map<string, number>();
      const slice = new Slice(clock);
      try {
        for await (const { items } of opened({ group, version, plural: resource })) {
          for (const {
            metadata: { namespace = "" },
          } of items)
            found.set(namespace, (found.get(namespace) ?? 0) + 1);
          if (slice.isOver) await slice.turn();
        }
        this.#counts.set(
          key,
          Array.from(found, ([namespace, count]) => ({ group, resource, namespace, count })),
        );
        this.#said.delete(key);
      } catch (error) {
        if (signal.aborted) return;
        this.#counts.delete(key);
        if (isForbidden(error))
          this.#say(key, "it may not be listed: open it by `extensions` of the installation, or plimsoll extensions add");
        else if (isNotFound(error)) this.#say(key, `there is no ${key} of the version ${version}`);
        else retried(`to count ${key}`, error);
      }
    }
  }

  #say(key: string, why: string): void {
    if (this.#said.get(key) === why) return;
    this.#said.set(key, why);
    this.#runtime.log.warn({ resource: key, why }, "a custom resource can't be counted");
  }
}
