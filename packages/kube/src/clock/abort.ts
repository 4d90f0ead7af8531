/** What `start` gives, unless one of the signals aborts before: then it rejects at once with that signal's reason, and what was started goes on. */
export async function unlessAborted<T>(signals: readonly AbortSignal[], start: () => Promise<T>): Promise<T> {
  for (const signal of signals) signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const listeners = signals.map((signal) => ({ signal, listener: () => aborted.reject(signal.reason) }));
  for (const { signal, listener } of listeners) signal.addEventListener("abort", listener);
  try {
    return await Promise.race([start(), aborted.promise]);
  } finally {
    for (const { signal, listener } of listeners) signal.removeEventListener("abort", listener);
  }
}
