import { apiVersion } from "@plimsoll/api";
import type { Occurrence } from "@plimsoll/kube";

/** What is told of an object of Plimsoll's, and of which other object that is. */
export type Told = Pick<Occurrence, "type" | "reason" | "action" | "note"> & { about?: About };

/** An object of the same namespace, with its UID where that is known. */
export interface About {
  apiVersion: string;
  kind: string;
  name: string;
  uid?: string | undefined;
}

/** An object of Plimsoll's, as its metadata names it. */
interface Named {
  metadata: { namespace?: string | undefined; name?: string | undefined; uid?: string | undefined };
}

/** What is told of an object whose status somebody else writes, too. */
export function toldContested(action: string): Told {
  return {
    type: "Warning",
    reason: "Contested",
    action,
    note: "somebody else overwrites this in its status, as a second installation does that works in this namespace, and so it is left alone for up to ten minutes at a time: have one of them alone work here, by `namespaces` or by its features",
  };
}

/** What tells of objects of one kind. */
export type Tell = (object: Named, told: Told) => void;

/** Tells of objects of a kind of Plimsoll's, where `kubectl describe` shows it. */
export function telling(kind: string, record: (occurrence: Occurrence) => void): Tell {
  return ({ metadata: { namespace, name = "", uid = "" } }, { about, ...told }) =>
    record({
      regarding: { apiVersion, kind, namespace, name, uid },
      // What happens to one is another series than the same of another.
      ...(about && { related: { apiVersion: about.apiVersion, kind: about.kind, namespace, name: about.name, uid: about.uid ?? "" } }),
      ...told,
    });
}
