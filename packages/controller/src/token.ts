import { builtin, gate, type Transport } from "@plimsoll/kube";
import { defaultNamespace } from "./grant.ts";

const { declare, allow } = gate(builtin);

const permissions = declare("token", [
  allow("create", "serviceaccounts/token", "to run the controller outside the cluster as its own ServiceAccount", { in: "own" }),
]);

/** A token of a ServiceAccount of the controller's, good for a day: for a controller that runs outside the cluster. */
export async function controllerToken(
  transport: Transport,
  { account = "plimsoll", namespace = defaultNamespace }: { account?: string; namespace?: string | undefined } = {},
): Promise<string> {
  const client = permissions.client(transport, { own: namespace });
  const answer = await client("serviceaccounts/token").create({
    metadata: { namespace, name: account },
    spec: { audiences: [], expirationSeconds: 86_400 },
  });
  if (!answer.status)
    throw new Error(`the API server gave no token for ServiceAccount ${namespace}/${account}: is its TokenRequest API switched off?`);
  return answer.status.token;
}
