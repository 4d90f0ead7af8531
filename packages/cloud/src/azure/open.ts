import type { Cloud } from "../cloud.ts";
import type { AzureConfig } from "../config.ts";
import { sdk } from "../sdk.ts";
import { Azure } from "./azure.ts";

/** Loads the SDK. Its own chain finds the credentials; what is throttled or fails for a while it tries thrice, with growing pauses. */
export async function openAzure(config: AzureConfig): Promise<Cloud> {
  const [{ ComputeManagementClient }, { DefaultAzureCredential }] = await Promise.all([
    sdk("@azure/arm-compute", "azure", async () => import("@azure/arm-compute")),
    sdk("@azure/identity", "azure", async () => import("@azure/identity")),
  ]);
  const { subscription, endpoint } = config;
  // A token is for the API that it is asked for; those of other clouds of Azure's are others.
  const other = endpoint === undefined ? {} : { endpoint, credentials: { scopes: [`${endpoint.replace(/\/$/, "")}/.default`] } };
  return new Azure(new ComputeManagementClient(new DefaultAzureCredential(), subscription, other), config);
}
