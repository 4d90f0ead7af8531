/** What a container wrote to `$PLIMSOLL_OUTPUTS`. */
export type Outputs = Record<string, string>;

/** What a pod wrote to `$PLIMSOLL_OUTPUTS`, and how many bytes of it the kubelet keeps. */
export interface Written {
  text: string;
  limit: number;
}

/** How many bytes the kubelet keeps of a container's termination message: 4 KiB, and 12 KiB of all containers of a pod, shared out equally. */
export function messageLimit(containers: number): number {
  return Math.min(4096, Math.floor(12_288 / containers));
}

/**
 * Reads lines of `key=value`; blank ones don't count, and of equal keys the last holds.
 * Throws an Error that names the line, or says that what was written has been cut off.
 */
export function parseOutputs({ text, limit }: Written): Outputs {
  if (Buffer.byteLength(text) >= limit) {
    throw new Error(
      `the outputs take ${limit} bytes or more, and what is beyond is lost: write large results to the workspace, and where they are to $PLIMSOLL_OUTPUTS`,
    );
  }
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
