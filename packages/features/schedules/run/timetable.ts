import { Alarm, Deadlines, type Clock } from "@plimsoll/kube";

/** The clock on the wall may be set, or stand still with its machine, while a timer goes on evenly: it is looked at so often. Milliseconds. */
const longest = 30_000;

/** What is due when, by the clock on the wall: one timer, and no look at what isn't due. */
export class Timetable {
  readonly #clock: Clock;
  readonly #due: (key: string) => void;
  readonly #times = new Deadlines<string>();
  readonly #alarm: Alarm;

  constructor(clock: Clock, due: (key: string) => void) {
    this.#clock = clock;
    this.#due = due;
    this.#alarm = new Alarm(clock, () => this.#ring());
  }

  /** In place of the time that the key had; Infinity for none. Milliseconds since 1970. */
  set(key: string, at: number): void {
    if (at === Infinity) return this.delete(key);
    if (this.#times.get(key) === at) return;
    this.#times.set(key, at);
    this.#arm();
  }

  delete(key: string): void {
    this.#times.delete(key);
    if (this.#times.size === 0) this.#alarm.clear();
  }

  /** Nothing is due any more. */
  clear(): void {
    this.#times.clear();
    this.#alarm.clear();
  }

  #ring(): void {
    const now = this.#clock.now();
    for (let key = this.#times.take(now); key !== undefined; key = this.#times.take(now)) this.#due(key);
    this.#arm();
  }

  #arm(): void {
    if (this.#times.size === 0) return;
    const wait = Math.min(longest, Math.max(0, this.#times.next - this.#clock.now()));
    this.#alarm.set(this.#clock.monotonic() + wait);
  }
}
