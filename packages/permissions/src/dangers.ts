import type { Danger } from "./danger.ts";
import { dangers as access } from "./dangers/access.ts";
import { dangers as cluster } from "./dangers/cluster.ts";
import { dangers as workloads } from "./dangers/workloads.ts";

/** Every dangerous grant that is known. */
export const dangers: readonly Danger[] = [...access, ...workloads, ...cluster];
