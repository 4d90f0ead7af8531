import { allow, declare } from "../kinds.ts";
import type { RuntimeOf } from "../runtime.ts";
import type { CleanupConfig } from "./config.ts";

/** All that the clean-up may do. */
export const permissions = declare("cleanup", [
  allow(["list", "watch"], "nodes", "to see which have been NotReady for long"),
  allow("delete", "nodes", "to delete one whose machine is gone"),
]);

/** What the clean-up is given to work with. */
export type CleanupRuntime = RuntimeOf<typeof permissions, CleanupConfig>;
