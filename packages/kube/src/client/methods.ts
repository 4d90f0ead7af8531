import { lines } from "../transport/lines.ts";
import { pages, type ListOptions, type Page } from "./list.ts";
import { apiVersionOf, pathOf, type Definition, type KubeObject, type LogText, type Ref, type Stored } from "./resource.ts";
import type { ApiRequest, Sender } from "../transport/api-request.ts";
import { watch, type WatchEvent, type WatchOptions } from "./watch.ts";

/** What every call takes: aborted, it rejects with the signal's reason. */
export interface CallOptions {
  signal?: AbortSignal | undefined;
}

/** Of a JSON patch (RFC 6902). */
export interface JsonPatchOperation {
  op: "add" | "remove" | "replace" | "move" | "copy" | "test";
  path: string;
  from?: string;
  value?: unknown;
}

/** The form of a patch; a merge patch unless it says otherwise. */
export type PatchOptions = CreateOptions &
  /** A strategic merge patch goes into lists by their keys, as containers by their names; for kinds of Kubernetes' own alone. */
  (
    | { type?: "merge" | "json" | "strategic"; fieldManager?: string }
    /** Server-side apply; where the object does not exist, it also needs the verb "create". */
    | { type: "apply"; fieldManager: string; force?: boolean }
  );

/** A dry run gives what would be, and writes nothing. Strict: a field that the kind hasn't is an error; else it is dropped. */
export interface CreateOptions extends CallOptions {
  dryRun?: "All" | undefined;
  fieldValidation?: "Strict" | undefined;
}

/** As in the API's DeleteOptions: what the object must still be, and what becomes of its dependents. */
export interface DeleteOptions extends CallOptions {
  preconditions?: { uid?: string; resourceVersion?: string };
  propagationPolicy?: "Background" | "Foreground" | "Orphan";
  gracePeriodSeconds?: number;
}

/** As in the API's PodLogOptions. */
export interface LogOptions extends CallOptions {
  container?: string;
  follow?: boolean;
  previous?: boolean;
  tailLines?: number;
  sinceSeconds?: number;
  timestamps?: boolean;
}

/** What can be done with a kind's objects. Each rejects with an ApiError or a ConnectionError. */
export interface ObjectMethods<T, N extends boolean> {
  get(ref: Ref<N>, options?: CallOptions): Promise<Stored<T>>;
  /** Every object, as its page comes; `Array.fromAsync` collects them. */
  list(options?: ListOptions): AsyncIterable<Stored<T>>;
  pages(options?: ListOptions): AsyncIterable<Page<T>>;
  watch(options: WatchOptions): AsyncIterable<WatchEvent<T>>;
  /** For a subresource, metadata names the object that it belongs to. apiVersion and kind may be left out. */
  create(object: T, options?: CreateOptions): Promise<Stored<T>>;
  /** With a resourceVersion in it, the object must still have that version (`isConflict`). */
  update(object: T, options?: CallOptions): Promise<Stored<T>>;
  /** A merge patch (RFC 7386) unless `type` says otherwise. An apply may leave out apiVersion, kind, name and namespace. */
  patch(ref: Ref<N>, patch: object, options?: PatchOptions): Promise<Stored<T>>;
  delete(ref: Ref<N>, options?: DeleteOptions): Promise<void>;
}

/** What can be done with a pod's log. */
export interface LogMethods<N extends boolean> {
  /** The log's lines, without their ends. */
  read(ref: Ref<N>, options?: LogOptions): AsyncIterable<string>;
}

/** The methods of a resource: those of a log where it is one, else those of objects. */
export type Methods<T, N extends boolean> = T extends LogText ? LogMethods<N> : ObjectMethods<T, N>;

const patchTypes = {
  merge: "application/merge-patch+json",
  json: "application/json-patch+json",
  strategic: "application/strategic-merge-patch+json",
  apply: "application/apply-patch+yaml",
};

type AnyRef = { name: string; namespace?: string };

/** Every method of every kind of resource; the gate takes away what was not declared. */
export function methodsOf(sender: Sender, resource: Definition) {
  const send = async <T>(method: ApiRequest["method"], ref: Parameters<typeof pathOf>[1], rest: Omit<ApiRequest, "method" | "path">) =>
    sender.request<T>({ method, path: pathOf(resource, ref), ...rest });

  const typed = (object: object) => ({ apiVersion: apiVersionOf(resource), kind: resource.kind, ...object });

  /** An apply that creates needs the name in the object, too. */
  const named = (patch: object, ref: AnyRef) => ({
    ...typed(patch),
    metadata: { ...("metadata" in patch && typeof patch.metadata === "object" ? patch.metadata : {}), ...ref },
  });

  /** Without its name, an object's address is that of all. */
  const one = <R extends { name?: string | undefined }>(ref: R): R => {
    if (ref.name === undefined) throw new TypeError(`which ${resource.kind}? Its name is missing`);
    return ref;
  };

  const place = (object: KubeObject, verb: string) => {
    const { name, namespace } = object.metadata ?? {};
    if (resource.namespaced && !namespace)
      throw new TypeError(`cannot ${verb} ${resource.kind} "${name ?? ""}": metadata.namespace is missing`);
    return { name, namespace };
  };

  return {
    get: async (ref: AnyRef, { signal }: CallOptions = {}) => send("GET", one(ref), { signal }),
    async *list(options?: ListOptions) {
      for await (const page of pages(sender, resource, options)) yield* page.items;
    },
    pages: (options?: ListOptions) => pages(sender, resource, options),
    watch: (options: WatchOptions) => watch(sender, resource, options),
    create: async (object: KubeObject, { signal, ...query }: CreateOptions = {}) => {
      const { name, namespace } = place(object, "create");
      return send("POST", { namespace, name: resource.subresource && name }, { body: typed(object), query, signal });
    },
    // Done twice with a resourceVersion, the second is a conflict, which its caller has to expect anyway.
    update: async (object: KubeObject, { signal }: CallOptions = {}) =>
      send("PUT", one(place(object, "update")), {
        body: typed(object),
        idempotent: object.metadata?.resourceVersion !== undefined,
        signal,
      }),
    // A merge or an apply sets fields to values: twice is as once. A JSON patch may append.
    patch: async (ref: AnyRef, patch: object, { signal, type = "merge", ...query }: PatchOptions = {}) =>
      send("PATCH", one(ref), {
        body: type === "apply" ? named(patch, ref) : patch,
        contentType: patchTypes[type],
        idempotent: type !== "json",
        query,
        signal,
      }),
    // With a uid, a second delete cannot hit the next object of that name.
    delete: async (ref: AnyRef, { signal, ...options }: DeleteOptions = {}) => {
      await send("DELETE", one(ref), { body: options, idempotent: options.preconditions?.uid !== undefined, signal });
    },
    async *read(ref: AnyRef, { signal, ...query }: LogOptions = {}) {
      yield* lines(await sender.stream({ method: "GET", path: pathOf(resource, ref), query: { ...query }, signal }));
    },
  };
}
