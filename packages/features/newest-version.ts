import type { Runtime } from "./runtime.ts";

interface Paged {
  pages(options: { limit: number; namespace: string | undefined; signal: AbortSignal }): AsyncIterable<{ resourceVersion: string }>;
}

/** The resourceVersion that a resource has now: what is newer was written since. Infinity where the API server doesn't tell it. */
export async function newestVersion(
  resource: Paged,
  { namespaces, signal, log }: Pick<Runtime, "namespaces" | "signal" | "log">,
): Promise<number> {
  try {
    // Each page is of this version, whichever the namespace.
    for await (const { resourceVersion } of resource.pages({ limit: 1, namespace: namespaces?.[0], signal }))
      return Number(resourceVersion);
  } catch (error) {
    if (!signal.aborted) log.warn({ err: error }, "the newest version can't be told: each object is read before anything is done for it");
  }
  return Infinity;
}
