import type { Connection } from "../auth/kubeconfig.ts";
import type { Durations } from "./durations.ts";

/** What a candidate's thread is started with. */
export interface Task {
  connection: Connection;
  namespace: string;
  lease: string;
  identity: string;
  durations: Durations;
  fence: SharedArrayBuffer;
  contact: SharedArrayBuffer;
}

/** What it tells. */
export type Message =
  | { type: "leader"; identity: string | undefined }
  | { type: "elected" }
  | { type: "lost"; reason: string }
  /** An error's text: its class would not come through. */
  | { type: "error"; error: string };

/** The one thing that it is told: to release the lease and to end. */
export const release = "release";

/** Milliseconds for which a release is tried. */
export const releaseTimeout = 5_000;
