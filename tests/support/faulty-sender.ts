import { ApiError, ConnectionError, type Sender } from "@plimsoll/kube";

/** Gives a number from 0 up to, but not including, 1. */
export type Random = () => number;

const faults = [
  (call: string) => new ApiError(call, 500, { message: "injected" }),
  (call: string) => new ApiError(call, 429, { message: "injected", reason: "TooManyRequests" }),
  (call: string) => new ApiError(call, 409, { message: "injected", reason: "Conflict" }),
  (call: string) => new ApiError(call, 504, { message: "injected", reason: "Timeout" }),
  (call: string) => new ConnectionError(`${call}: injected`, true),
];

/**
 * A sender of which a share of the requests fails, in each way that the API server has: some before they are carried out, and some after,
 * so that their answer is lost. `told` counts the faults of each verb.
 */
export function faultySender(sender: Sender, share: number, random: Random, told: Map<string, number>): Sender {
  return {
    async request<T>(request: Parameters<Sender["request"]>[0]): Promise<T> {
      const isFaulty = random() < share;
      const isLost = random() < 0.5;
      const fault = faults[Math.floor(random() * faults.length)];
      if (!isFaulty || fault === undefined) return sender.request<T>(request);
      told.set(request.method, (told.get(request.method) ?? 0) + 1);
      if (isLost) await sender.request<T>(request);
      throw fault(`${request.method} ${request.path}`);
    },
    async stream(request) {
      if (random() < share) throw new ConnectionError(`${request.method} ${request.path}: injected`, true);
      return sender.stream(request);
    },
  };
}
