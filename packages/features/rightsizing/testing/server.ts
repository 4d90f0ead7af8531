import type { RightSizingStatus } from "@plimsoll/api";
import type { View } from "@plimsoll/kube";
import { FakeClock } from "@plimsoll/kube/testing";

/** An API server in memory, by resource; `usage` gives what a container `app` of a namespace's pods uses by now. */
export class Server {
  readonly clock = new FakeClock(Date.parse("2026-11-28T12:00:00Z"));
  readonly statuses = new Map<string, RightSizingStatus>();
  readonly #listed: Record<string, Map<string, Named>>;
  readonly #sinks: [resource: string, sink: ReturnType<View<never>["sink"]>][] = [];
  readonly #usage: (namespace: string) => object;
  #version = 1;
  /** How often metrics.k8s.io was asked. */
  asked = 0;

  constructor(objects: Readonly<Record<string, readonly Named[]>>, usage: (namespace: string) => object) {
    this.#listed = Object.fromEntries(
      Object.entries(objects).map(([resource, some]) => [resource, new Map(some.map((one) => [nameOf(one), one]))]),
    );
    this.#usage = usage;
  }

  /** An object has come, is another, or is gone. */
  changed(resource: string, object: Named, type: "MODIFIED" | "DELETED" = "MODIFIED"): Named {
    this.#version += 1;
    const changed = { ...object, metadata: { ...object.metadata, resourceVersion: `${this.#version}` } };
    const listed = (this.#listed[resource] ??= new Map<string, Named>());
    if (type === "DELETED") listed.delete(nameOf(object));
    else listed.set(nameOf(object), changed);
    for (const [of, sink] of this.#sinks) if (of === resource) sink.changed({ type, object: changed as never });
    return changed;
  }

  /** Lists what there is. */
  async fill(resource: string, view: View<never>): Promise<void> {
    const sink = view.sink();
    this.#sinks.push([resource, sink]);
    sink.beginList();
    for (const object of this.#listed[resource]?.values() ?? []) sink.listed(object as never);
    await sink.endList();
  }

  /** What metrics.k8s.io says. */
  async *list(): AsyncGenerator<object> {
    this.asked += 1;
    for (const { metadata } of this.#listed["pods"]?.values() ?? []) {
      const { namespace, name } = metadata;
      const containers = [{ name: "app", usage: this.#usage(namespace) }];
      yield { metadata: { namespace, name }, timestamp: new Date(this.clock.now()), containers };
    }
  }

  /** Writes a policy's status. */
  async patch(ref: Named["metadata"], { status }: { status: RightSizingStatus }): Promise<object> {
    const policy = this.#listed["rightsizingpolicies.plimsoll.dev"]?.get(nameOf({ metadata: ref }));
    this.statuses.set(ref.namespace, { ...this.statuses.get(ref.namespace), ...status });
    return this.changed("rightsizingpolicies.plimsoll.dev", {
      metadata: ref,
      ...policy,
      status: this.statuses.get(ref.namespace),
    } as Named);
  }
}

/** An object of the API server's. */
export interface Named {
  metadata: { namespace: string; name: string };
}

const nameOf = ({ metadata }: Named): string => `${metadata.namespace}/${metadata.name}`;
