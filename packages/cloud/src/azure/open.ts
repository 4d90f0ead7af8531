import { ComputeManagementClient } from "@azure/arm-compute";
import { DefaultAzureCredential } from "@azure/identity";
import type { Cloud } from "../cloud.ts";
import type { AzureConfig } from "../config.ts";
import { Azure } from "./azure.ts";

/** The SDK's own chain finds the credentials; what is throttled or fails for a while it tries thrice, with growing pauses. */
export function openAzure(config: AzureConfig): Cloud {
  const { subscription, endpoint } = config;
  // A token is for the API that it is asked for; those of other clouds of Azure's are others.
  const other = endpoint === undefined ? {} : { endpoint, credentials: { scopes: [`${endpoint.replace(/\/$/, "")}/.default`] } };
  return new Azure(new ComputeManagementClient(new DefaultAzureCredential(), subscription, other), config);
}
