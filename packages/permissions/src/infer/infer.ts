import type { AuditEvent } from "./audit.ts";
import { freshParts } from "./fresh-name.ts";
import { gatheredFrom, type Gathered } from "./gathered.ts";
import { atoms, ruleFor, ruleOf, type Atom } from "../atoms.ts";
import { compact } from "../minimise/index.ts";
import { generalised, type Limits } from "./generalised.ts";
import { grants, ruleGrants } from "../grants.ts";
import { keyOf } from "../key.ts";
import { namespaceOf, type Request, type ResourceRequest } from "../request.ts";
import type { PolicyRule } from "../rule.ts";
import { hasStages, Stages } from "./stages.ts";

/** What to bind for the whole cluster, and what in each namespace. */
export interface InferredRoles {
  cluster: PolicyRule[];
  namespaces: Map<string, PolicyRule[]>;
}

/**
 * The least roles that grant the requests: nothing that wasn't asked for. Requests for paths, for cluster-scoped objects and across
 * all namespaces make the ClusterRole; those within a namespace make its Role, where the ClusterRole doesn't grant them already.
 * Every name a request has is kept, for the authorizer sees it. A plain `create` of a collection has none, so RBAC cannot restrict
 * it (https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources).
 * A least role can still lack what was not seen: that is the log's limit, not widened by guesses. A request for a star (`/apis/*`, which
 * finds nothing) is left out: in a rule that would be everything.
 */
export function infer(requests: Iterable<Request>): InferredRoles {
  const cluster: PolicyRule[] = [];
  const within = new Map<string, Request[]>();
  for (const request of requests) {
    if (asksForStar(request)) continue;
    const namespace = namespaceOf(request);
    if (namespace === undefined) {
      cluster.push(ruleFor(request));
      continue;
    }
    const others = within.get(namespace);
    if (others === undefined) within.set(namespace, [request]);
    else others.push(request);
  }
  const wide = compact(cluster);
  const namespaces = new Map<string, PolicyRule[]>();
  for (const namespace of [...within.keys()].sort()) {
    const rules = (within.get(namespace) ?? []).filter((request) => grants(wide, request) === undefined).map(ruleFor);
    if (rules.length > 0) namespaces.set(namespace, compact(rules));
  }
  return { cluster: wide, namespaces };
}

/** How far roles go beyond what was seen. */
export interface RolesOptions extends Limits {
  /** Names that are new each time are kept, too. */
  pinned?: boolean;
}

/** Adds up audit events one by one, in memory that grows with the distinct requests and the open watches only. */
export class Inference {
  readonly #requests = new Map<string, Request>();
  readonly #listed = new Map<string, Request>();
  readonly #created = new Set<string>();
  readonly #stages = new Stages();

  /** Whether the event counted. `user`: whose requests count; without it, everybody's. `refused`: what was refused counts, instead of what was allowed. */
  add(event: AuditEvent, user?: string, options: { refused?: boolean } = {}): boolean {
    const gathered = gatheredFrom(event, user, options);
    if (gathered === undefined) return false;
    this.merge(gathered);
    // Clients may choose audit IDs, so what is asked for under a known one is added all the same.
    return !hasStages(event) || !this.#stages.isSecond(event.stage === "ResponseStarted", event.auditID);
  }

  /** Adds what was gathered elsewhere, and gives back what of it was new; the rest is known. */
  merge({ requests, listed, created }: Gathered): Gathered {
    return {
      requests: requests.filter(([key, request]) => !this.#requests.has(key) && this.#requests.set(key, request)),
      listed: listed.filter(([key, request]) => !this.#listed.has(key) && this.#listed.set(key, request)),
      created: created.filter((key) => !this.#created.has(key) && this.#created.add(key)),
    };
  }

  /** The distinct requests seen. */
  get requests(): Request[] {
    return [...this.#requests.values()];
  }

  /** Lists that a watch stood in for, which other servers want; those that were asked for themselves are left out. */
  get listedByWatch(): Request[] {
    return [...this.#listed].flatMap(([key, request]) => (this.#requests.has(key) ? [] : [request]));
  }

  /**
   * Requests by a name that is another the next time, each with the part of it that is new, a counter or a random part; undefined
   * for an object that was created before, by whoever is looked at. A role that is held to such a name stops its holder the next time.
   */
  get fresh(): Map<ResourceRequest, string | undefined> {
    const found = new Map<ResourceRequest, string | undefined>();
    const named = this.requests.filter(isHeldToName);
    // Names make a series where they stand side by side.
    for (const [, requests] of Map.groupBy(named, ({ group, resource, namespace }) => keyOf([group, resource, namespace]))) {
      const parts = freshParts(requests.map(({ name }) => name));
      for (const request of requests) {
        const { group, resource, namespace, name } = request;
        if (parts.has(name) || this.#created.has(keyOf([group, resource, namespace, name]))) found.set(request, parts.get(name));
      }
    }
    return found;
  }

  /** Lists that a watch stood in for are granted. */
  roles({ pinned = false, ...limits }: RolesOptions = {}): InferredRoles {
    const fresh = pinned ? undefined : this.fresh;
    const requests = [...this.requests, ...this.listedByWatch].map((request) => {
      if ("path" in request || !fresh?.has(request)) return request;
      const { name: _, ...unnamed } = request;
      return unnamed;
    });
    return infer(generalised(requests, limits));
  }
}

/** Verbs whose names are of people, groups and signers. */
const asksAbout = new Set(["impersonate", "approve", "sign", "attest"]);

function isHeldToName(request: Request): request is ResourceRequest & { name: string } {
  if ("path" in request || request.name === undefined || request.group === "authentication.k8s.io" || asksAbout.has(request.verb))
    return false;
  // A Lease is what it is by its name.
  return !(request.group === "coordination.k8s.io" && request.resource === "leases");
}

/** The atoms of a role that none of the requests used. */
export function unused(rules: readonly PolicyRule[], requests: readonly Request[]): Atom[] {
  return atoms(rules).filter((atom) => {
    const rule = ruleOf(atom);
    return !requests.some((request) => ruleGrants(rule, request));
  });
}

function asksForStar(request: Request): boolean {
  if (request.verb === "*") return true;
  return "path" in request ? request.path.endsWith("*") : request.group === "*" || request.resource === "*";
}
