/** Before that, nobody wonders. */
const patience = 2_000;
const interval = 200;

/** Shows on a terminal how far something is, in one line, once it takes longer; elsewhere nothing. */
export function progressLine(stream: NodeJS.WriteStream, now: () => number): { show: (text: () => string) => void; end: () => void } {
  const start = now();
  let shown = 0;
  return {
    show: (text) => {
      const time = now();
      if (!stream.isTTY || time - start < patience || time - shown < interval) return;
      shown = time;
      stream.write(`\r\u001b[K${text()}`);
    },
    end: () => {
      if (shown > 0) stream.write("\r\u001b[K");
    },
  };
}
