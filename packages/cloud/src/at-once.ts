/** Does something with each, no more than so many at once, and gives what comes of each. Once one fails, none is begun any more. */
export async function atOnce<T, R>(width: number, items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  try {
    await Promise.all(Array.from({ length: width }, worker));
  } finally {
    queue.return?.();
  }
  return results;
}
