import { checkNamespace, roles, type RbacObject } from "@plimsoll/controller/roles";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkArguments, checkNames } from "./arguments.ts";

/** Which of Plimsoll's features get roles, and where. */
export interface PlimsollRolesArgs {
  /** Names of Plimsoll's features, as in `pipelines`; without it, those that are on by default. */
  features?: readonly string[];
  /** The namespaces in which Plimsoll works: there it gets Roles. Without it, the whole cluster. */
  namespaces?: readonly string[];
  /** One ServiceAccount for all features (`shared`, the default), or one for each (`feature`). */
  isolation?: "shared" | "feature";
  /** The namespace of the ServiceAccounts, which must exist; by default `plimsoll-system`. */
  namespace?: string;
}

/**
 * All that Plimsoll's features need of RBAC: ServiceAccounts, roles and their bindings.
 * A mistake in the arguments throws a `pulumi.RunError` that names the argument, before anything is registered.
 */
export class PlimsollRoles extends pulumi.ComponentResource {
  /** Of the ServiceAccounts in `namespace`. */
  readonly serviceAccountNames: pulumi.Output<string[]>;
  /** None where `namespaces` turns every right into Roles. */
  readonly clusterRoleNames: pulumi.Output<string[]>;

  constructor(name: string, args: PlimsollRolesArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const objects = objectsFor(args);
    super("plimsoll:rbac:PlimsollRoles", name, {}, opts);
    const make = (object: RbacObject, dependsOn: pulumi.Resource[]): pulumi.CustomResource =>
      resourceOf(`${name}:${object.kind}:${placeOf(object)}`, object, { parent: this, dependsOn });
    const granted = objects.filter((object) => !isBinding(object)).map((object) => make(object, []));
    // Who doesn't hold a role's rights may bind it only when it is there to be looked at.
    for (const binding of objects.filter(isBinding)) make(binding, granted);
    this.serviceAccountNames = pulumi.output(
      granted.flatMap((resource) => (kubernetes.core.v1.ServiceAccount.isInstance(resource) ? [resource.metadata.name] : [])),
    );
    this.clusterRoleNames = pulumi.output(
      granted.flatMap((resource) => (kubernetes.rbac.v1.ClusterRole.isInstance(resource) ? [resource.metadata.name] : [])),
    );
    this.registerOutputs({ serviceAccountNames: this.serviceAccountNames, clusterRoleNames: this.clusterRoleNames });
  }
}

function objectsFor(args: PlimsollRolesArgs): RbacObject[] {
  checkArguments(args, ["features", "namespaces", "isolation", "namespace"] satisfies (keyof PlimsollRolesArgs)[]);
  const { features, namespaces, isolation, namespace } = args;
  if (namespaces?.length === 0)
    throw new pulumi.RunError("namespaces: is an empty list: name the namespaces, or leave it out for the whole cluster");
  checkNames("namespaces", namespaces ?? [], checkNamespace);
  checkNames("namespace", namespace === undefined ? [] : [namespace], checkNamespace);
  if (features?.length === 0)
    throw new pulumi.RunError("features: is an empty list: name the features, or leave it out for those that are on by default");
  if (isolation !== undefined && isolation !== "shared" && isolation !== "feature")
    throw new pulumi.RunError(`isolation: is "${String(isolation)}": must be shared or feature`);
  try {
    return roles({ features: features && [...new Set(features)], namespaces, isolation, namespace });
  } catch (error) {
    throw new pulumi.RunError(`features: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function isBinding({ kind }: RbacObject): boolean {
  return kind === "ClusterRoleBinding" || kind === "RoleBinding";
}

function placeOf({ metadata }: RbacObject): string {
  return "namespace" in metadata ? `${metadata.namespace}/${metadata.name}` : metadata.name;
}

function resourceOf(name: string, object: RbacObject, opts: pulumi.CustomResourceOptions): pulumi.CustomResource {
  switch (object.kind) {
    case "ServiceAccount":
      return new kubernetes.core.v1.ServiceAccount(name, object, opts);
    case "ClusterRole":
      return new kubernetes.rbac.v1.ClusterRole(name, object, opts);
    case "ClusterRoleBinding":
      return new kubernetes.rbac.v1.ClusterRoleBinding(name, object, opts);
    case "Role":
      return new kubernetes.rbac.v1.Role(name, object, opts);
    case "RoleBinding":
      return new kubernetes.rbac.v1.RoleBinding(name, object, opts);
  }
}
