import type { Check } from "../transport/wire.ts";
import type { ApiRequest, Sender } from "../transport/api-request.ts";

/** Sends as `sender` does, and what isn't a GET only while the fence's check passes: it fails with what the check throws. */
export function fenced(sender: Sender, fence: Check): Sender {
  const bound = (request: ApiRequest): ApiRequest => (request.method === "GET" ? request : { ...request, fence });
  return {
    request: (request) => sender.request(bound(request)),
    stream: (request) => sender.stream(bound(request)),
  };
}
