import { isGone } from "../errors.ts";
import { pathOf, type Definition, type Stored } from "./resource.ts";
import type { Sender } from "../transport/api-request.ts";

/** What to list or watch; all of it when empty. */
export interface Selection {
  namespace?: string | undefined;
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
}

export interface ListOptions extends Selection {
  /** Objects a page; 0 for all at once. Default 500: a page takes the parser some 10 ms. */
  limit?: number;
  /**
   * What to do when the list expires between two pages (410, after some minutes): fail, or go on at a newer moment, so
   * that earlier pages may be out of date. Default "continue".
   */
  expired?: "fail" | "continue";
  signal?: AbortSignal | undefined;
}

/** One answer to a list; the others show the same moment. */
export interface Page<T> {
  items: Stored<T>[];
  /** The moment that the list shows; a watch goes on from the last page's. */
  resourceVersion: string;
}

interface ListAnswer<T> {
  metadata: { resourceVersion: string; continue?: string };
  /** Null where a server written in Go has an empty list. */
  items: Stored<T>[] | null;
}

/**
 * Lists page by page at one moment, the most recent: no resourceVersion is given, so that a server which lags behind
 * its etcd cannot show an older state than one seen before.
 */
export async function* pages<T>(sender: Sender, resource: Definition, options: ListOptions = {}): AsyncGenerator<Page<T>, void> {
  const { namespace, labelSelector, fieldSelector, limit = 500, expired = "continue", signal } = options;
  const path = pathOf(resource, { namespace });
  let token: string | undefined;
  do {
    const query = { labelSelector, fieldSelector, limit: limit || undefined, continue: token };
    try {
      const { items, metadata } = await sender.request<ListAnswer<T>>({ method: "GET", path, query, signal });
      token = metadata.continue || undefined;
      yield { items: items ?? [], resourceVersion: metadata.resourceVersion };
    } catch (error) {
      if (expired === "fail" || !isGone(error) || error.continueToken === undefined) throw error;
      token = error.continueToken;
    }
  } while (token !== undefined);
}
