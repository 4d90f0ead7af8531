import type { RightSizingPolicy } from "@plimsoll/api";
import type { Stored } from "@plimsoll/kube";

/** A policy as it is kept. */
export type StoredPolicy = Stored<RightSizingPolicy>;
