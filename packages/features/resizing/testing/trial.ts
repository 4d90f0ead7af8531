import { View, WorkQueue, type Occurrence } from "@plimsoll/kube";
import type { FakeClock } from "@plimsoll/kube/testing";
import { Registry } from "prom-client";
import { config } from "../config.ts";
import type { ResizingRuntime } from "../permissions.ts";
import { ResizingController } from "../run/controller.ts";

interface Listed {
  metadata: { namespace: string; name: string; uid: string; resourceVersion: string };
  status?: object;
}

/** A change that was asked of the API server. */
export interface Patch {
  resource: string;
  name: string;
  body: unknown;
}

const policies = "rightsizingpolicies.plimsoll.dev";

/**
 * A controller that leads over what `listed` has of each resource, in memory. `answer` is asked for each patch but those of policies' statuses,
 * and may throw.
 */
export class Trial {
  readonly patches: Patch[] = [];
  readonly failures: unknown[] = [];
  readonly told: Occurrence[] = [];
  readonly views = new Map<string, View<never>>();
  readonly #end = new AbortController();
  readonly #running: Promise<void>;
  readonly #listed: Readonly<Record<string, readonly Listed[]>>;
  readonly #sinks = new Map<string, ReturnType<View<never>["sink"]>>();
  #version = 1_000;

  constructor(clock: FakeClock, listed: Readonly<Record<string, readonly Listed[]>>, answer: (patch: Patch) => void = () => {}) {
    this.#listed = listed;
    const patch = (resource: string) => async (ref: { namespace: string; name: string }, body: { status: object }) => {
      const asked = { resource, name: ref.name, body };
      this.patches.push(asked);
      if (!resource.startsWith(policies)) return answer(asked);
      const found: unknown = this.views.get(policies)?.get(ref.namespace, ref.name);
      const { metadata, ...policy } = found as Listed;
      const status = Object.fromEntries(Object.entries({ ...policy.status, ...body.status }).filter(([, value]) => value !== null));
      const written = { ...policy, metadata: { ...metadata, resourceVersion: this.#next() }, status };
      this.#sinks.get(policies)?.changed({ type: "MODIFIED", object: written as never });
      return written;
    };
    const runtime = {
      client: (resource: string) => ({ patch: patch(resource) }),
      view: (resource: string, wanted: object) => {
        const view = new View<never>({ ...wanted, onError: (error: unknown) => this.failures.push(error), clock } as never);
        this.views.set(resource, view);
        return view;
      },
      queue: () => new WorkQueue({ clock, onError: (_, error) => this.failures.push(error) }),
      synced: () => Promise.all([...this.views.values()].map(({ synced }) => synced)),
      elected: Promise.resolve(),
      signal: this.#end.signal,
      clock,
      metrics: new Registry(),
      events: { record: (occurrence: Occurrence) => this.told.push(occurrence) },
    };
    const noRecurrence = () => ({ problems: [] });
    this.#running = new ResizingController(runtime as unknown as ResizingRuntime, config.parse({}), noRecurrence).run();
  }

  /** Lists what there is. */
  async fill(): Promise<void> {
    for (const [resource, view] of this.views) {
      const sink = view.sink();
      this.#sinks.set(resource, sink);
      sink.beginList();
      for (const object of this.#listed[resource] ?? []) sink.listed(object as never);
      await sink.endList();
    }
  }

  /** Something has become another, or is gone. */
  change(
    resource: string,
    object: { metadata: object; spec?: object; status?: object },
    type: "ADDED" | "MODIFIED" | "DELETED" = "MODIFIED",
  ): void {
    const changed = { ...object, metadata: { ...object.metadata, resourceVersion: this.#next() } };
    this.#sinks.get(resource)?.changed({ type, object: changed as never });
  }

  async end(): Promise<void> {
    this.#end.abort();
    await this.#running.catch(() => {});
  }

  #next(): string {
    this.#version += 1;
    return `${this.#version}`;
  }
}
