import type { Danger } from "../danger.ts";
import { dangers as access } from "./access.ts";
import { dangers as cluster } from "./cluster.ts";
import { dangers as networks } from "./networks.ts";
import { dangers as workloads } from "./workloads.ts";

/** Every dangerous grant that is known. */
export const dangers: readonly Danger[] = [...access, ...workloads, ...networks, ...cluster];
