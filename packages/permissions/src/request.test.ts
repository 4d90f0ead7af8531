import { describe, expect, test } from "vitest";
import { nameSelected } from "./field-selector.ts";
import { requestOf, type Request } from "./request.ts";

const pods = { group: "", resource: "pods" };
const a = { namespace: "a" };

describe("a request is what RequestInfoFactory makes of method and path", () => {
  test.each<[string, string, Request]>([
    ["GET", "/api/v1/namespaces/a/pods/p", { verb: "get", ...pods, ...a, name: "p" }],
    ["HEAD", "/api/v1/namespaces/a/pods/p", { verb: "get", ...pods, ...a, name: "p" }],
    ["GET", "/api/v1/namespaces/a/pods", { verb: "list", ...pods, ...a }],
    ["GET", "/api/v1/pods?limit=5", { verb: "list", ...pods }],
    ["GET", "/api/v1/pods?watch=true", { verb: "watch", ...pods }],
    ["GET", "/api/v1/pods?watch=", { verb: "watch", ...pods }],
    ["GET", "/api/v1/pods?watch=0", { verb: "list", ...pods }],
    ["GET", "/api/v1/pods?watch=False", { verb: "list", ...pods }],
    ["GET", "/api/v1/namespaces/a/pods?watch=1&fieldSelector=metadata.name%3Dp", { verb: "watch", ...pods, ...a, name: "p" }],
    ["GET", "/api/v1/namespaces/a/pods?fieldSelector=metadata.name=p,spec.nodeName=n", { verb: "list", ...pods, ...a, name: "p" }],
    ["GET", "/api/v1/namespaces/a/pods?fieldSelector=metadata.name!%3Dp", { verb: "list", ...pods, ...a }],
    ["GET", "/api/v1/namespaces/a/pods?fieldSelector=metadata.name=p&limit=5", { verb: "list", ...pods, ...a, name: "p" }],
    ["GET", "/api/v1/namespaces/a/pods?watch=1&fieldSelector=metadata.name=p&limit=x", { verb: "watch", ...pods, ...a }],
    ["GET", "/api/v1/namespaces/a/pods?fieldSelector=metadata.name=p&timeoutSeconds=9223372036854775808", { verb: "list", ...pods, ...a }],
    ["GET", "/api/v1/namespaces/a/pods?watch=1;x&fieldSelector=metadata.name=%zz", { verb: "list", ...pods, ...a }],
    ["GET", "/api/v1/watch/namespaces/a/pods", { verb: "watch", ...pods, ...a }],
    ["GET", "/api/v1/watch/namespaces/a/pods/p", { verb: "watch", ...pods, ...a, name: "p" }],
    ["GET", "/api/v1/proxy/namespaces/a/pods/p/x", { verb: "proxy", ...pods, ...a, name: "p" }],
    ["GET", "/api/v1/watch", { verb: "get", path: "/api/v1/watch" }],
    ["POST", "/api/v1/namespaces/a/pods", { verb: "create", ...pods, ...a }],
    ["POST", "/api/v1/namespaces/a/pods/p/eviction", { verb: "create", ...pods, ...a, name: "p", subresource: "eviction" }],
    [
      "PUT",
      "/apis/batch/v1/namespaces/a/jobs/j/status",
      { verb: "update", group: "batch", resource: "jobs", ...a, name: "j", subresource: "status" },
    ],
    ["PATCH", "/apis/batch/v1/namespaces/a/jobs/j", { verb: "patch", group: "batch", resource: "jobs", ...a, name: "j" }],
    ["DELETE", "/api/v1/namespaces/a/pods/p", { verb: "delete", ...pods, ...a, name: "p" }],
    ["DELETE", "/api/v1/namespaces/a/pods?fieldSelector=metadata.name=p", { verb: "deletecollection", ...pods, ...a }],
    ["GET", "/api/v1/namespaces/a/pods/p/proxy/deep/path", { verb: "get", ...pods, ...a, name: "p", subresource: "proxy" }],
    ["GET", "/api/v1/namespaces", { verb: "list", group: "", resource: "namespaces" }],
    ["GET", "/api/v1/namespaces/a", { verb: "get", group: "", resource: "namespaces", ...a, name: "a" }],
    [
      "PUT",
      "/api/v1/namespaces/a/finalize",
      { verb: "update", group: "", resource: "namespaces", ...a, name: "a", subresource: "finalize" },
    ],
    ["PATCH", "/api/v1/namespaces/a/status", { verb: "patch", group: "", resource: "namespaces", ...a, name: "a", subresource: "status" }],
    ["OPTIONS", "/api/v1/pods", { verb: "", ...pods }],
    [
      "GET",
      "/api/v1/namespaces/a/services/https%3Aweb%3A443/proxy",
      { verb: "get", group: "", resource: "services", ...a, name: "https:web:443", subresource: "proxy" },
    ],
    ["GET", "/api/v1/namespaces/a%2Fpods%2Fp", { verb: "get", ...pods, ...a, name: "p" }],
    ["GET", "/api/v1", { verb: "get", path: "/api/v1" }],
    ["GET", "/apis/batch/v1", { verb: "get", path: "/apis/batch/v1" }],
    ["POST", "/healthz?verbose", { verb: "post", path: "/healthz" }],
    ["GET", "/", { verb: "get", path: "/" }],
    ["GET", "/openapi/v3/apis/batch/v1", { verb: "get", path: "/openapi/v3/apis/batch/v1" }],
  ])("%s %s", (method, target, expected) => {
    expect(requestOf(method, target)).toEqual(expected);
  });
});

describe("a field selector names an object only as the server reads it", () => {
  test.each([
    ["metadata.name=a", "a"],
    ["metadata.name==a", "a"],
    ["metadata.name!=a", ""],
    ["metadata.name=", ""],
    ["metadata.name=b,metadata.name=a", "a"],
    ["metadata.name=,metadata.name=a", ""],
    ["metadata.name=a,x\\=b", "a"],
    [" metadata.name=a", ""],
    ["metadata.name=a,spoilt", ""],
    ["metadata.name=a=b", ""],
    ["metadata.name=a/b", ""],
    ["metadata.name=..", ""],
    ["metadata.name=a%b", ""],
    ["metadata.namespace=a", ""],
    ["", ""],
  ])("%s", (selector, name) => {
    expect(nameSelected(selector)).toBe(name);
  });
});
