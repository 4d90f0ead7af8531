import { isAlreadyExists, isNotFound } from "../errors.ts";
import type { EventsClient } from "./permissions.ts";
import type { Series } from "./series.ts";

/** Makes the API server know of a series as it is now, and gives the count that it then knows. An event that has expired there is created anew. */
export async function write(client: EventsClient, { event, count, told }: Series, signal: AbortSignal): Promise<number> {
  const events = client("events.events.k8s.io");
  const { metadata, series } = event;
  const patch = () => events.patch(metadata, { series }, { signal });
  if (told > 0) {
    try {
      await patch();
      return count;
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  try {
    await events.create(event, { signal });
  } catch (error) {
    // An earlier attempt, whose answer was lost, may have created it, perhaps with a smaller count.
    if (!isAlreadyExists(error)) throw error;
    if (series !== undefined) await patch();
  }
  return count;
}
