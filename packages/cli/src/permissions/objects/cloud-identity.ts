/** The annotations by which clouds give a ServiceAccount an identity of theirs: EKS's IRSA, GKE's and AKS's workload identity. */
const annotations = ["eks.amazonaws.com/role-arn", "iam.gke.io/gcp-service-account", "azure.workload.identity/client-id"];

/** A ServiceAccount that pods can be made to run as. */
export interface Account {
  namespace: string;
  name: string;
  /** Who it is in the cloud, where an annotation says so. */
  identity?: string;
}

/** A ServiceAccount's cloud identity, by its annotations; nothing without one. */
export function identityIn(all: Readonly<Record<string, unknown>> | undefined): { identity?: string } {
  const found = annotations.flatMap((key) => {
    const value = all?.[key];
    return typeof value === "string" && value !== "" ? [value] : [];
  });
  return found.length === 0 ? {} : { identity: found.join(", ") };
}
