import { messageOf } from "@plimsoll/kube";

/** Why the program can't go on: a feature of it has failed. */
export class FeatureError extends Error {
  constructor(feature: string, cause: unknown) {
    super(`the feature ${feature} has failed: ${messageOf(cause)}`, { cause });
    this.name = "FeatureError";
  }
}
