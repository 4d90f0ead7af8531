import { Transport } from "@plimsoll/kube";
import { AuditLog } from "./audit.ts";
import type { ComponentName, Setting } from "./components/component.ts";
import { componentOf, componentsOf } from "./components/components.ts";
import { etcdUrls } from "./components/control-plane.ts";
import { down } from "./down.ts";
import { loadImage } from "./image/load.ts";
import { ensureStarted, untilReady } from "./lifecycle.ts";
import { runningPid, stop } from "./host/process.ts";

export interface Cluster {
  name: string;
  /** The path of the administrator's kubeconfig. */
  kubeconfig: string;
  folder: string;
  /** Where etcd is, and the files by which it knows a client. */
  etcd: { urls: Record<"grpc" | "http" | "peer", string>; ca: string; cert: string; key: string };
  components: ComponentName[];
  audit: AuditLog | undefined;
  /** Undefined while the component does not run. */
  pid(component: ComponentName): number | undefined;
  /** Ends a component at once, as a crash would (SIGKILL). */
  kill(component: ComponentName): Promise<void>;
  /** Ends a component in its own way, if it runs, and starts it; resolves, for the API server, when it answers. */
  restart(component: ComponentName): Promise<void>;
  /** Gives the real node the images of a docker-archive or OCI tar; resolves to their names. */
  loadImage(tar: string): Promise<string[]>;
  down(): Promise<void>;
}

export function clusterOf(setting: Setting): Cluster {
  const { state, paths } = setting;
  const pidFileOf = (name: ComponentName): string => paths.files(componentOf(setting, name).name).pidFile;
  return {
    name: state.name,
    kubeconfig: paths.kubeconfig,
    folder: paths.folder,
    etcd: {
      urls: etcdUrls(state),
      ca: paths.in("pki/etcd-ca.crt"),
      cert: paths.in("pki/etcd-client.crt"),
      key: paths.in("pki/etcd-client.key"),
    },
    components: componentsOf(setting).map(({ name }) => name),
    audit: state.audit ? new AuditLog(paths.audit) : undefined,
    pid: (name) => runningPid(pidFileOf(name)),
    kill: (name) => stop(pidFileOf(name), 0),
    async restart(name) {
      await stop(pidFileOf(name), 2);
      await ensureStarted(setting, componentOf(setting, name));
      if (name === "kube-apiserver" || name === "etcd") await answering(setting);
    },
    loadImage: (tar) => loadImage(setting, tar),
    async down() {
      await down(state.name);
    },
  };
}

/** Resolves when the API server says that it is ready. */
export async function answering(setting: Setting): Promise<void> {
  const transport = Transport.fromKubeconfig(setting.paths.kubeconfig);
  try {
    await untilReady(setting, "kube-apiserver", 60, async () => {
      // Anything but 200 is thrown.
      for await (const _ of await transport.stream({ method: "GET", path: "/readyz" }));
      return true;
    });
  } finally {
    await transport.close();
  }
}
