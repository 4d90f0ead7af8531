import * as z from "zod";

const subject = z.looseObject({ kind: z.string(), name: z.string(), namespace: z.string().nullish() });
const metadata = z.looseObject({ name: z.string(), namespace: z.string().nullish() });

/** A RoleBinding or ClusterRoleBinding as a file has it; OpenShift's name no kind of role, but the Role's namespace. */
export const binding = z.looseObject({
  kind: z.enum(["RoleBinding", "ClusterRoleBinding"]),
  metadata,
  roleRef: z.looseObject({ kind: z.string().optional(), name: z.string(), namespace: z.string().nullish() }),
  subjects: z.array(subject).nullish(),
});

const permissions = z.array(z.looseObject({ serviceAccountName: z.string(), rules: z.array(z.unknown()) })).nullish();

/** What the Operator Lifecycle Manager makes roles and bindings of (operators.coreos.com/v1alpha1). */
export const clusterServiceVersion = z.looseObject({
  metadata,
  spec: z.looseObject({ install: z.looseObject({ spec: z.looseObject({ permissions, clusterPermissions: permissions }) }) }),
});
