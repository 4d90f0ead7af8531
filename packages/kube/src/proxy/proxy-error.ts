import type { Proxy } from "./proxy.ts";

/** The proxy did not let us through to the API server, so that no request left this machine. */
export class ProxyError extends Error {
  /** It is a matter of settings, which another attempt does not mend. */
  readonly lasting: boolean;

  constructor({ address }: Proxy, reason: string, { lasting = false, cause }: { lasting?: boolean; cause?: unknown } = {}) {
    super(`the proxy ${address} ${reason}`, { cause });
    this.name = "ProxyError";
    this.lasting = lasting;
  }
}
