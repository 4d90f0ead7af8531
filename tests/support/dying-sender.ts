import type { Sender } from "@plimsoll/kube";

/** What the requests of a dead process come to. */
export class Died extends Error {
  override name = "Died";
}

/** A sender that dies, as a process does, when it has made so many writes; dry runs and reviews write nothing. */
export function dyingSender(sender: Sender, writes: number): Sender {
  let left = writes;
  let isDead = false;
  return {
    async request<T>(request: Parameters<Sender["request"]>[0]): Promise<T> {
      const isWrite = request.method !== "GET" && request.query?.["dryRun"] === undefined && !request.path.includes("accessreviews");
      if (isWrite && left === 0) isDead = true;
      if (isDead) throw new Died(`${request.method} ${request.path}`);
      if (isWrite) left -= 1;
      return sender.request<T>(request);
    },
    stream: (request) => sender.stream(request),
  };
}
