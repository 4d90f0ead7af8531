import { createLogUpdate } from "log-update";

/** Something that changes while it is watched, as lines. */
export interface View {
  /** The whole, drawn again and again on a terminal. */
  lines: () => string[];
  /** What is new since the last call, for a log that is only appended to. */
  news: () => string[];
}

/**
 * Shows a view until `stop` is called: on a terminal redrawn in place, ten times a second; elsewhere each piece of news as a line.
 * The last state stays on the screen.
 */
export function follow(view: View, stream: NodeJS.WriteStream): { stop: () => void } {
  const tell = (): void => {
    for (const line of view.news()) stream.write(`${line}\n`);
  };
  if (!stream.isTTY) {
    const timer = setInterval(tell, 100);
    return {
      stop: () => {
        clearInterval(timer);
        tell();
      },
    };
  }
  const screen = createLogUpdate(stream);
  const draw = (): void => screen(fit(view.lines(), stream.rows ?? 24).join("\n"));
  const timer = setInterval(draw, 100);
  return {
    stop: () => {
      clearInterval(timer);
      screen(view.lines().join("\n"));
      screen.done();
    },
  };
}

/** As many lines as the terminal shows: the first and, where they don't all fit, the last ones. */
function fit(lines: string[], rows: number): string[] {
  if (lines.length < rows) return lines;
  const [title = "", ...rest] = lines;
  return [title, `… ${rest.length - (rows - 3)} lines above`, ...rest.slice(-(rows - 3))];
}
