/** Something that the user or the machine is the cause of; its message says what, where and what to do. */
export class ClusterError extends Error {
  override readonly name = "ClusterError";
  /** 2 for input that was wrong, 1 for everything else. */
  readonly exitCode: 1 | 2;

  constructor(message: string, { exitCode = 1, ...options }: ErrorOptions & { exitCode?: 1 | 2 } = {}) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
