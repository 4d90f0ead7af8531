import { Transport } from "@plimsoll/kube";
import { grants, requestOf, type AuditEvent, type PolicyRule } from "@plimsoll/permissions";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { bind, untilAllowed, writeRole } from "../bench/reviews.ts";
import { ask, auditLog, auditOf, type RawAnswer } from "./support/raw-request.ts";

const pods = "/api/v1/namespaces/default/pods";

/** Methods and targets whose verb, resource, names or path are easily taken for others. */
const targets: [method: string, target: string][] = [
  ...["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "TRACE"].flatMap((method): [string, string][] => [
    [method, pods],
    [method, `${pods}/a`],
    [method, "/unheard-of"],
  ]),
  // Lists and watches, with a name or without.
  ...[
    "watch=1",
    "watch",
    "watch=",
    "watch=true",
    "watch=TRUE",
    "watch=no",
    "watch=0",
    "watch=false",
    "watch=False",
    "watch=00",
    "watch=false&watch=true",
    "watch=true&watch=false",
    "Watch=1",
    "watch=1;x",
    "x=1;watch=1",
    "watch%3D1",
    "wat%63h=1",
    "watch=%66alse",
    "watch=%zz",
  ].map((query): [string, string] => ["GET", `${pods}?${query}`]),
  ...[
    "metadata.name=a",
    "metadata.name==a",
    "metadata.name%3Da",
    "metadata.name!=a",
    "metadata.name=",
    "metadata.name=,metadata.name=a",
    "metadata.name=b,metadata.name=a",
    "metadata.name=b,metadata.name==a",
    "metadata.name=a,status.phase=Running",
    "status.phase=Running,metadata.name=a",
    "metadata.name=a,metadata.name!=a",
    "metadata.name!=b,metadata.name=a",
    "metadata.name=a,",
    ",metadata.name=a",
    "metadata.name=a,,",
    "metadata.name=a,x",
    "metadata.name=a=b",
    "metadata.name=a,x%5C=b",
    "metadata.name%5C=a",
    "metadata.name=a%5C,b",
    "metadata.name=a%5C",
    "metadata.name=a%5Cb",
    "metadata.name=a%5C%5C",
    "%20metadata.name=a",
    "metadata.name=+a",
    "metadata.name=a/b",
    "metadata.name=.",
    "metadata.name=..",
    "metadata.name=a%2525",
    "metadata.name=%zz",
    "metadata.name=a;b",
    "metadata.namespace=a",
    "metadata.name=a&fieldSelector=metadata.name=b",
    "&fieldSelector=metadata.name=a",
    "metadata.name=a&limit=5",
    "metadata.name=a&limit=x",
    "metadata.name=a&limit=",
    "metadata.name=a&limit=+5",
    "metadata.name=a&limit=99999999999999999999",
    "metadata.name=a&timeoutSeconds=1s",
    "metadata.name=a&resourceVersion=x&continue=x",
    "metadata.name=a&watch=1&limit=x",
    "=",
    "=,metadata.name=a",
    "metadata.name=%C3%A9",
  ].map((selector): [string, string] => ["GET", `${pods}?fieldSelector=${selector}`]),
  ["HEAD", `${pods}?watch=1&fieldSelector=metadata.name=a`],
  ["POST", `${pods}?watch=1&fieldSelector=metadata.name=a`],
  ["DELETE", `${pods}?fieldSelector=metadata.name=a`],
  ["GET", `${pods}/a?watch=1&fieldSelector=metadata.name=b`],
  // Verbs in the path.
  ...[
    "/api/v1/watch/pods",
    "/api/v1/watch/namespaces/default/pods",
    "/api/v1/watch/namespaces/default/pods/a",
    "/api/v1/watch/namespaces/default/pods/a/log",
    "/api/v1/watch/namespaces/default",
    "/api/v1/watch/namespaces",
    "/api/v1/watch/watch",
    "/apis/batch/v1/watch/jobs?fieldSelector=metadata.name=a",
    "/api/v1/proxy/namespaces/default/pods/a",
    "/api/v1/proxy/namespaces/default/pods/a/b/c",
    "/api/v1/proxy/nodes/n",
  ].flatMap((path): [string, string][] => [
    ["GET", path],
    ["DELETE", path],
  ]),
  // Subresources and what follows them.
  ...["log", "status", "exec?command=x", "proxy", "proxy/", "proxy/deep/path?x=y", "unheard-of/deep"].flatMap(
    (rest): [string, string][] => [
      ["GET", `${pods}/a/${rest}`],
      ["POST", `${pods}/a/${rest}`],
    ],
  ),
  ["POST", `${pods}/a/eviction`],
  ["GET", "/api/v1/namespaces/default/services/https:web:443/proxy/x"],
  ["GET", "/api/v1/namespaces/default/services/https%3Aweb%3A443/proxy"],
  // A Namespace is in itself, and has two subresources.
  ...[
    "",
    "/",
    "/default",
    "/default/",
    "/default/status",
    "/default/finalize",
    "/default/finalize/x",
    "/default/status/x/y",
    "/default/unheard-of",
    "/default/namespaces/x",
    "//pods",
    "//",
    "/default//x",
    "/default/pods//log",
    "/default/namespaces",
  ].flatMap((rest): [string, string][] => [
    ["GET", `/api/v1/namespaces${rest}`],
    ["PUT", `/api/v1/namespaces${rest}`],
  ]),
  ["DELETE", "/api/v1/namespaces"],
  ["GET", "/apis/apps/v1/namespaces/default/status"],
  // Slashes: more, fewer, encoded.
  ...[
    "//api/v1/pods",
    "/api//v1/pods",
    "/api/v1//pods",
    "/api/v1/pods//",
    "/api/v1/pods//a",
    "/api/v1/pods///",
    "/apis//batch/v1/jobs",
    "/apis/batch//v1/jobs",
    "/api%2Fv1%2Fpods",
    "/api/v1/namespaces%2Fdefault%2Fpods",
    `${pods}%2Fa`,
    `${pods}/a%2Flog`,
    `${pods}/a%252Flog`,
    `${pods}/%61`,
    `${pods}/a%3Fb`,
    `${pods}/a%20b`,
    `${pods}/a+b`,
    `${pods}/%C3%A9`,
    `${pods}/%ff`,
    "/api/v1/namespaces/a%2Fb/secrets/%ff",
    `${pods}/..`,
    `${pods}/../secrets`,
    `${pods}/.`,
  ].map((path): [string, string] => ["GET", path]),
  // Unknown kinds, and what only looks like one.
  ...[
    "/apis/unheard-of/v1/things",
    "/apis/unheard-of/v1/namespaces/default/things/a/part",
    "/apis/unheard-of/v1",
    "/apis/batch/v9/jobs",
    "/api/v9/pods",
    "/api/v1/unheard-of/a",
    "/API/v1/pods",
    "/api/v1/Pods",
    "/apiv1/pods",
  ].map((path): [string, string] => ["GET", path]),
  // Paths.
  ...[
    "/",
    "/?x=y",
    "/api",
    "/api/",
    "/api/v1",
    "/api/v1/",
    "/apis",
    "/apis/batch",
    "/apis/batch/",
    "/apis/batch/v1",
    "/apis/batch/v1/",
    "/version",
    "/version/",
    "/healthz?verbose",
    "/healthz/etcd",
    "/openapi/v3?x=y",
    "/openapi/v3/apis/batch/v1",
    "/metrics",
    "/metrics/",
    "//metrics",
    "/metrics%2Fslis",
    "/metr%69cs",
    "/%20x",
    "/x+y",
    "/x;y",
    "/logs/../metrics",
    "/debug/pprof/",
    "/%25zz",
    "/x%3Fy?z",
    "/*",
    "/.well-known/openid-configuration",
  ].flatMap((path): [string, string][] => [
    ["GET", path],
    ["POST", path],
  ]),
];

