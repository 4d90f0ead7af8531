import type { Clock } from "../clock/clock.ts";
import { present, type Credentials } from "./credentials.ts";
import type { Connection } from "./kubeconfig.ts";
import { KubeconfigError } from "./kubeconfig-error.ts";

/** Gives credentials on top of `own`, those that the kubeconfig itself gives. */
export type Authenticate = (own: Credentials) => Promise<Credentials>;

/** The plugin (`exec`) or identity provider (`oidc`) of a user; it keeps what it was given until that expires. */
export async function authenticator({ cluster, user }: Connection, clock: Clock, closing: AbortSignal): Promise<Authenticate | undefined> {
  const { exec, "auth-provider": authProvider } = user;
  if (exec) {
    const { ExecPlugin } = await import("./exec-plugin.ts");
    const plugin = new ExecPlugin(exec, cluster, clock);
    return async (own) => {
      const { token, clientCertificateData, clientKeyData } = await plugin.credentials(own.tls.ca, closing);
      return {
        tls: { ...present("cert", clientCertificateData), ...present("key", clientKeyData) },
        headers: present("authorization", token && `Bearer ${token}`),
      };
    };
  }
  if (authProvider?.name === "oidc") {
    // All of client-node would take 85 MB of memory.
    const { OpenIDConnectAuth } = await import("@kubernetes/client-node/dist/oidc_auth.js");
    const provider = new OpenIDConnectAuth();
    const named = { name: "user", authProvider: { name: "oidc", config: authProvider.config ?? {} } };
    return async () => {
      const { headers }: { headers: { Authorization?: string } } = { headers: {} };
      await provider.applyAuthentication(named, { headers });
      return { tls: {}, headers: present("authorization", headers.Authorization) };
    };
  }
  if (authProvider) {
    throw new KubeconfigError(
      `the kubeconfig's auth-provider "${authProvider.name}" is no longer supported by Kubernetes; use an exec plugin`,
    );
  }
  return undefined;
}
