interface Entry extends Record<string, unknown> {
  protoPayload: Record<string, unknown>;
}

/**
 * The audit event that an entry of Cloud Logging stands for, none for other services' entries; undefined where its form isn't known. One entry is one request, without its query, its
 * HTTP code, the user's groups and who impersonated. `methodName` ends in the resource, its subresource if any, and the verb, as in
 * `io.k8s.core.v1.pods.exec.create`; `resourceName` is the path, as in `core/v1/namespaces/shop/pods/web-0/exec`.
 */
export function gkeEvent({ protoPayload, labels, insertId, timestamp }: Entry): unknown[] | undefined {
  const { serviceName, methodName, resourceName, authenticationInfo, authorizationInfo, status } = protoPayload;
  if (serviceName !== "k8s.io" || typeof methodName !== "string" || typeof resourceName !== "string") return [];
  const request = asked(methodName, resourceName);
  if (request === undefined) return undefined;
  const code = fieldOf(status, "code");
  // 7 is PERMISSION_DENIED.
  const isRefused = code === 7 || (Array.isArray(authorizationInfo) && authorizationInfo.some((one) => fieldOf(one, "granted") !== true));
  return [
    {
      auditID: insertId,
      stage: "ResponseComplete",
      ...request,
      user: { username: fieldOf(authenticationInfo, "principalEmail") },
      ...(code === 7 && { responseStatus: { code: 403 } }),
      annotations: {
        "authorization.k8s.io/decision": fieldOf(labels, "authorization.k8s.io/decision") ?? (isRefused ? "forbid" : "allow"),
      },
      requestReceivedTimestamp: timestamp,
    },
  ];
}

/** Nothing where there is no version in front of a resource and a verb, as it is for paths that are none. */
function asked(methodName: string, resourceName: string): object | undefined {
  const method = methodName.split(".");
  const version = method.findIndex((part) => /^v\d+((alpha|beta)\d+)?$/.test(part));
  const [resource, ...more] = version < 0 ? [] : method.slice(version + 1);
  const verb = more.pop();
  if (resource === undefined || verb === undefined) return undefined;
  const [first = "", versionInPath = "", ...path] = resourceName.split("/");
  const group = first === "core" ? "" : first;
  const isWithin = path[0] === "namespaces" && resource !== "namespaces";
  const namespace = path[0] === "namespaces" ? path[1] : undefined;
  const subresource = more[0];
  const inPath = isWithin ? path[3] : path[1];
  // The name that a body has may stand there, as it does in kube-apiserver's own events.
  const name = verb === "create" && subresource === undefined ? undefined : inPath;
  const root = group === "" ? "/api" : `/apis/${group}`;
  const parts = [...(isWithin ? ["namespaces", namespace] : []), resource, name, subresource].filter((part) => part !== undefined);
  return {
    verb,
    requestURI: [root, versionInPath, ...parts].join("/"),
    objectRef: { apiGroup: group, resource, subresource, namespace, name: inPath },
  };
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
