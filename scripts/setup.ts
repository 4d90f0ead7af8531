import { paintFor, type View } from "@plimsoll/cli";
import type { ProgressEvent } from "@plimsoll/cluster";

const paint = paintFor(process.stdout);

/** The steps of a set-up as they go by: what is done, what is being done and for how long, and what was tried in vain. */
export class Setup implements View {
  readonly #done: string[] = [];
  readonly #running = new Map<string, number>();
  #told = 0;

  readonly tell = (event: ProgressEvent): void => {
    if (event.type === "begin") this.#running.set(event.what, Date.now());
    else if (event.type === "note") this.#done.push(`  ${paint("dim", event.text)}`);
    else this.#running.delete(event.what);
    if (event.type === "end") this.#done.push(`${paint("green", "✔")} ${event.what} ${paint("dim", seconds(event.milliseconds))}`);
    if (event.type === "fail") this.#done.push(`${paint("red", "✖")} ${event.what}`);
  };

  lines(): string[] {
    return [
      ...this.#done,
      ...[...this.#running].map(([what, since]) => `${paint("cyan", "●")} ${what} ${paint("dim", seconds(Date.now() - since))}`),
    ];
  }

  news(): string[] {
    const news = this.#done.slice(this.#told);
    this.#told = this.#done.length;
    return news;
  }
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
