import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import * as z from "zod";

/** Who did what: an event of the API server's audit log, at level Metadata (audit.k8s.io/v1). */
const eventSchema = z.object({
  auditID: z.string(),
  stage: z.enum(["RequestReceived", "ResponseStarted", "ResponseComplete", "Panic"]),
  verb: z.string(),
  requestURI: z.string(),
  user: z.object({ username: z.string().default(""), groups: z.array(z.string()).default([]) }),
  userAgent: z.string().default(""),
  objectRef: z
    .object({
      apiGroup: z.string().default(""),
      resource: z.string().default(""),
      subresource: z.string().default(""),
      namespace: z.string().default(""),
      name: z.string().default(""),
    })
    .prefault({}),
  responseStatus: z.object({ code: z.number().default(0), reason: z.string().default("") }).prefault({}),
  requestReceivedTimestamp: z.string(),
  stageTimestamp: z.string(),
});

export interface AuditEvent {
  id: string;
  /** A watch has two events: ResponseStarted and, at its end, ResponseComplete. */
  stage: z.infer<typeof eventSchema>["stage"];
  verb: string;
  user: string;
  groups: string[];
  userAgent: string;
  uri: string;
  /** Empty for the core group, and for requests that are about no resource, as are the four that follow. */
  group: string;
  resource: string;
  subresource: string;
  namespace: string;
  name: string;
  /** The HTTP status; 0 when there was none. */
  code: number;
  reason: string;
  /** RFC 3339 with microseconds. */
  received: string;
  /** When this stage was reached. */
  at: string;
}

/** @throws z.ZodError when the line is not an audit event. */
export function parseAuditEvent(line: string): AuditEvent {
  const { stage, verb, userAgent, ...event } = eventSchema.parse(JSON.parse(line));
  const { apiGroup: group, ...object } = event.objectRef;
  return {
    id: event.auditID,
    stage,
    verb,
    user: event.user.username,
    groups: event.user.groups,
    userAgent,
    uri: event.requestURI,
    group,
    ...object,
    ...event.responseStatus,
    received: event.requestReceivedTimestamp,
    at: event.stageTimestamp,
  };
}

/** The audit log of a cluster that was started with `audit`. */
export class AuditLog {
  readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  /** A position: what is logged from now on comes after it. */
  async mark(): Promise<number> {
    return (await stat(this.file)).size;
  }

  /**
   * The events after the mark (by default all), up to what is in the log now. A line still being written is left out, and one without the
   * text, such as a namespace, unread: to read them all takes far longer.
   */
  async *since(mark = 0, text = ""): AsyncGenerator<AuditEvent> {
    for await (const line of this.lines(mark)) if (line.includes(text)) yield parseAuditEvent(line);
  }

  /** The same as they are written, each an audit.k8s.io/v1 Event in JSON. */
  async *lines(mark = 0): AsyncGenerator<string> {
    const end = await this.mark();
    if (end <= mark) return;
    // A line that was being written at the mark began before it.
    const start = Math.max(0, mark - 1);
    let whole = start === mark;
    const input = createReadStream(this.file, { start, end: end - 1 });
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      if (whole && line.endsWith("}")) yield line;
      whole = true;
    }
  }
}
