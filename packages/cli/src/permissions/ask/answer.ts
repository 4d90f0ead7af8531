import {
  grants,
  isAskedWithin,
  isNamespaced,
  secondChecks,
  signerDomain,
  type PolicyRule,
  type Request,
  type ResourceRequest,
  type Scopes,
  type SecondCheck,
} from "@plimsoll/permissions";
import type { SourcedRole } from "../objects/role.ts";

/** Whether roles grant a request, and what the API server may ask on top. */
export interface Answer {
  allowed: boolean;
  by?: GrantedBy;
  secondChecks: (SecondCheck & { allowed: boolean })[];
  /** Roles that would grant it in their own namespaces. */
  elsewhere: SourcedRole[];
}

export interface GrantedBy {
  role: SourcedRole;
  rule: PolicyRule;
  /** The rule's index in its role. */
  index: number;
}

/** Decides as if every role were bound in its own namespace, and every ClusterRole and all bare rules everywhere. */
export function answer(roles: readonly SourcedRole[], request: Request, scopes: Scopes = isNamespaced): Answer {
  const domain = signerDomain(request);
  const by = grantedBy(roles, request) ?? (domain && grantedBy(roles, domain));
  const checks = secondChecks(request).map((check) => ({ ...check, allowed: grantedBy(roles, check.request) !== undefined }));
  return {
    allowed: by !== undefined,
    ...(by === undefined ? {} : { by }),
    secondChecks: checks,
    elsewhere:
      by === undefined && !("path" in request) && canBeWithin(request, scopes)
        ? roles.filter((role) => !counts(role, request) && grants(role.rules, request) !== undefined)
        : [],
  };
}

/** Whether a request is made within a namespace, were one named. */
function canBeWithin({ verb, group, resource, subresource }: ResourceRequest, scopes: Scopes): boolean {
  const whole = subresource === undefined ? resource : `${resource}/${subresource}`;
  return scopes(group, resource) !== false || isAskedWithin({ verb, group, resource: whole });
}

/** The first rule that grants a request, among the roles that count for it. */
export function grantedBy(roles: readonly SourcedRole[], request: Request): GrantedBy | undefined {
  for (const role of roles) {
    const rule = counts(role, request) ? grants(role.rules, request) : undefined;
    if (rule !== undefined) return { role, rule, index: role.rules.indexOf(rule) };
  }
  return undefined;
}

/** A Role counts within a namespace only, and where it says which, within that one. */
export function counts({ kind, namespace }: SourcedRole, request: Request): boolean {
  if (kind !== "Role") return true;
  return !("path" in request) && request.namespace !== undefined && (namespace === undefined || namespace === request.namespace);
}
