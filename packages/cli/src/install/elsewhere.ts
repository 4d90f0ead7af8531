import { processesIn, statusPermissions } from "@plimsoll/controller/installation";
import { isForbidden, type Transport } from "@plimsoll/kube";

/** Where else Plimsoll is, as the end of a sentence; how to install it, where it's nowhere. */
export async function elsewhereHint(transport: Transport, namespace: string): Promise<string> {
  try {
    const { processes } = await processesIn(statusPermissions.client(transport, { own: namespace }), namespace);
    const others = [...new Set(processes.map(({ namespace }) => namespace))];
    return others.length > 0 ? `; it is in ${others.join(", ")}: give one with -n` : ": plimsoll install";
  } catch (error) {
    if (isForbidden(error)) return "";
    throw error;
  }
}
