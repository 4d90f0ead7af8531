import type { LoggedEvent } from "@plimsoll/permissions/audit-log";
import { expect, test } from "vitest";
import { Why } from "./why.ts";

const event = (verb: string, query: string): LoggedEvent => ({
  auditID: verb + query,
  stage: "ResponseComplete",
  verb,
  requestURI: `/api/v1/namespaces/shop/pods?${query}`,
  user: { username: "ada" },
  objectRef: { resource: "pods", namespace: "shop" },
  annotations: { "authorization.k8s.io/decision": "allow" },
});
const events = [
  event("watch", "watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan"),
  event("watch", "watch=true&resourceVersion=7"),
  event("delete", ""),
];

test.each([
  ["watch pods", "2 events"],
  ["watch pods in shop", "2 events"],
  ["watch pods in elsewhere", "0 events"],
  ["list pods", "1 event"],
  ["list pods in shop", "1 event"],
  ["delete pods", "1 event"],
])("%s was given by %s, where a list may be by a watch that begins with what is there", (grant, found) => {
  const why = new Why(grant);
  for (const one of events) why.add(one);
  expect(why.summary).toBe(`${found} for ${grant}`);
});

test.each(["", "get", "get pods db x"])("%j is no grant", (grant) => {
  expect(() => new Why(grant)).toThrow(`--why ${grant}: write a verb and what it is on`);
});
