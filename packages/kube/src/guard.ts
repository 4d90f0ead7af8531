import { grants, requestOf, type Request } from "@plimsoll/permissions";
import { UndeclaredCallError } from "./errors.ts";
import type { DeclaredRule } from "./declared-rule.ts";
import { takesIn, type Namespaces } from "./scope.ts";
import { targetOf, type ApiRequest, type Sender } from "./transport.ts";

export interface Guard {
  feature: string;
  rules: readonly DeclaredRule[];
  namespaces: Namespaces;
  onUndeclared: (error: UndeclaredCallError) => void;
}

/** Sends what was declared, and nothing else: each request is judged as the API server's authorizer will see it. */
export function guarded(sender: Sender, { feature, rules, namespaces, onUndeclared }: Guard): Sender {
  const check = (sent: ApiRequest): void => {
    const request = requestOf(sent.method, targetOf(sent));
    if (rules.some((rule) => takesIn(rule.scope, namespaces, namespaceOf(request)) && grants([rule], request))) return;
    const error = new UndeclaredCallError(feature, request, rules.filter((rule) => isLike(rule, request)), namespaces);
    onUndeclared(error);
    throw error;
  };
  return {
    request: async (sent) => {
      check(sent);
      return sender.request(sent);
    },
    stream: async (sent) => {
      check(sent);
      return sender.stream(sent);
    },
  };
}

/** Whether a rule is about the same verb and resource, though perhaps of other names or namespaces. */
function isLike(rule: DeclaredRule, request: Request): boolean {
  return grants([{ verbs: rule.verbs, apiGroups: rule.apiGroups, resources: rule.resources }], request) !== undefined;
}

function namespaceOf(request: Request): string | undefined {
  return "path" in request ? undefined : request.namespace;
}
