import type { Sender } from "../transport/api-request.ts";
import { pages, type Page } from "./list.ts";
import type { Definition } from "./resource.ts";

/** What an object is called, and nothing of what it says. */
export interface PartialObject {
  metadata?: { name?: string; namespace?: string; uid?: string; resourceVersion?: string };
}

/** Where a resource is found that is known by its name alone. */
export type Named = Pick<Definition, "group" | "version" | "plural">;

/** Lists the metadata of every object of a resource, or of those in a namespace, page by page: what is in them is neither sent nor read. */
export function metadataPages(
  sender: Sender,
  { group, version, plural }: Named,
  { namespace, signal }: { namespace?: string | undefined; signal: AbortSignal },
): AsyncIterable<Page<PartialObject>> {
  const accept = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
  const partial: Sender = {
    request: (request) => sender.request({ ...request, accept }),
    stream: (request) => sender.stream(request),
  };
  return pages<PartialObject>(
    partial,
    { group, version, plural, kind: "PartialObjectMetadata", namespaced: namespace !== undefined },
    { namespace, signal },
  );
}
