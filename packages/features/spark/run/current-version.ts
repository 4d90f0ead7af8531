import type { Stored } from "@plimsoll/kube";

/** The resourceVersion of now. */
export async function currentVersion(pages: AsyncIterable<{ resourceVersion: string; items: Stored<object>[] }>): Promise<string> {
  for await (const { resourceVersion } of pages) return resourceVersion;
  throw new Error("the API server gave no page");
}
