import { annotations } from "@plimsoll/features/workloads";
import { stringify } from "yaml";

/** What the API server writes of every object, and what tells whose it is: none of it is anybody's wish. */
const noise = new Set(["managedFields", "resourceVersion", "uid", "creationTimestamp", "generation", "selfLink", "ownerReferences"]);

/** An object as it is compared: what users write of it. Empty for one that isn't there. */
export function shownText(object: object | undefined): string {
  if (object === undefined) return "";
  const { status: _, metadata = {}, ...rest } = object as { status?: unknown; metadata?: Record<string, unknown> };
  const kept = Object.fromEntries(Object.entries(metadata).filter(([key]) => !noise.has(key)));
  const notes = Object.entries(kept["annotations"] ?? {}).filter(([key]) => key !== annotations.applied);
  const { annotations: _notes, ...others } = kept;
  const shown = { ...rest, metadata: notes.length > 0 ? { ...others, annotations: Object.fromEntries(notes) } : others };
  return stringify(shown, { lineWidth: 0, aliasDuplicateObjects: false, sortMapEntries: true });
}
