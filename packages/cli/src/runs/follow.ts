import { createLogUpdate } from "log-update";

/** Something that changes while it is watched, as lines. */
export interface View {
  /** What is drawn again and again on a terminal: the whole or, where that has more than `most` lines, what matters of it. */
  lines: (most: number) => string[];
  /** What is new since the last call, for a log that is only appended to. */
  news: () => string[];
}

export interface Screen {
  /** Writes a line that stays, above what is redrawn. */
  say: (line: string) => void;
  stop: () => void;
}

/**
 * Shows a view until `stop` is called: on a terminal redrawn in place, ten times a second; elsewhere each piece of news as a line.
 * The last state stays on the screen.
 */
export function follow(view: View, stream: NodeJS.WriteStream): Screen {
  const write = (line: string): void => void stream.write(`${line}\n`);
  if (!stream.isTTY) {
    const tell = (): void => view.news().forEach(write);
    const timer = setInterval(tell, 100);
    return {
      say: write,
      stop: () => {
        clearInterval(timer);
        tell();
      },
    };
  }
  const screen = createLogUpdate(stream);
  // The cursor stands on a line of its own below.
  const draw = (): void => screen(view.lines((stream.rows ?? 24) - 1).join("\n"));
  const timer = setInterval(draw, 100);
  return {
    say: screen.persist,
    stop: () => {
      clearInterval(timer);
      screen.persist(view.lines(Infinity).join("\n"));
      screen.done();
    },
  };
}
