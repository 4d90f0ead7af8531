import type { Path, Problem } from "@plimsoll/api";
import { named, once, oneOf, required, within } from "./check.ts";
import { innerPath } from "./names.ts";

interface Profile {
  type?: string;
  localhostProfile?: string;
}

/** Whom a pod or a container runs as. */
export interface Security {
  runAsUser?: number;
  runAsGroup?: number;
  fsGroup?: number;
  supplementalGroups?: readonly number[];
  supplementalGroupsPolicy?: string;
  fsGroupChangePolicy?: string;
  seLinuxChangePolicy?: string;
  seccompProfile?: Profile;
  appArmorProfile?: Profile;
  sysctls?: readonly { name?: string; value?: string }[];
  windowsOptions?: object;
  procMount?: string;
  privileged?: boolean;
  allowPrivilegeEscalation?: boolean;
  capabilities?: { add?: readonly string[]; drop?: readonly string[] };
}

const highestId = 2 ** 31 - 1;
const profiles = ["RuntimeDefault", "Unconfined", "Localhost"];
const sysctl = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/;

const capabilities = new Set(
  "ALL AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND BPF CHECKPOINT_RESTORE CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW PERFMON SETFCAP SETGID SETPCAP SETUID SYSLOG SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG WAKE_ALARM".split(
    " ",
  ),
);

/** What is wrong with whom a pod or a container runs as. */
export function* securityProblems(own: Security, path: Path, hostUsers: boolean): Generator<Problem> {
  for (const key of ["runAsUser", "runAsGroup", "fsGroup"] as const) yield* within(own[key], 0, highestId, [...path, key]);
  for (const [index, group] of (own.supplementalGroups ?? []).entries())
    yield* within(group, 0, highestId, [...path, "supplementalGroups", index]);
  yield* oneOf(own.supplementalGroupsPolicy, ["Merge", "Strict"], [...path, "supplementalGroupsPolicy"]);
  yield* oneOf(own.fsGroupChangePolicy, ["Always", "OnRootMismatch"], [...path, "fsGroupChangePolicy"]);
  yield* oneOf(own.seLinuxChangePolicy, ["Recursive", "MountOption"], [...path, "seLinuxChangePolicy"]);
  if (own.seccompProfile) yield* profileProblems(own.seccompProfile, [...path, "seccompProfile"]);
  if (own.appArmorProfile) yield* profileProblems(own.appArmorProfile, [...path, "appArmorProfile"]);
  for (const [index, { name = "" }] of (own.sysctls ?? []).entries())
    if (!sysctl.test(name) || name.length > 253)
      yield { path: [...path, "sysctls", index, "name"], message: `is ${JSON.stringify(name)}: must be a name as in net.core.somaxconn` };
  yield* once(
    (own.sysctls ?? []).map(({ name }) => name),
    (index) => [...path, "sysctls", index, "name"],
  );
  yield* oneOf(own.procMount, ["Default", "Unmasked"], [...path, "procMount"]);
  if (own.procMount === "Unmasked" && hostUsers)
    yield { path: [...path, "procMount"], message: "is Unmasked, which takes hostUsers: false in the pod: give that, too" };
  for (const list of ["add", "drop"] as const)
    for (const [index, name] of (own.capabilities?.[list] ?? []).entries())
      if (!capabilities.has(name.toUpperCase().replace(/^CAP_/, "")))
        yield {
          path: [...path, "capabilities", list, index],
          message: `is ${JSON.stringify(name.slice(0, 70))}: Linux has no such capability, so that no container starts with it`,
        };
  if (own.allowPrivilegeEscalation !== false) return;
  if (own.privileged)
    yield { path: [...path, "allowPrivilegeEscalation"], message: "is false beside privileged: true: take one of them out" };
  if (own.capabilities?.add?.includes("CAP_SYS_ADMIN"))
    yield {
      path: [...path, "capabilities", "add"],
      message: "has CAP_SYS_ADMIN, which takes allowPrivilegeEscalation: true: give that, or take it out",
    };
}

function* profileProblems({ type, localhostProfile }: Profile, path: Path): Generator<Problem> {
  const at = [...path, "localhostProfile"];
  if (type === undefined || type === "") yield* required(type, [...path, "type"]);
  else yield* oneOf(type, profiles, [...path, "type"]);
  if (type === "Localhost") {
    if (localhostProfile === undefined || localhostProfile.trim() === "") yield* required(undefined, at);
    else if (path.at(-1) === "seccompProfile") yield* named(localhostProfile, innerPath, at);
    else
      yield* named(
        localhostProfile,
        (text) => (text === text.trim() && text.length <= 4095 ? undefined : "a name without blanks around it"),
        at,
      );
  } else if (localhostProfile !== undefined) yield { path: at, message: "goes with type: Localhost: take it out, or give that" };
}
