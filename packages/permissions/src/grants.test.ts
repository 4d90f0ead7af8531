import { describe, expect, test } from "vitest";
import { grants } from "./grants.ts";
import { requestOf } from "./request.ts";
import type { PolicyRule } from "./rule.ts";

const rule = (resources: string[], more: Partial<PolicyRule> = {}): PolicyRule => ({ verbs: ["get"], apiGroups: [""], resources, ...more });
const paths = (...nonResourceURLs: string[]): PolicyRule => ({ verbs: ["get"], nonResourceURLs });

describe("a rule grants a request as Kubernetes' authorizer reads it", () => {
  test.each<[string, PolicyRule, string, string, boolean]>([
    ["a resource by its name", rule(["pods"]), "GET", "/api/v1/namespaces/a/pods/p", true],
    ["not another verb", rule(["pods"]), "DELETE", "/api/v1/namespaces/a/pods/p", false],
    ["not another group", rule(["jobs"]), "GET", "/apis/batch/v1/namespaces/a/jobs/j", false],
    ["no subresource with its parent", rule(["pods"]), "GET", "/api/v1/namespaces/a/pods/p/log", false],
    ["no parent with its subresource", rule(["pods/log"]), "GET", "/api/v1/namespaces/a/pods/p", false],
    ["every resource and subresource by a star", rule(["*"]), "GET", "/api/v1/namespaces/a/pods/p/log", true],
    ["a subresource of every resource", rule(["*/log"]), "GET", "/api/v1/namespaces/a/pods/p/log", true],
    ["not its parents", rule(["*/log"]), "GET", "/api/v1/namespaces/a/pods/p", false],
    ["pods/* is no wildcard", rule(["pods/*"]), "GET", "/api/v1/namespaces/a/pods/p/log", false],
    ["no names are all names", rule(["pods"], { resourceNames: [] }), "GET", "/api/v1/namespaces/a/pods/p", true],
    ["a name that is listed", rule(["pods"], { resourceNames: ["p"] }), "GET", "/api/v1/namespaces/a/pods/p", true],
    ["not one that isn't", rule(["pods"], { resourceNames: ["q"] }), "GET", "/api/v1/namespaces/a/pods/p", false],
    ["a star is no name", rule(["pods"], { resourceNames: ["*"] }), "GET", "/api/v1/namespaces/a/pods/p", false],
    ["no collection by names", rule(["pods"], { verbs: ["list"], resourceNames: ["p"] }), "GET", "/api/v1/pods", false],
    [
      "a collection narrowed to the name",
      rule(["pods"], { verbs: ["watch"], resourceNames: ["p"] }),
      "GET",
      "/api/v1/pods?watch=1&fieldSelector=metadata.name=p",
      true,
    ],
    ["no creation by names", rule(["pods"], { verbs: ["create"], resourceNames: ["p"] }), "POST", "/api/v1/namespaces/a/pods", false],
    [
      "a creation on a named subresource",
      rule(["pods/eviction"], { verbs: ["create"], resourceNames: ["p"] }),
      "POST",
      "/api/v1/namespaces/a/pods/p/eviction",
      true,
    ],
    ["a path", paths("/healthz"), "GET", "/healthz", true],
    ["not what follows it", paths("/healthz"), "GET", "/healthz/etcd", false],
    ["what follows a star's prefix", paths("/healthz*"), "GET", "/healthz/etcd", true],
    ["a star inside is a character", paths("/a/*/b"), "GET", "/a/x/b", false],
    ["every path", paths("*"), "GET", "/anything", true],
    ["no object by a path", paths("*"), "GET", "/api/v1/pods", false],
    ["no path by a star of resources", rule(["*"], { verbs: ["*"], apiGroups: ["*"] }), "GET", "/healthz", false],
  ])("%s", (_, granting, method, target, granted) => {
    expect(grants([granting], requestOf(method, target))).toBe(granted ? granting : undefined);
  });
});
