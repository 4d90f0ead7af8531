import { isNotFound, type View } from "@plimsoll/kube";
import { nameOf, type ConfiguredKind } from "../../configured.ts";
import type { Language } from "../../expressions.ts";
import type { Further } from "../../feature.ts";
import { isBuiltIn, judgeOf } from "../../health-judge.ts";
import { fieldManager, labels } from "../labels.ts";
import { viewLive, type Judging, type Live, type StoredObject } from "../objects/live.ts";

interface Place {
  namespace: string;
  name: string;
}

/** What is done with objects of one kind. Each rejects with an ApiError or a ConnectionError. */
export interface ObjectKind {
  configured: ConfiguredKind;
  view: View<never, Live>;
  /** Gives the object as it is then; in a dry run, as it would be. */
  apply: (place: Place, body: object, options: { force: boolean; dryRun?: boolean }) => Promise<Live>;
  /** Whether the API server would take it as a new object, of another name. */
  tryNew: (place: Place, body: object) => Promise<void>;
  find: (place: Place) => Promise<Live | undefined>;
  remove: (place: Place, uid: string, propagationPolicy: "Background" | "Foreground") => Promise<void>;
}

interface Methods {
  get: (place: Place) => Promise<StoredObject>;
  create: (object: object, options: { dryRun: "All" }) => Promise<StoredObject>;
  patch: (
    place: Place,
    patch: object,
    options: { type: "apply"; fieldManager: string; force: boolean; dryRun?: "All" | undefined },
  ) => Promise<StoredObject>;
  delete: (place: Place, options: { preconditions: { uid: string }; propagationPolicy: "Background" | "Foreground" }) => Promise<void>;
}

/** The kinds that sets may hold. Throws an Error for one whose health can't be told. */
export function objectKinds(further: Further | undefined, language: Language): ObjectKind[] {
  if (further === undefined) return [];
  const { kinds, runtime } = further;
  return kinds.map((configured) => {
    const name = nameOf(configured) as never;
    const judging: Judging = { healthOf: judgeOf(configured, language), isBuiltIn: isBuiltIn(configured) };
    const project = (object: StoredObject): Live => viewLive(object, configured, judging);
    const view = runtime.view(name, {
      // Others may want more of the kind.
      project: ((object: StoredObject) => (object.metadata.labels?.[labels.set] === undefined ? undefined : project(object))) as never,
      select: { labelSelector: labels.set },
      mayBeMissing: true,
    }) as never as View<never, Live>;
    return { configured, view, ...handsOf(runtime.client(name) as never, project) };
  });
}

function handsOf(client: Methods, project: (object: StoredObject) => Live): Omit<ObjectKind, "configured" | "view"> {
  return {
    apply: async (place, body, { force, dryRun = false }) =>
      project(await client.patch(place, body, { type: "apply", fieldManager, force, ...(dryRun && { dryRun: "All" }) })),
    tryNew: async ({ namespace, name }, body) => {
      const { name: _, ...metadata } = (body as { metadata: { name?: string } }).metadata;
      await client.create({ ...body, metadata: { ...metadata, namespace, generateName: `${name.slice(0, 200)}-` } }, { dryRun: "All" });
    },
    find: async (place) => {
      try {
        return project(await client.get(place));
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },
    remove: (place, uid, propagationPolicy) => client.delete(place, { preconditions: { uid }, propagationPolicy }),
  };
}
