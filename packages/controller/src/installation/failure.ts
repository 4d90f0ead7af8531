/** Why something can't be installed, and the way out. `exitCode`: what a command ends with. */
export class InstallationError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.name = "InstallationError";
    this.exitCode = exitCode;
  }
}
