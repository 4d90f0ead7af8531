import type { PodSpec } from "kubernetes-types/core/v1.d.ts";

const volumeKinds = new Set(["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"]);

/** What a pod does that the restricted Pod Security Standard forbids (https://kubernetes.io/docs/concepts/security/pod-security-standards/). */
export function violations(pod: PodSpec): string[] {
  const found: string[] = [];
  const check = (allowed: boolean, what: string): void => {
    if (!allowed) found.push(what);
  };
  check(!pod.hostNetwork && !pod.hostPID && !pod.hostIPC, "shares the host's namespaces");
  check(!pod.securityContext?.sysctls?.length, "sets sysctls");
  check(
    !pod.securityContext?.seLinuxOptions && !pod.securityContext?.appArmorProfile && !pod.securityContext?.windowsOptions,
    "sets SELinux, AppArmor or Windows options",
  );
  for (const { name: _name, ...source } of pod.volumes ?? [])
    check(
      Object.keys(source).every((kind) => volumeKinds.has(kind)),
      `mounts ${Object.keys(source).join()}`,
    );
  for (const container of [...(pod.containers ?? []), ...(pod.initContainers ?? [])]) {
    const own = container.securityContext;
    check(!own?.privileged, "is privileged");
    check(own?.allowPrivilegeEscalation === false, "may escalate its privileges");
    check(own?.capabilities?.drop?.includes("ALL") === true, "keeps capabilities");
    check(
      (own?.capabilities?.add ?? []).every((capability) => capability === "NET_BIND_SERVICE"),
      "adds capabilities",
    );
    check((own?.runAsNonRoot ?? pod.securityContext?.runAsNonRoot) === true, "may run as root");
    check((own?.runAsUser ?? pod.securityContext?.runAsUser) !== 0, "runs as root");
    check(
      ["RuntimeDefault", "Localhost"].includes((own?.seccompProfile ?? pod.securityContext?.seccompProfile)?.type ?? ""),
      "has no seccomp profile",
    );
    check(own?.procMount === undefined || own.procMount === "Default", "unmasks /proc");
    check(
      (container.ports ?? []).every(({ hostPort }) => !hostPort),
      "takes the host's ports",
    );
  }
  return found;
}
