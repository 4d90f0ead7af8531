import { kindText } from "@plimsoll/api";
import type { View } from "@plimsoll/kube";
import { nameOf, type ConfiguredKind } from "../../../configured.ts";
import type { Further } from "../../../feature.ts";
import type { TryView } from "../../step/kind.ts";
import { labels } from "../../step/labels.ts";
import type { StepObject } from "../../step/manifest/stored.ts";
import { viewObject } from "../../step/manifest/view.ts";

interface Place {
  namespace: string;
  name: string;
}

/** What is done with the objects of one kind, pods among them. Each rejects with an ApiError or a ConnectionError. */
export interface ObjectHands {
  create: (object: StepObject, options?: { dryRun: "All"; signal: AbortSignal }) => Promise<StepObject>;
  get: (place: Place) => Promise<StepObject>;
  delete: (place: Place, options: { preconditions: { uid: string }; propagationPolicy: "Background" }) => Promise<void>;
}

/** A kind that steps may make objects of. */
export interface GrantedKind {
  kind: ConfiguredKind;
  hands: ObjectHands;
  view: View<never, TryView, "run">;
}

/** The kinds that the configuration grants, by their apiVersion and kind, as in `batch/v1 Job`. */
export type GrantedKinds = ReadonlyMap<string, GrantedKind>;

/** Whether an object of a run that has ended is to go. */
export function isLeft({ kind, mayStay, deleting }: TryView): boolean {
  return kind !== undefined && mayStay !== true && !deleting;
}

/** Asks for what steps need of the kinds that the configuration grants. */
export function grantedKinds(further: Further | undefined): GrantedKinds {
  if (further === undefined) return new Map();
  const { kinds, runtime } = further;
  return new Map(
    kinds.map((kind) => {
      const name = nameOf(kind) as never;
      const { apiVersion } = kind;
      // Its own apiVersion and kind are missing in a list.
      const project = (object: StepObject): TryView | undefined => viewObject({ ...object, apiVersion, kind: kind.kind });
      const view = runtime.view(name, {
        project: project as never,
        select: { labelSelector: labels.runUid },
        indexes: { run: ({ runUid }: TryView) => [runUid] } as never,
        mayBeMissing: true,
      }) as never;
      return [kindText(kind), { kind, hands: runtime.client(name) as never, view }];
    }),
  );
}
