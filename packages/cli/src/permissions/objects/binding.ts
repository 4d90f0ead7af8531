import type { Subject } from "kubernetes-types/rbac/v1.d.ts";

/** A binding that a file holds. */
export interface SourcedBinding {
  kind: "RoleBinding" | "ClusterRoleBinding";
  name: string;
  /** Missing where a RoleBinding doesn't say. */
  namespace?: string;
  role: { kind: "Role" | "ClusterRole"; name: string };
  subjects: Subject[];
  source: string;
  line: number;
}
