import { ComputeManagementClient } from "@azure/arm-compute";
import { DefaultAzureCredential, WorkloadIdentityCredential } from "@azure/identity";
import type { Cloud } from "../cloud.ts";
import type { AzureConfig } from "../config.ts";
import { Azure } from "./azure.ts";

/** What is throttled or fails for a while it tries thrice, with growing pauses. */
export function openAzure(config: AzureConfig): Cloud {
  const { subscription, endpoint } = config;
  // A token is for the API that it is asked for; those of other clouds of Azure's are others.
  const other = endpoint === undefined ? {} : { endpoint, credentials: { scopes: [`${endpoint.replace(/\/$/, "")}/.default`] } };
  return new Azure(new ComputeManagementClient(credential(), subscription, other), config);
}

/**
 * The workload identity where there is one, and nothing else: once that is refused, the SDK's own chain goes on to a person's logins (findings/azure-refusal-asks-az.sh).
 * Without one, that chain, which knows managed identities.
 */
function credential(): DefaultAzureCredential | WorkloadIdentityCredential {
  return process.env["AZURE_FEDERATED_TOKEN_FILE"] === undefined ? new DefaultAzureCredential() : new WorkloadIdentityCredential();
}
