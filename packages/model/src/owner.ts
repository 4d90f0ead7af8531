import type { ObjectMeta } from "kubernetes-types/meta/v1.d.ts";
import { Interned } from "./interned.ts";

/** The controller of an object, as the object names it. */
export interface Owner {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
}

const owners = new Interned<Owner>();

/** Who controls an object; undefined: nobody. */
export function ownerOf({ ownerReferences = [] }: Pick<ObjectMeta, "ownerReferences">): Owner | undefined {
  const owner = ownerReferences.find(({ controller }) => controller);
  if (owner === undefined) return undefined;
  const { apiVersion, kind, name, uid } = owner;
  return owners.of({ apiVersion, kind, name, uid });
}
