import { isConflict, isInvalid, isNotFound } from "@plimsoll/kube";

/**
 * Whether a write that names an object's UID found it gone, or another under its name: a UID can't be changed. Also where the object was
 * changed meanwhile, which brings the same decision again.
 */
export function isAnother(error: unknown): boolean {
  return (
    isNotFound(error) ||
    isConflict(error) ||
    (isInvalid(error) && (error.details?.causes.some(({ field }) => field === "metadata.uid") ?? false))
  );
}
