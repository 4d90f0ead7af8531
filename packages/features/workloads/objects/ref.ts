import { groupVersionOf } from "../../configured.ts";

/** An object by its kind and its name, in the namespace of its set. */
export interface Ref {
  apiVersion: string;
  kind: string;
  name: string;
}

/** A text that is the same for the same object, whichever version of its kind it is named by. */
export function keyOf({ apiVersion, kind, name }: Ref): string {
  return `${groupVersionOf(apiVersion).group}/${kind}/${name}`;
}

/** As people write it: `Deployment/web`. */
export function titleOf({ kind, name }: Ref): string {
  return `${kind}/${name}`;
}
