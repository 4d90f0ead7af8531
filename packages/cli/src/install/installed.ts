import { readInstalled, statusPermissions, type Installed } from "@plimsoll/controller/installation";
import type { Transport } from "@plimsoll/kube";
import { Failure } from "../failure.ts";
import { elsewhereHint } from "./elsewhere.ts";

/** The installation in a namespace; undefined where there is none. */
export function findInstalled(transport: Transport, namespace: string): Promise<Installed | undefined> {
  return readInstalled(statusPermissions.client(transport, { own: namespace }), namespace);
}

/** The same; fails where there is none, and says where there is one. */
export async function mustBeInstalled(transport: Transport, namespace: string): Promise<Installed> {
  const installed = await findInstalled(transport, namespace);
  if (installed !== undefined) return installed;
  throw new Failure(`Plimsoll is not installed in namespace "${namespace}"${await elsewhereHint(transport, namespace)}`);
}
