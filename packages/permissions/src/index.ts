export {
  atomKey,
  atoms,
  atomText,
  objectText,
  requestFor,
  resourceText,
  ruleFor,
  ruleOf,
  type Atom,
  type PathAtom,
  type ResourceAtom,
} from "./atoms.ts";
export { listsByWatch, requestsOf, type AuditEvent, type AuditUser } from "./infer/audit.ts";
export { compact } from "./minimise/index.ts";
export { covers, diff } from "./covers.ts";
export { nameSelected } from "./field-selector.ts";
export { freshParts } from "./infer/fresh-name.ts";
export { grants } from "./grants.ts";
export { infer, Inference, unused, type InferredRoles, type RolesOptions } from "./infer/infer.ts";
export { intersect, subtract } from "./intersect.ts";
export {
  extraVerbs,
  isKubernetesGroup,
  isNamespaced,
  kubeletSubresources,
  kubernetesResources,
  usedResources,
  virtualResources,
  type KubernetesResource,
} from "./kubernetes-resources.ts";
export { namespaceOf, requestOf, type PathRequest, type Request, type ResourceRequest } from "./request.ts";
export { ineffective, objectVerbs } from "./ineffective.ts";
export type { PolicyRule } from "./rule.ts";
export { signerDomain } from "./signer-domain.ts";
export { secondChecks, type SecondCheck } from "./second-checks.ts";
export { beyondNamespaces, heldWithin, isAskedWithin, type Scopes } from "./within-namespace.ts";
