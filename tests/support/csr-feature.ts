import { Host } from "@plimsoll/controller";
import { csr } from "@plimsoll/features/csr";
import { Transport, type Sender } from "@plimsoll/kube";
import { accountOf } from "../proof/account.ts";

/** A place where the approval of certificate requests runs, as an account with its own role alone. */
export interface CsrFeature {
  /** As which user it runs. */
  user: string;
  /** Runs it until what this gives is called. Without a cloud, any machine may join. `through` stands between it and the API server. */
  run(config?: object, through?: (sender: Sender) => Sender): Promise<() => Promise<void>>;
  /** The value of a metric of the one that was run last, as in `plimsoll_csr_pending{signer="…"}`; undefined where there is none. */
  metric(series: string): Promise<number | undefined>;
}

/** Makes the feature's account in a cluster. */
export async function csrFeature(kubeconfig: string): Promise<CsrFeature> {
  const namespace = "plimsoll-system";
  const admin = Transport.fromKubeconfig(kubeconfig);
  try {
    await admin.request({ method: "POST", path: "/api/v1/namespaces", body: { metadata: { name: namespace } } });
    let last: Host | undefined;
    const { user, token } = await accountOf(admin, { features: ["csr"], isolation: "feature", namespace });
    return {
      user,
      async run(config = {}, through = (sender) => sender) {
        const end = new AbortController();
        const transport = Transport.fromKubeconfig(kubeconfig, { token, userAgent: "csr" });
        const host = new Host({ sender: through(transport), namespaces: { own: namespace } });
        last = host;
        const running = host.run([{ feature: csr, config: csr.config.parse({ instances: "any", ...config }) }], end.signal);
        await Promise.race([host.synced(), running]);
        return async () => {
          end.abort();
          await running;
          await transport.close();
        };
      },
      async metric(series) {
        const line = (await last?.metrics.metrics())?.split("\n").find((line) => line.startsWith(`${series} `));
        return line === undefined ? undefined : Number(line.split(" ").at(-1));
      },
    };
  } finally {
    await admin.close();
  }
}
