import { grants, namespaceOf, requestOf, type Request } from "@plimsoll/permissions";
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
  const checked = ({ query = {}, ...rest }: ApiRequest): ApiRequest => {
    // Texts don't change between this look at them and the sending.
    const sent = {
      ...rest,
      query: Object.fromEntries(Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))),
    };
    const request = requestOf(sent.method, targetOf(sent));
    if (rules.some((rule) => takesIn(rule.scope, namespaces, namespaceOf(request)) && grants([rule], request))) return sent;
    const error = new UndeclaredCallError(
      feature,
      request,
      rules.filter((rule) => isLike(rule, request)),
      namespaces,
    );
    onUndeclared(error);
    throw error;
  };
  return {
    request: async (request) => sender.request(checked(request)),
    stream: async (request) => sender.stream(checked(request)),
  };
}

/** Whether a rule is about the same verb and resource, though perhaps of other names or namespaces. */
function isLike(rule: DeclaredRule, request: Request): boolean {
  return grants([{ verbs: rule.verbs, apiGroups: rule.apiGroups, resources: rule.resources }], request) !== undefined;
}
