/** What a container wrote to `$PLIMSOLL_OUTPUTS`. */
export type Outputs = Record<string, string>;

/** What outputs take in a status: bytes of JSON. */
export function bytesOf(outputs: Outputs | readonly Outputs[]): number {
  return Buffer.byteLength(JSON.stringify(outputs));
}

/** What a pod wrote to `$PLIMSOLL_OUTPUTS`, and how many bytes of it the kubelet keeps. */
export interface Written {
  text: string;
  limit: number;
}

/** How many bytes the kubelet keeps of a container's termination message: 4 KiB, and 12 KiB of all containers of a pod, shared out equally. */
export function messageLimit(containers: number): number {
  return Math.min(4096, Math.floor(12_288 / containers));
}

/** What stands for a byte that is no part of a character. */
const replacement = "\uFFFD";

/**
 * Reads lines of `key=value`; blank ones don't count, and of equal keys the last holds.
 * Throws an Error that names the line, or says that what was written has been cut off or is no text. (Kubernetes 1.36: of too much, the
 * kubelet keeps the end, where more than three containers share the room a part before the end; then each byte that isn't UTF-8 becomes U+FFFD,
 * of three bytes.)
 */
export function parseOutputs({ text, limit }: Written): Outputs {
  // A letter at which the text was cut becomes up to three of them.
  const broken = text.indexOf(replacement, 3);
  if (broken >= 0) {
    const line = text.slice(0, broken).split("\n").length;
    throw new Error(
      `line ${line} of the outputs isn't UTF-8: write text, other bytes in base64, or to the workspace, and where they are to $PLIMSOLL_OUTPUTS`,
    );
  }
  if (Buffer.byteLength(text) >= limit) {
    throw new Error(
      `the outputs take ${limit} bytes or more, and ${limit < 4096 ? "what is before and behind a part of them" : "their beginning"} is lost: write large results to the workspace, and where they are to $PLIMSOLL_OUTPUTS`,
    );
  }
  if (text.includes(replacement)) throw new Error("the outputs begin with what isn't UTF-8: write text");
  const outputs = new Map<string, string>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "") continue;
    const [, key, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(line) ?? [];
    if (key === undefined || value === undefined) {
      throw new Error(
        `line ${index + 1} of the outputs is "${line.slice(0, 60)}": write key=value, the key of letters, digits and underscores`,
      );
    }
    outputs.set(key, value);
  }
  return Object.fromEntries(outputs);
}
