import * as z from "zod";

// Schemas are made when there is something to read by them, as to make these takes as long as to read a file of roles.
const metadata = z.lazy(() => z.looseObject({ name: z.string(), namespace: z.string().nullish() }));
const subject = z.lazy(() => z.looseObject({ kind: z.string(), name: z.string(), namespace: z.string().nullish() }));

/** A RoleBinding or ClusterRoleBinding as a file has it; OpenShift's name no kind of role, but the Role's namespace, and may name users and groups. */
export const binding = z.lazy(() =>
  z.looseObject({
    kind: z.enum(["RoleBinding", "ClusterRoleBinding"]),
    metadata,
    roleRef: z.looseObject({ kind: z.string().optional(), name: z.string(), namespace: z.string().nullish() }),
    subjects: z.array(subject).nullish(),
    userNames: z.array(z.string()).nullish(),
    groupNames: z.array(z.string()).nullish(),
  }),
);

const permissions = z.lazy(() => z.array(z.looseObject({ serviceAccountName: z.string(), rules: z.array(z.unknown()) })).nullish());

/** What the Operator Lifecycle Manager makes roles and bindings of (operators.coreos.com/v1alpha1). */
export const clusterServiceVersion = z.lazy(() =>
  z.looseObject({
    metadata,
    spec: z.looseObject({ install: z.looseObject({ spec: z.looseObject({ permissions, clusterPermissions: permissions }) }) }),
  }),
);
