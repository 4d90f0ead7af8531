import { assert, constantFrom, property } from "fast-check";
import { expect, test } from "vitest";
import { grants } from "./grants.ts";
import { ineffective } from "./ineffective.ts";
import type { PolicyRule } from "./rule.ts";

const rule = (more: Partial<PolicyRule>): PolicyRule => ({ verbs: ["get"], apiGroups: [""], resources: ["pods"], ...more });

test.each<[string, Partial<PolicyRule>, string[]]>([
  [
    "capitals",
    { verbs: ["GET"], resources: ["Pods"] },
    ['the verb "GET": verbs are lower case', 'the resource "Pods": resources are lower-case plurals'],
  ],
  ["a group in the resource", { resources: ["deployments.apps"] }, ['the resource "deployments.apps": its group stands in apiGroups']],
  [
    "a wildcard for subresources",
    { resources: ["pods/*"] },
    ['the resource "pods/*": no wildcard stands for subresources: name each, or write * for all of every resource'],
  ],
  ["a group's version", { apiGroups: ["apps/v1"] }, ['the API group "apps/v1": a group is written without its version']],
  ["the core group by a name", { apiGroups: ["core"] }, ['the API group "core": the core group is written ""']],
  [
    "names of what is created",
    { verbs: ["create", "get"], resourceNames: ["a"] },
    ["create of pods by resourceNames: such a request has no name"],
  ],
  [
    "a path without its beginning",
    { verbs: ["get"], apiGroups: [], resources: [], nonResourceURLs: ["healthz"] },
    ['the path "healthz": paths begin with /'],
  ],
])("%s: told", (_name, more, told) => {
  expect(ineffective(rule(more))).toEqual(told);
});

test.each<Partial<PolicyRule>>([
  { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
  { resources: ["*/scale", "pods/log"] },
  { verbs: ["create"], resources: ["serviceaccounts/token"], resourceNames: ["a"] },
  { verbs: ["use", "approve"], apiGroups: ["certificates.k8s.io"], resources: ["signers"], resourceNames: ["x.io/*"] },
  { apiGroups: [], resources: [], nonResourceURLs: ["*", "/metrics/*"] },
])("%j is in order", (more) => {
  expect(ineffective(rule(more))).toEqual([]);
});

test("a rule all of which is told of grants no request that there is", () => {
  const texts = constantFrom("pods/*", "Pods", "pods.core", "*/*");
  assert(
    property(texts, constantFrom("get", "create", "*"), (resource, verb) => {
      const one = rule({ verbs: [verb], resources: [resource] });
      expect(ineffective(one)).toHaveLength(1);
      for (const subresource of [undefined, "log", "status"])
        expect(grants([one], { verb: "get", group: "", resource: "pods", ...(subresource && { subresource }) })).toBeUndefined();
    }),
  );
});
