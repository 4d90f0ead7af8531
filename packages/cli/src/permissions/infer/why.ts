import { count } from "@plimsoll/api/text";
import { listsByWatch, requestsOf, type Request } from "@plimsoll/permissions";
import type { LoggedEvent } from "@plimsoll/permissions/audit-log";
import { UsageError } from "../../failure.ts";
import { tableOf } from "../format.ts";
import { resolveResource } from "../ask/resource-name.ts";
import { formatRequest } from "../text.ts";
import { visible } from "../../output/visible.ts";

/** So many events are shown; the others are counted. */
const shown = 20;

/** The events that gave a grant, as `get secrets`, `create pods/exec`, `get secrets db`, `get secrets in shop` or `get /version`; a list may be given by a watch. */
export class Why {
  readonly #grant: string;
  readonly #fits: (request: Request) => boolean;
  readonly #user: string | undefined;
  readonly #refused: boolean;
  readonly #events: { event: LoggedEvent; request: Request }[] = [];
  #total = 0;

  /** Throws a UsageError for what is no grant. */
  constructor(grant: string, { user, refused = false }: { user?: string | undefined; refused?: boolean | undefined } = {}) {
    this.#grant = grant;
    this.#user = user;
    this.#refused = refused;
    const [, asked = grant, namespace] = /^(.*\S)\s+in\s+(\S+)$/.exec(grant.trim()) ?? [];
    const [verb = "", on, quoted, ...rest] = asked.trim().split(/\s+/);
    if (on === undefined || rest.length > 0)
      throw new UsageError(`--why ${grant}: write a verb and what it is on, as in "get secrets" or "get secrets db"`);
    const name = quoted?.replace(/^"(.*)"$/, "$1");
    if (on.startsWith("/")) this.#fits = (request) => "path" in request && request.verb === verb && request.path === on;
    else {
      const { group, resource, subresource } = resolveResource(on, { verb });
      this.#fits = (request) =>
        !("path" in request) &&
        request.verb === verb &&
        request.group === group &&
        request.resource === resource &&
        (request.subresource ?? "") === (subresource ?? "") &&
        (name === undefined || request.name === name) &&
        (namespace === undefined || request.namespace === namespace);
    }
  }

  add(event: LoggedEvent): void {
    const listed = listsByWatch(event);
    const request = requestsOf(event, this.#user, { refused: this.#refused }).find(
      (request) => this.#fits(request) || (listed && request.verb === "watch" && this.#fits({ ...request, verb: "list" })),
    );
    if (request === undefined) return;
    this.#total++;
    if (this.#events.length < shown) this.#events.push({ event, request });
  }

  get data(): object {
    return {
      events: this.#total,
      first: this.#events.map(({ event, request }) => ({
        time: timeOf(event),
        user: event.user?.username,
        auditID: event.auditID,
        userAgent: event.userAgent,
        requestURI: event.requestURI,
        code: event.responseStatus?.code,
        request,
      })),
    };
  }

  get text(): string {
    const table = tableOf(
      ["TIME", "USER", "REQUEST", "CODE", "AUDIT ID", "CLIENT"],
      this.#events.map(({ event, request }) => [
        timeOf(event) ?? "",
        visible(event.user?.username ?? ""),
        formatRequest(request),
        String(event.responseStatus?.code ?? ""),
        event.auditID,
        visible(event.userAgent?.split(" ")[0] ?? ""),
      ]),
    );
    return this.#total > shown ? `${table}\n… and ${this.#total - shown} more` : table;
  }

  /** Nothing in the log gave it, or how many events did. */
  get summary(): string {
    return `${count(this.#total, "event")} for ${this.#grant}`;
  }

  get isEmpty(): boolean {
    return this.#total === 0;
  }
}

function timeOf({ requestReceivedTimestamp, stageTimestamp }: LoggedEvent): string | undefined {
  return requestReceivedTimestamp ?? stageTimestamp;
}
