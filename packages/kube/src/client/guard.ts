import { grants, namespaceOf, requestOf, type Request } from "@plimsoll/permissions";
import { UndeclaredCallError } from "../errors.ts";
import type { DeclaredRule } from "./declared-rule.ts";
import { takesIn, type Namespaces } from "./scope.ts";
import { targetOf, type ApiRequest, type Sender } from "../transport/api-request.ts";

export interface Guard {
  feature: string;
  rules: readonly DeclaredRule[];
  namespaces: Namespaces;
  onUndeclared: (error: UndeclaredCallError) => void;
}

/** Judges a request as the API server's authorizer will see it; throws an UndeclaredCallError for what was not declared. */
export function judge({ feature, rules, namespaces, onUndeclared }: Guard, request: Request): void {
  if (rules.some((rule) => takesIn(rule.scope, namespaces, namespaceOf(request)) && grants([rule], request))) return;
  const error = new UndeclaredCallError(
    feature,
    request,
    rules.filter((rule) => isLike(rule, request)),
    namespaces,
  );
  onUndeclared(error);
  throw error;
}

/** Sends what was declared, and nothing else. */
export function guarded(sender: Sender, guard: Guard): Sender {
  const checked = ({ query = {}, ...rest }: ApiRequest): ApiRequest => {
    // Texts don't change between this look at them and the sending.
    const sent = {
      ...rest,
      query: Object.fromEntries(Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))),
    };
    judge(guard, requestOf(sent.method, targetOf(sent)));
    return sent;
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