describe("requestOf reads a method and a target as the API server does", () => {
  const seen = new Map<string, { answer: RawAnswer; event: AuditEvent | undefined }>();

  beforeAll(async () => {
    const mark = await auditLog.mark();
    const answers = await Promise.all(targets.map(([method, target]) => ask(method, target, { as: "nobody" })));
    const events = await auditOf(answers, mark);
    for (const [index, answer] of answers.entries()) seen.set(String(targets[index]), { answer, event: events.get(answer.auditID) });
  });

  test.each(targets)("%s %s", (method, target) => {
    const { answer, event } = seen.get(String([method, target])) ?? {};
    const request = requestOf(method, target);
    expect(event?.verb).toBe(request.verb);
    if ("path" in request) {
      expect(event?.objectRef).toBeUndefined();
      if (answer?.code === 403 && answer.message !== "")
        expect(answer.message).toContain(`cannot ${request.verb} path ${JSON.stringify(request.path)}`);
      else expect(decodeURIComponent(event?.requestURI.replace(/\?.*$/, "") ?? "")).toBe(request.path);
    } else {
      const { verb: _, group, ...rest } = request;
      const { apiVersion: __, ...ref } = { apiVersion: "", resource: "", ...event?.objectRef };
      expect(ref).toEqual({ ...(group && { apiGroup: group }), ...rest });
    }
  });
});

test.concurrent.each(["/api/v1/watch", "/api/v1/proxy", "/apis/batch/v1/watch"])(
  "the API server answers GET %s before it authorizes anything",
  async (target) => {
    expect(await ask("GET", target, { as: "nobody" })).toMatchObject({ code: 500 });
    expect(requestOf("GET", target)).toEqual({ verb: "get", path: target });
  },
);

describe("whoever may read one named pod is let in exactly where grants says so", () => {
  const rules: PolicyRule[] = [{ verbs: ["get", "list", "watch"], apiGroups: [""], resources: ["pods", "pods/log"], resourceNames: ["a"] }];

  beforeAll(async () => {
    const transport = Transport.fromKubeconfig(inject("kubeconfig"));
    await writeRole(transport, { kind: "Role", namespace: "default", name: "reads-one-pod", rules });
    await bind(transport, "reads-one-pod", { kind: "Role", name: "reads-one-pod" }, "default");
    await untilAllowed(transport, "reads-one-pod", { verb: "get", group: "", resource: "pods", namespace: "default", name: "a" });
    await transport.close();
  });

  test.concurrent.each(targets.filter(([method, target]) => method === "GET" && target.includes("pods")))(
    "%s %s",
    async (method, target) => {
      // A watch that is let in goes on until its time is over.
      const answer = await ask(method, target + (target.includes("watch") ? `${target.includes("?") ? "&" : "?"}timeoutSeconds=1` : ""), {
        as: "reads-one-pod",
      });
      const request = requestOf(method, target);
      const reached = "namespace" in request && request.namespace === "default";
      expect(answer.code !== 403, `${answer.code} ${answer.message}`).toBe(reached && grants(rules, request) !== undefined);
    },
  );
});
