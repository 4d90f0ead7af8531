import { GoogleAuth } from "google-auth-library";
import type { Cloud } from "../cloud.ts";
import type { GcpConfig } from "../config.ts";
import { Gcp } from "./gcp.ts";

/** All that a token of ours may be used for. */
const scopes = ["https://www.googleapis.com/auth/compute.readonly"];

/**
 * Google's library for credentials finds the cloud's own, and tries again what is throttled or fails for a while. One GET is all that is asked: bundled, its
 * libraries for Compute Engine are 2 MB and 30 MB for it.
 */
export function openGcp(config: GcpConfig): Cloud {
  // Without the project, it would look for one, and start gcloud for it where that is.
  const auth = new GoogleAuth({ scopes, projectId: config.project });
  return new Gcp(async (url, signal) => auth.request({ url, signal, retry: true }), config);
}
