/** Before that, nobody wonders. */
const patience = 2_000;
const interval = 200;

/** Shows on a terminal how much of some bytes has been read, once that takes longer; elsewhere nothing. */
export function progressOn(
  stream: NodeJS.WriteStream,
  now: () => number,
): { report: (bytes: number, total: number) => void; end: () => void } {
  const start = now();
  let shown = 0;
  return {
    report: (bytes, total) => {
      const time = now();
      if (!stream.isTTY || time - start < patience || time - shown < interval) return;
      shown = time;
      const megabytes = (bytes / 1e6).toFixed(0);
      stream.write(
        `\r\u001b[K${total > bytes ? `${Math.floor((100 * bytes) / total)}% of ${(total / 1e6).toFixed(0)} MB` : `${megabytes} MB`} read`,
      );
    },
    end: () => {
      if (shown > 0) stream.write("\r\u001b[K");
    },
  };
}
