import { expect, onTestFinished, test } from "vitest";
import { json, scriptedServer } from "../../testing/scripted-server.ts";
import { isRefusedByBudget } from "../errors.ts";
import { Transport } from "./transport.ts";

test("a 429 by which a budget refuses an eviction is the caller's at once, and no plea to be left alone, whatever its Retry-After", async () => {
  const cause = { reason: "DisruptionBudget", message: "The disruption budget max is still being processed by the server." };
  const details = { retryAfterSeconds: 10, causes: [cause] };
  const refusal = { kind: "Status", status: "Failure", reason: "TooManyRequests", code: 429, details };
  await using server = await scriptedServer(json(refusal, 429), json({}, 201));
  const asked: number[] = [];
  const transport = Transport.fromKubeconfig(server.kubeconfig(), { onRetryAfter: (seconds) => void asked.push(seconds) });
  onTestFinished(() => transport.close());
  const path = "/api/v1/namespaces/ns/pods/a/eviction";
  const error = await transport.request({ method: "POST", path, body: {} }).catch((error: unknown) => error);
  expect(error).toMatchObject({ code: 429, retryAfter: 10 });
  expect(isRefusedByBudget(error)).toBe(true);
  expect([server.requests.length, asked]).toEqual([1, []]);
});
