import type { Cloud } from "./cloud.ts";
import type { CloudConfig } from "./config.ts";

/**
 * Loads the SDK of the configured cloud, and nothing of the others'. Nothing is asked of the cloud yet.
 * Rejects with an Error that names the package to install if the SDK isn't there.
 */
export async function openCloud(config: CloudConfig): Promise<Cloud> {
  switch (config.provider) {
    case "aws":
      return (await import("./aws/open.ts")).openAws(config);
    case "gcp":
      return (await import("./gcp/open.ts")).openGcp(config);
    case "azure":
      return (await import("./azure/open.ts")).openAzure(config);
  }
}
