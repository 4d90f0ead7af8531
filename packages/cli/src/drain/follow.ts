import type { Drain } from "@plimsoll/api";
import type { Stored } from "@plimsoll/kube";
import type { Client } from "../connect/connect.ts";
import { events } from "../runs/events.ts";
import { exitCode, Failure } from "../failure.ts";
import { follow } from "../runs/follow.ts";
import { paintFor } from "../output/paint.ts";
import { formatDrain, newsOf } from "./text.ts";

/** How long a Drain may stand there without the controller having looked at it; milliseconds. */
const patience = 15_000;

/** Shows a Drain on stderr until it is over; gives it as it is then. Fails where it failed, or nobody carries it out. */
export async function followDrain(client: Client, first: Stored<Drain>): Promise<Stored<Drain>> {
  const paint = paintFor(process.stderr);
  const { name, uid } = first.metadata;
  let drain = first;
  let told: Drain = first;
  const screen = follow(
    {
      lines: (most) => formatDrain(drain, Date.now(), paint, most),
      news: () => {
        const news = newsOf(told, drain, paint);
        told = drain;
        return news;
      },
    },
    process.stderr,
  );
  const interrupted = (): void => {
    screen.stop();
    console.error(
      `The Drain ${name} goes on. See how far it is: kubectl get drain ${name}; end it, and uncordon its nodes: kubectl delete drain ${name}`,
    );
    process.exit(exitCode.interrupted);
  };
  process.once("SIGINT", interrupted);
  const stop = new AbortController();
  const unseen = setTimeout(() => stop.abort(), patience);
  try {
    const changes = events(client("drains.plimsoll.dev"), {
      resource: "drains.plimsoll.dev",
      what: "a Drain",
      select: { fieldSelector: `metadata.name=${name}` },
      say: screen.say,
      signal: stop.signal,
    });
    for await (const { type, object } of changes) {
      if (object.metadata.uid !== uid) continue;
      if (type === "delete") throw new Failure(`the Drain ${name} was deleted`);
      drain = object;
      if (object.status?.observedGeneration !== undefined) clearTimeout(unseen);
      if (isOver(object)) break;
    }
  } finally {
    clearTimeout(unseen);
    process.off("SIGINT", interrupted);
    screen.stop();
  }
  if (stop.signal.aborted) {
    await client("drains.plimsoll.dev").delete({ name }, { preconditions: { uid } });
    throw new Failure(
      `nobody has looked at the Drain ${name} within ${patience / 1000} s, and it was deleted again: is the controller up (\`plimsoll status\`), and its feature draining enabled (features.draining.enabled, which is off by default)?`,
    );
  }
  checkDrained(drain);
  return drain;
}

/** Whether a Drain has come to its end. */
function isOver({ status }: Drain): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}

function checkDrained({ metadata, status }: Drain): void {
  if (status?.phase === "Failed") throw new Failure(`the Drain ${metadata.name} failed: ${status.message ?? ""}`);
  const released = (status?.nodes ?? []).filter(({ phase }) => phase === "Released").map(({ name }) => name);
  if (released.length > 0)
    throw new Failure(`somebody has uncordoned ${released.join(", ")}, which the Drain ${metadata.name} leaves alone`);
}
