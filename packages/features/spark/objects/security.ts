type Map = Readonly<Record<string, unknown>>;

/** The user that Spark's own images run as. */
const sparkUser = 185;

/** The restricted Pod Security Standard, but for what the application says of the pod. */
export function podSecurity(own: Map = {}): Record<string, unknown> {
  return {
    runAsNonRoot: true,
    runAsUser: sparkUser,
    runAsGroup: sparkUser,
    fsGroup: sparkUser,
    seccompProfile: { type: "RuntimeDefault" },
    ...own,
  };
}

/** The same of a container. */
export function containerSecurity(own: Map = {}): Record<string, unknown> {
  // Kubernetes refuses a privileged container that may not escalate.
  return {
    ...(own["privileged"] === true ? {} : { allowPrivilegeEscalation: false }),
    ...own,
    capabilities: { drop: ["ALL"], ...(own["capabilities"] as Map | undefined) },
  };
}

/** A container of the application's own. */
export function restricted(container: Map): Record<string, unknown> {
  return { ...container, securityContext: containerSecurity(container["securityContext"] as Map | undefined) };
}
