import { builtin, gate, type Transport } from "@plimsoll/kube";
import { serviceAccount } from "./install.ts";

const { declare, allow } = gate(builtin);

const permissions = declare("token", [allow("create", "serviceaccounts/token", "to run the controller outside the cluster as its own ServiceAccount")]);

/** A token of the controller's ServiceAccount, good for a day: for a controller that runs outside the cluster. */
export async function controllerToken(transport: Transport): Promise<string> {
  const answer = await permissions.client(transport)("serviceaccounts/token").create({ metadata: serviceAccount, spec: { audiences: [], expirationSeconds: 86_400 } });
  if (!answer.status) throw new Error("the API server gave no token for the controller's ServiceAccount");
  return answer.status.token;
}
