import type * as z from "zod";
import type { metadata } from "./field.ts";

/** The API group of every kind. */
export const group = "plimsoll.dev";

/** The group and the version that the kinds have for now. */
export const apiVersion = `${group}/v1alpha1` as const;

/** An object of any kind, as a user writes it. */
export interface CustomObject<K extends string = string, V extends string = string> {
  apiVersion: `${typeof group}/${V}`;
  kind: K;
  metadata: z.input<typeof metadata>;
  spec: object;
  status?: object | undefined;
}

/** What `kubectl get` prints of an object: additionalPrinterColumns of apiextensions.k8s.io/v1. */
export interface Column {
  name: string;
  type: "string" | "integer" | "date";
  jsonPath: string;
  description?: string;
  /** Above 0: printed by `-o wide` alone. */
  priority?: number;
}

/** A version of a kind. */
export interface Version {
  /** As in `v1alpha1`. */
  name: string;
  /** Of the whole object. */
  schema: z.ZodType<CustomObject, CustomObject>;
  /** Whether the API server knows objects of this version. */
  served: boolean;
  /** Whether objects are kept in this version; those of exactly one are. */
  storage: boolean;
  /** Age follows them. */
  columns: readonly Column[];
  subresources?: readonly "status"[];
  /**
   * Paths of lists that never change, as in `spec.pipeline.steps`, each with what its rules call an item. The rules of the items are
   * evaluated when the object is created, and not at every write of a status.
   */
  immutableLists?: Readonly<Record<string, string>>;
}

/** The version that the kinds have for now: served, and stored. */
export const v1alpha1 = { name: "v1alpha1", served: true, storage: true } as const;

/** What the reference says of a kind beside its fields, in Markdown. */
export interface Docs {
  /** The page of docs/reference that the kind is on, without its ending. */
  page: string;
  /** The page of docs that says how to use it. */
  guide: string;
  /** What an object of the kind is. */
  intro: string;
  /** Fields whose own fields are documented elsewhere: their paths, each with where that is. */
  sameAs?: Readonly<Record<string, string>>;
}

/** All that is said of a kind: its CRD, its place in a gate's catalogue, how files are read and its reference are made from it. */
export interface Kind {
  kind: string;
  plural: string;
  shortNames: readonly string[];
  categories: readonly string[];
  scope: "Namespaced" | "Cluster";
  versions: readonly Version[];
  docs: Docs;
}

/** Holds the schema of each version to the kind's name and the version's. */
type Named<K extends string, V extends readonly Version[]> = {
  [I in keyof V]: V[I] & { schema: z.ZodType<CustomObject<K, V[I]["name"]>> };
};

/**
 * Defines a kind; with a line in `kinds/index.ts`, it is everywhere.
 * Throws an Error where not exactly one version is stored.
 */
export function defineKind<const K extends Kind>(kind: K & { versions: Named<K["kind"], K["versions"]> }): K {
  storedVersion(kind);
  return kind;
}

/** The objects of a kind, of whichever version: defaults need not be filled in. */
export type ObjectOf<K extends Kind> = z.input<K["versions"][number]["schema"]>;

/** The version that a kind's objects are stored in. */
export type StoredVersionOf<K extends Kind> = Extract<K["versions"][number], { storage: true }>;

/** The objects of a kind, in the version that they are stored in. */
export type StoredObjectOf<K extends Kind> = z.input<StoredVersionOf<K>["schema"]>;

/** The version that a kind's objects are stored in. Throws an Error where there is not exactly one. */
export function storedVersion({ kind, versions }: Kind): Version {
  const [stored, ...more] = versions.filter(({ storage }) => storage);
  if (stored === undefined || more.length > 0)
    throw new Error(`${kind}: ${stored ? more.length + 1 : 0} of its versions are stored: set storage to true in exactly one`);
  return stored;
}
