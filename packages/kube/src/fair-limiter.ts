/** Temporary. */
export class FairLimiter {
  constructor(_options: { qps: number; burst: number }) {}
  async acquire(_key: string, _signal?: AbortSignal): Promise<void> {}
  pause(_seconds: number): void {}
}
