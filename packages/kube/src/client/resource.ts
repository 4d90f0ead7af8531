/** The metadata that this package reads; every Kubernetes kind has it. */
export interface KubeObject {
  apiVersion?: string | undefined;
  kind?: string | undefined;
  metadata?:
    | {
        name?: string | undefined;
        namespace?: string | undefined;
        uid?: string | undefined;
        resourceVersion?: string | undefined;
      }
    | undefined;
}

/** An object as the API server gives it: what it always fills in is there. */
export type Stored<T> = T & { metadata: { name: string; uid: string; resourceVersion: string; creationTimestamp: string } };

/** Where a resource is found, and of which kind its objects are. */
export interface Definition {
  /** "" for the core group. */
  group: string;
  version: string;
  plural: string;
  /** The kind of what is sent and given: for "pods/eviction", Eviction. */
  kind: string;
  namespaced: boolean;
  subresource?: string;
  /** Of `kind`, where it is not the resource's own: "policy/v1" for "pods/eviction". */
  apiVersion?: string;
}

/** A catalogue entry. `T` is the type of its objects (`LogText` for a log); `N` is true where it is namespaced. */
export interface Resource<T, N extends boolean> extends Definition {
  namespaced: N;
  /** Holds `T` for the compiler; never there when running. */
  readonly object?: T;
}

/** Marks a resource that is read as lines of text. */
export interface LogText {
  readonly text: true;
}

/** Names one object; a namespaced one by both. */
export type Ref<N extends boolean> = N extends true ? { namespace: string; name: string } : { name: string };

/** An entry for a catalogue, with the type of its objects. */
export function resource<T>(definition: Definition & { namespaced: true }): Resource<T, true>;
/** The same for what is in no namespace. */
export function resource<T>(definition: Definition & { namespaced: false }): Resource<T, false>;
export function resource<T>(definition: Definition): Resource<T, boolean> {
  return definition;
}

export function apiVersionOf({ apiVersion, group, version }: Definition): string {
  return apiVersion ?? (group === "" ? version : `${group}/${version}`);
}

/** The URL path of a collection (without `name`) or of an object; of all namespaces, without `namespace`. Throws a NameError for what would be another path. */
export function pathOf(
  definition: Definition,
  { namespace, name }: { namespace?: string | undefined; name?: string | undefined } = {},
): string {
  const { group, version, plural, namespaced, subresource } = definition;
  const parts = group === "" ? ["api", version] : ["apis", group, version];
  if (namespaced && namespace === undefined && name !== undefined)
    throw new TypeError(`${definition.kind} "${name}" has a namespace: it is missing`);
  if (namespaced && namespace !== undefined) parts.push("namespaces", segment(namespace, "namespace", definition));
  parts.push(plural);
  if (name !== undefined) parts.push(segment(name, "name", definition));
  else if (subresource !== undefined) throw new TypeError(`"${plural}/${subresource}" is of one object: its name is missing`);
  if (subresource !== undefined) parts.push(subresource);
  return `/${parts.map(encodeURIComponent).join("/")}`;
}

/** A name that no object can have, as it would be another path. */
export class NameError extends TypeError {
  override name = "NameError";
}

/** As client-go does: an empty name is the whole collection's path, and a slash leads to another resource. */
function segment(text: string, what: string, { kind }: Definition): string {
  if (text === "" || text === "." || text === ".." || /[/%]/.test(text))
    throw new NameError(`"${text}" cannot be the ${what} of a ${kind}`);
  return text;
}
