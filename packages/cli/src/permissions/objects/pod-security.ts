/**
 * Whether a Namespace's labels let privileged pods in, which hold the node that they run on (https://kubernetes.io/docs/concepts/security/pod-security-standards/).
 * What has no label follows the API server's own configuration, which can't be read.
 */
export function allowsPrivileged(labels: Readonly<Record<string, unknown>> | undefined): boolean {
  return labels?.["pod-security.kubernetes.io/enforce"] === "privileged";
}
