/** What happens while a cluster starts: a step begins, perhaps says something, and ends or fails; the error says why. */
export type ProgressEvent =
  { type: "begin" | "fail"; what: string } | { type: "note"; text: string } | { type: "end"; what: string; milliseconds: number };

export type OnProgress = (event: ProgressEvent) => void;

/** Does a step of work, telling when it begins and ends. */
export async function step<T>(onProgress: OnProgress, what: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  onProgress({ type: "begin", what });
  const result = await work().catch((error: unknown) => {
    onProgress({ type: "fail", what });
    throw error;
  });
  onProgress({ type: "end", what, milliseconds: performance.now() - started });
  return result;
}
