const mebi = 1024 ** 2;

/** Thousandths of a core, whole ones, as they are written in manifests: `250m`, `2`. Exact, also below nothing. */
export function writtenCpu(milli: number): string {
  return milli % 1_000 === 0 ? String(milli / 1_000) : `${milli}m`;
}

/** Bytes, whole ones, as they are written in manifests: `300Mi`, `5Ki`, `17`. Exact, also below nothing. */
export function writtenMemory(bytes: number): string {
  if (bytes === 0) return "0";
  if (bytes % mebi === 0) return `${bytes / mebi}Mi`;
  return bytes % 1024 === 0 ? `${bytes / 1024}Ki` : String(bytes);
}
