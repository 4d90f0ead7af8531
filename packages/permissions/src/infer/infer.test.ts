import { array, assert, constantFrom, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { requestsOf, type AuditEvent } from "./audit.ts";
import { grants } from "../grants.ts";
import { infer, Inference, unused } from "./infer.ts";
import { namespaceOf, requestOf, type Request } from "../request.ts";

const event = (more: Partial<AuditEvent>): AuditEvent => ({
  auditID: "1",
  stage: "ResponseComplete",
  verb: "get",
  requestURI: "/api/v1/namespaces/a/pods/p",
  user: { username: "ann" },
  objectRef: { resource: "pods", namespace: "a", name: "p" },
  responseStatus: { code: 200 },
  annotations: { "authorization.k8s.io/decision": "allow" },
  ...more,
});
const inferred = (events: AuditEvent[], user?: string): Inference => {
  const inference = new Inference();
  for (const each of events) inference.add(each, user);
  return inference;
};

describe("infer", () => {
  const some: Request[] = [
    ...[
      "/api/v1/namespaces/a/pods/p",
      "/api/v1/namespaces/b/pods/p",
      "/api/v1/pods",
      "/api/v1/namespaces/a/pods",
      "/api/v1/nodes/n",
      "/healthz",
      "/version",
      "/api/v1/namespaces/a/pods/q/log",
    ].map((path) => requestOf("GET", path)),
    requestOf("POST", "/api/v1/namespaces/a/pods"),
    requestOf("DELETE", "/api/v1/namespaces/a/pods/p"),
    requestOf("DELETE", "/api/v1/namespaces/a/pods"),
  ];

  test("grants all that was asked for, in its namespace, and nothing else", () => {
    assert(
      property(array(constantFrom(...some)), (asked) => {
        const roles = infer(asked);
        for (const request of some) {
          const namespace = namespaceOf(request);
          const granted = grants([...roles.cluster, ...(roles.namespaces.get(namespace ?? "") ?? [])], request) !== undefined;
          // Listing the pods of all namespaces is listing those of each.
          const implied =
            "resource" in request && request.verb === "list" && request.namespace === "a" && asked.some((one) => one === some[2]);
          expect(granted).toBe(asked.includes(request) || implied);
        }
      }),
    );
  });

  test("puts each namespace's requests into its own role and keeps names", () => {
    const roles = infer([
      requestOf("GET", "/api/v1/namespaces/a/secrets/s"),
      requestOf("GET", "/api/v1/namespaces/b/secrets/t"),
      requestOf("GET", "/api/v1/nodes"),
    ]);
    expect(roles.cluster).toEqual([{ verbs: ["list"], apiGroups: [""], resources: ["nodes"] }]);
    expect([...roles.namespaces]).toEqual([
      ["a", [{ verbs: ["get"], apiGroups: [""], resources: ["secrets"], resourceNames: ["s"] }]],
      ["b", [{ verbs: ["get"], apiGroups: [""], resources: ["secrets"], resourceNames: ["t"] }]],
    ]);
  });
});

describe("audit events", () => {
  test.each<[string, AuditEvent[], string[]]>([
    ["a request that was received is not yet one that was allowed", [event({ stage: "RequestReceived" })], []],
    ["what the authorizer forbade does not count", [event({ annotations: { "authorization.k8s.io/decision": "forbid" } })], []],
    ["without the annotation a 403 tells it", [event({ annotations: {}, responseStatus: { code: 403 } })], []],
    ["a 403 of admission was allowed by the authorizer", [event({ responseStatus: { code: 403 } })], ["get pods p"]],
    ["a panic was allowed before", [event({ stage: "Panic" })], ["get pods p"]],
    ["a watch counts when it starts", [event({ stage: "ResponseStarted", verb: "watch" })], ["watch pods p"]],
    ["both stages are one request", [event({ stage: "ResponseStarted", verb: "watch" }), event({ verb: "watch" })], ["watch pods p"]],
    ["a created object's name comes from the body", [event({ verb: "create", requestURI: "/api/v1/namespaces/a/pods" })], ["create pods"]],
    ["a name in the path of a create was asked for", [event({ verb: "create" })], ["create pods p"]],
    ["what is too much for the server was not authorized", [event({ annotations: {}, responseStatus: { code: 429 } })], []],
    [
      "what its authorizer fails at was not authorized",
      [event({ annotations: { "authorization.k8s.io/reason": "internal error" }, responseStatus: { code: 500 } })],
      [],
    ],
    [
      "what is not there was allowed, with or without the annotation",
      [event({ annotations: {}, responseStatus: { code: 404 } })],
      ["get pods p"],
    ],
    [
      "the end of a watch hides no other request of its audit ID",
      [event({ stage: "ResponseStarted", verb: "watch" }), event({})],
      ["watch pods p", "get pods p"],
    ],
    [
      "the name of a subresource's parent from the path",
      [event({ verb: "create", objectRef: { resource: "pods", subresource: "eviction", namespace: "a", name: "p" } })],
      ["create pods/eviction p"],
    ],
    [
      "an apply that created needed create too",
      [event({ verb: "patch", responseStatus: { code: 201 } })],
      ["patch pods p", "create pods p"],
    ],
    ["a path loses its query", [{ ...event({ requestURI: "/healthz?verbose=1" }), objectRef: {} }], ["get /healthz"]],
  ])("%s", (_, events, expected) => {
    const seen = inferred(events).requests.map((request) =>
      "path" in request
        ? `${request.verb} ${request.path}`
        : `${request.verb} ${request.resource}${request.subresource ? `/${request.subresource}` : ""}${request.name ? ` ${request.name}` : ""}`,
    );
    expect(seen).toEqual(expected);
  });

  test("an event counts when it is the user's, allowed and not the end of what was counted", () => {
    const inference = new Inference();
    const watch = { verb: "watch", auditID: "2" };
    const events = [
      event({}),
      event({}),
      event({ responseStatus: { code: 403 }, annotations: {} }),
      event({ user: { username: "bob" } }),
      event({ ...watch, stage: "ResponseStarted" }),
      event(watch),
      event({ ...watch, auditID: "3" }),
    ];
    expect(events.map((each) => inference.add(each, "ann"))).toEqual([true, true, false, false, true, false, true]);
  });

  test("a constrained impersonator is charged with the mode's own verbs, and with what the request is about", () => {
    const authenticationMetadata = { impersonationConstraint: "impersonate:user-info" };
    const both = event({ authenticationMetadata, impersonatedUser: { username: "jane", groups: ["devs", "system:authenticated"] } });
    const group = "authentication.k8s.io";
    const [asked] = requestsOf(both, "jane");
    expect(requestsOf(both, both.user?.username)).toEqual([
      { ...asked, verb: `impersonate-on:user-info:${asked?.verb}` },
      { verb: "impersonate:user-info", group, resource: "users", name: "jane" },
      { verb: "impersonate:user-info", group, resource: "groups", name: "devs" },
    ]);
  });

  test.each([
    ["the one they are bound to", "associated-node", "*"],
    ["any", "arbitrary-node", "n1"],
  ])("whoever impersonates a node, %s, is not charged with its group", (_, mode, name) => {
    const constrained = event({
      authenticationMetadata: { impersonationConstraint: `impersonate:${mode}` },
      impersonatedUser: { username: "system:node:n1", groups: ["system:nodes", "system:authenticated"] },
    });
    expect(requestsOf(constrained, constrained.user?.username).slice(1)).toEqual([
      { verb: `impersonate:${mode}`, group: "authentication.k8s.io", resource: "nodes", name },
    ]);
  });

  test("a stream opened by GET counts as create too, unless that was refused", () => {
    const exec = (code: number): string[] =>
      requestsOf(
        event({ verb: "get", objectRef: { resource: "pods", subresource: "exec", name: "p", namespace: "a" }, responseStatus: { code } }),
      ).map(({ verb }) => verb);
    expect([exec(101), exec(403)]).toEqual([["get", "create"], ["get"]]);
  });

  test("a namespace that only the body gives is not where the request is allowed", () => {
    const clusterRole = event({
      verb: "create",
      requestURI: "/apis/rbac.authorization.k8s.io/v1/clusterroles?fieldManager=kubectl",
      objectRef: { apiGroup: "rbac.authorization.k8s.io", resource: "clusterroles", namespace: "a", name: "r" },
    });
    expect(requestsOf(clusterRole)).toEqual([{ verb: "create", group: "rbac.authorization.k8s.io", resource: "clusterroles" }]);
    const updated = { ...clusterRole, verb: "update", requestURI: "/apis/rbac.authorization.k8s.io/v1/clusterroles/r" };
    expect(requestsOf(updated)).toEqual([{ verb: "update", group: "rbac.authorization.k8s.io", resource: "clusterroles", name: "r" }]);
  });

  test("behind an approval, the signer's was asked for, where the log has its name", () => {
    const approval = event({
      verb: "update",
      requestURI: "/apis/certificates.k8s.io/v1/certificatesigningrequests/r/approval",
      objectRef: { apiGroup: "certificates.k8s.io", resource: "certificatesigningrequests", subresource: "approval", name: "r" },
    });
    const [asked, ...none] = requestsOf(approval);
    expect(none).toEqual([]);
    const signer = { verb: "approve", group: "certificates.k8s.io", resource: "signers", name: "kubernetes.io/kubelet-serving" };
    expect(requestsOf({ ...approval, responseObject: { spec: { signerName: signer.name } } })).toEqual([asked, signer]);
    expect(requestsOf({ ...approval, responseObject: { spec: "none" } })).toEqual([asked]);
  });

  test("a ServiceAccount's groups were asked for where others were", () => {
    const groups = ["system:serviceaccounts", "system:serviceaccounts:a", "system:authenticated"];
    const charged = (...more: string[]): string[] =>
      requestsOf(event({ impersonatedUser: { username: "system:serviceaccount:a:robot", groups: [...groups, ...more] } }), "ann").flatMap(
        (request) => ("path" in request || request.resource !== "groups" ? [] : [request.name ?? ""]),
      );
    expect(charged()).toEqual([]);
    expect(charged("devs")).toEqual(["system:serviceaccounts", "system:serviceaccounts:a", "devs"]);
  });

  test("an impersonator is charged with impersonating, and the other with the request", () => {
    const both = event({
      impersonatedUser: {
        username: "system:serviceaccount:a:robot",
        groups: ["system:authenticated", "devs"],
        extra: { scopes: ["view"] },
      },
    });
    const impersonate = { verb: "impersonate" };
    expect(inferred([both], "ann").requests).toEqual([
      { ...impersonate, group: "", resource: "serviceaccounts", name: "robot", namespace: "a" },
      { ...impersonate, group: "", resource: "groups", name: "devs" },
      { ...impersonate, group: "authentication.k8s.io", resource: "userextras", subresource: "scopes", name: "view" },
    ]);
    expect(inferred([both], "system:serviceaccount:a:robot").requests).toEqual([requestOf("GET", "/api/v1/namespaces/a/pods/p")]);
    expect(inferred([both], "bob").requests).toEqual([]);
  });
});

test("requests that only their line breaks tell apart are two", () => {
  const inference = new Inference();
  for (const objectRef of [
    { resource: "pods", name: "p\nb" },
    { resource: "pods", name: "p", namespace: "b\n" },
  ])
    inference.add(event({ objectRef }));
  expect(inference.requests).toHaveLength(2);
});

test("unused atoms are those that no request needed", () => {
  const rules = [{ verbs: ["get", "delete"], apiGroups: [""], resources: ["pods"] }];
  expect(unused(rules, [requestOf("GET", "/api/v1/namespaces/a/pods/p")])).toEqual([{ verb: "delete", group: "", resource: "pods" }]);
});

test("a star that was asked for does not become a wildcard", () => {
  const { cluster, namespaces } = infer(
    ["/foo*", "/api/v1/namespaces/a/*", "/apis/*/v1/secrets", "/healthz"].map((path) => requestOf("GET", path)),
  );
  expect(cluster).toEqual([{ verbs: ["get"], nonResourceURLs: ["/healthz"] }]);
  expect(namespaces.size).toBe(0);
});

describe("what is another the next time", () => {
  const event = (verb: string, uri: string, objectRef: object, code = 200): AuditEvent => ({
    auditID: uri + verb,
    stage: "ResponseComplete",
    verb,
    requestURI: uri,
    user: { username: "ada" },
    objectRef,
    responseStatus: { code },
    annotations: { "authorization.k8s.io/decision": "allow" },
  });
  const at = "/api/v1/namespaces/a";
  const inferred = (...events: AuditEvent[]): Inference => {
    const inference = new Inference();
    for (const one of events) inference.add(one);
    return inference;
  };

  test("a Helm release's Secrets are not held to their revisions, unless that is asked for", () => {
    const name = "sh.helm.release.v1.web.v1";
    const inference = inferred(event("update", `${at}/secrets/${name}`, { resource: "secrets", namespace: "a", name }));
    expect([...inference.fresh]).toMatchObject([[{ name }, ".v1"]]);
    expect(inference.roles().namespaces.get("a")).toEqual([{ verbs: ["update"], apiGroups: [""], resources: ["secrets"] }]);
    expect(inference.roles({ pinned: true }).namespaces.get("a")).toMatchObject([{ resourceNames: [name] }]);
  });

  test("names of one series are seen as such where they stand side by side, whatever is done to them", () => {
    const get = (name: string, namespace: string, verb = "get") =>
      event(verb, `/api/v1/namespaces/${namespace}/configmaps/${name}`, { resource: "configmaps", namespace, name });
    const inference = inferred(get("build-5", "a"), get("build-6", "a", "delete"), get("build-5", "b"));
    expect([...inference.fresh.values()]).toEqual(["5", "6"]);
    expect(inference.roles().namespaces.get("b")).toMatchObject([{ resourceNames: ["build-5"] }]);
  });

  test("neither are objects that the log shows being created, whatever their names", () => {
    const on = { resource: "pods", namespace: "a", name: "driver" };
    const inference = inferred(event("create", `${at}/pods`, on, 201), event("delete", `${at}/pods/driver`, on));
    expect(inference.roles().namespaces.get("a")).toEqual([{ verbs: ["create", "delete"], apiGroups: [""], resources: ["pods"] }]);
  });

  test("an object that was there keeps its name, and so does one that an update or an apply made", () => {
    const on = { resource: "configmaps", namespace: "a", name: "settings" };
    const lease = { apiGroup: "coordination.k8s.io", resource: "leases", namespace: "a", name: "leader" };
    const leases = "/apis/coordination.k8s.io/v1/namespaces/a/leases";
    expect(inferred(event("create", leases, lease, 201), event("update", `${leases}/leader`, lease)).fresh.size).toBe(0);
    const inference = inferred(event("update", `${at}/configmaps/settings`, on, 201), event("get", `${at}/configmaps/settings`, on));
    expect(inference.fresh.size).toBe(0);
    expect(inference.roles().namespaces.get("a")).toMatchObject([{ resourceNames: ["settings"] }]);
  });

  test("a watch that begins with what is there wants the list, too, where a server can't do that", () => {
    const on = { resource: "pods", namespace: "a" };
    const watch = event("watch", `${at}/pods?sendInitialEvents=true&watch=true`, on);
    const list = event("list", `${at}/pods`, on);
    expect(inferred(watch).listedByWatch).toEqual([{ verb: "list", group: "", resource: "pods", namespace: "a" }]);
    expect(inferred(watch).roles().namespaces.get("a")).toEqual([{ verbs: ["list", "watch"], apiGroups: [""], resources: ["pods"] }]);
    expect(inferred(watch, list).listedByWatch).toEqual([]);
    expect(inferred(event("watch", `${at}/pods?watch=true`, on)).listedByWatch).toEqual([]);
  });
});
