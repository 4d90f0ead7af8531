import { ApiError } from "@plimsoll/kube";

/** An object of the API server's, as far as it matters here. */
export interface Stored {
  metadata: { name: string; namespace: string; uid: string; resourceVersion: string; [field: string]: unknown };
  [field: string]: unknown;
}

/** An API server in memory that nothing changes: each list is made as it is asked for, so that only its reader holds it. */
export function fakeClient(lists: Readonly<Record<string, (page: number) => Stored[] | undefined>>) {
  const find = (resource: string, name: string): Stored | undefined => {
    for (let page = 0; ; page += 1) {
      const items = lists[resource]?.(page);
      if (items === undefined) return undefined;
      const found = items.find(({ metadata }) => metadata.name === name);
      if (found) return found;
    }
  };
  return (resource: string) => ({
    async *pages() {
      for (let page = 0; ; page += 1) {
        const items = lists[resource]?.(page);
        if (items === undefined) return;
        yield { items, resourceVersion: "1" };
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    async *watch({ signal, onOpen }: { signal?: AbortSignal; onOpen?: () => void }) {
      onOpen?.();
      await new Promise((resolve) => signal?.addEventListener("abort", resolve));
      yield* [];
    },
    async get({ name }: { name: string }) {
      await new Promise((resolve) => setImmediate(resolve));
      const found = find(resource, name);
      if (found === undefined) throw new ApiError("GET", 404, { reason: "NotFound" });
      return found;
    },
    create: async (object: object) => object,
    patch: async () => ({}),
    delete: async () => undefined,
  });
}
