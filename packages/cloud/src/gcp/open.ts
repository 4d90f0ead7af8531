import type { Cloud } from "../cloud.ts";
import type { GcpConfig } from "../config.ts";
import { sdk } from "../sdk.ts";
import { Gcp } from "./gcp.ts";

/** All that a token of ours may be used for. */
const scopes = ["https://www.googleapis.com/auth/compute.readonly"];

/**
 * Loads Google's library for credentials, which finds the cloud's own and tries again what is throttled or fails for a while. One GET is all that is asked: its
 * libraries for Compute Engine are 2 MB and 30 MB for it.
 */
export async function openGcp(config: GcpConfig): Promise<Cloud> {
  const { GoogleAuth } = await sdk("google-auth-library", "gcp", async () => import("google-auth-library"));
  const auth = new GoogleAuth({ scopes });
  return new Gcp(async (url, signal) => auth.request({ url, signal, retry: true }), config);
}
