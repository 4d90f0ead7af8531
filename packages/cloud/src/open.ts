import type { Cloud } from "./cloud.ts";
import type { CloudConfig } from "./config.ts";
import { sdk } from "./sdk.ts";

/**
 * Loads the SDK of the configured cloud, and nothing of the others'. Nothing is asked of the cloud yet.
 * Rejects with an Error that names the packages to install if the SDK isn't there.
 */
export async function openCloud(config: CloudConfig): Promise<Cloud> {
  // Modules of ours are imported, rather than the SDKs: of these, a bundler then takes what is used.
  switch (config.provider) {
    case "aws":
      return (await sdk("aws", ["@aws-sdk/client-ec2", "@aws-sdk/client-sts"], async () => import("./aws/open.ts"))).openAws(config);
    case "gcp":
      return (await sdk("gcp", ["google-auth-library"], async () => import("./gcp/open.ts"))).openGcp(config);
    case "azure":
      return (await sdk("azure", ["@azure/arm-compute", "@azure/identity"], async () => import("./azure/open.ts"))).openAzure(config);
  }
}
