import { Cache } from "@plimsoll/kube";
import type { ConfigMap } from "kubernetes-types/core/v1.d.ts";
import { namespace, type Own } from "./load.ts";

/** Milliseconds from when a user sends a change of one set until a watch shows its object as it says, once each for so many sets. */
export async function latencies(own: Own, sets: number, times: number): Promise<number[]> {
  const end = new AbortController();
  const values = new Map<string, string>();
  let arrived: (() => void) | undefined;
  const cache = new Cache(own("configmaps"), {
    project: ({ metadata, data }: ConfigMap) => ({ name: metadata?.name ?? "", value: data?.["value"] ?? "" }),
    select: { namespace },
    onError: (error) => console.error(error),
  });
  cache.on(({ object: { name, value } }) => {
    values.set(name, value);
    arrived?.();
  });
  const watching = cache.start(end.signal);
  await cache.synced;
  const found: number[] = [];
  for (let time = 1; time <= times; time++) {
    const name = `s${(time * 7919) % sets}`;
    const value = `change-${time}`;
    const begun = performance.now();
    await own("workloadsets.plimsoll.dev").patch({ namespace, name }, { spec: { params: { value } } });
    while (values.get(name) !== value) await new Promise<void>((resolve) => (arrived = resolve));
    found.push(performance.now() - begun);
  }
  end.abort();
  await watching;
  return found;
}
