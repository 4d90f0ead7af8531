/** What a user can put right: printed as its message alone. Exit code 2 is for bad input, 1 for everything else. */
export class ClusterError extends Error {
  override readonly name = "ClusterError";
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}
