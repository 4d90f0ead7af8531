const interval = 5;

/** The longest that the event loop stood still, in milliseconds. */
export class Stillness {
  /** By the clock. */
  wall = 0;
  /** Of it, in CPU of this thread: what another process took of the machine doesn't count. */
  cpu = 0;
  readonly #timer: NodeJS.Timeout;

  constructor() {
    let [wall, cpu] = [performance.now(), cpuNow()];
    this.#timer = setInterval(() => {
      const now = { wall: performance.now(), cpu: cpuNow() };
      this.wall = Math.max(this.wall, now.wall - wall - interval);
      this.cpu = Math.max(this.cpu, now.cpu - cpu);
      [wall, cpu] = [now.wall, now.cpu];
    }, interval);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

function cpuNow(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
