/** The kubeconfig could not be used: says in which file, what, and what to do. */
export class KubeconfigError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.name = "KubeconfigError";
  }
}
