import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import * as z from "zod";
import { KubeconfigError } from "./kubeconfig-error.ts";
import { messageOf } from "../message.ts";

/** A text that may be missing; an empty one is, to client-go. */
export const optional = z
  .string()
  .nullish()
  .transform((text) => text || undefined);

export const clusterSchema = z.object({
  server: optional,
  "certificate-authority": optional,
  "certificate-authority-data": optional,
  "insecure-skip-tls-verify": z.boolean().nullish(),
  "tls-server-name": optional,
  "proxy-url": optional,
});

const execSchema = z.object({
  apiVersion: z.string(),
  command: z.string(),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  installHint: optional,
  provideClusterInfo: z.boolean().nullish(),
  interactiveMode: optional,
});

/** A user's credential plugin. */
export type ExecConfig = z.output<typeof execSchema>;

export const userSchema = z.object({
  "client-certificate": optional,
  "client-certificate-data": optional,
  "client-key": optional,
  "client-key-data": optional,
  token: optional,
  tokenFile: optional,
  as: optional,
  "as-uid": optional,
  "as-groups": z.array(z.string()).nullish(),
  "as-user-extra": z.record(z.string(), z.array(z.string())).nullish(),
  exec: execSchema.nullish(),
  "auth-provider": z.object({ name: z.string(), config: z.record(z.string(), z.string()).nullish() }).nullish(),
});

const contextSchema = z.object({ cluster: z.string(), user: optional, namespace: optional });

const list = <T extends z.ZodType>(schema: T) =>
  z
    .array(schema)
    .nullish()
    .transform((items) => items ?? []);

const kubeconfigSchema = z.object({
  clusters: list(z.object({ name: z.string(), cluster: clusterSchema })),
  users: list(z.object({ name: z.string(), user: userSchema.nullish().transform((user) => user ?? userSchema.parse({})) })),
  contexts: list(z.object({ name: z.string(), context: contextSchema })),
  "current-context": optional,
});

type Kubeconfig = z.output<typeof kubeconfigSchema>;

/** Where the API server is, and as whom to speak to it. Paths of files are absolute. */
export interface Connection {
  cluster: z.output<typeof clusterSchema> & { server: string };
  user: z.output<typeof userSchema>;
  /** The namespace that a user's command means when it names none. */
  namespace: string;
}

/** Parses the text of a kubeconfig, which may be empty; relative paths in it are relative to `folder`. */
export function parseKubeconfig(text: string, origin: string, folder: string): Kubeconfig {
  let config: Kubeconfig;
  try {
    config = kubeconfigSchema.parse(valueOf(text) ?? {});
  } catch (error) {
    const problem = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw new KubeconfigError(`${origin} is not a usable kubeconfig: ${problem}`);
  }
  const absolute = (path: string | undefined) => path && resolve(folder, path);
  for (const { cluster } of config.clusters) cluster["certificate-authority"] = absolute(cluster["certificate-authority"]);
  for (const { user } of config.users) {
    user["client-certificate"] = absolute(user["client-certificate"]);
    user["client-key"] = absolute(user["client-key"]);
    user.tokenFile = absolute(user.tokenFile);
    // As for a shell: a command with a slash is a path, one without is looked up in PATH.
    if (user.exec?.command.includes("/")) user.exec.command = resolve(folder, user.exec.command);
  }
  return config;
}

function valueOf(text: string): unknown {
  const lineCounter = new LineCounter();
  // Pretty errors show the lines around the mistake, in which a token or a key may stand.
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const [mistake] = document.errors;
  if (mistake !== undefined) throw new Error(`line ${lineCounter.linePos(mistake.pos[0]).line}: ${mistake.message}`);
  return document.toJS();
}

export function readKubeconfig(path: string): Kubeconfig {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new KubeconfigError(`cannot read the kubeconfig ${path}: ${messageOf(error)}`);
  }
  return parseKubeconfig(text, path, dirname(resolve(path)));
}

/** kubectl's order: the files of $KUBECONFIG, merged (in each list, the first of a name counts), else ~/.kube/config. */
export function defaultKubeconfig(env: NodeJS.ProcessEnv = process.env): Kubeconfig | undefined {
  const named = env["KUBECONFIG"]?.split(delimiter).filter((path) => path !== "") ?? [];
  const paths = named.length > 0 ? named : [join(homedir(), ".kube", "config")];
  const configs = paths.filter((path) => existsSync(path)).map(readKubeconfig);
  if (configs.length === 0) {
    if (named.length > 0) throw new KubeconfigError(`none of the files in KUBECONFIG exists: ${named.join(", ")}`);
    return undefined;
  }
  return {
    clusters: configs.flatMap((config) => config.clusters),
    users: configs.flatMap((config) => config.users),
    contexts: configs.flatMap((config) => config.contexts),
    "current-context": configs.map((config) => config["current-context"]).find((name) => name !== undefined),
  };
}

/** The cluster and user of `context`, or of the current context. */
export function connectionOf(config: Kubeconfig, context = config["current-context"]): Connection {
  const names = config.contexts.map(({ name }) => name).join(", ") || "none";
  if (context === undefined) throw new KubeconfigError(`the kubeconfig has no current-context; choose one of its contexts: ${names}`);
  const chosen = config.contexts.find(({ name }) => name === context)?.context;
  if (!chosen) throw new KubeconfigError(`the kubeconfig has no context "${context}"; its contexts are: ${names}`);
  const cluster = config.clusters.find(({ name }) => name === chosen.cluster)?.cluster;
  if (!cluster)
    throw new KubeconfigError(`context "${context}" names the cluster "${chosen.cluster}", which the kubeconfig does not define`);
  const { server = "" } = cluster;
  if (!/^https?:$/.test(URL.parse(server)?.protocol ?? ""))
    throw new KubeconfigError(`the cluster "${chosen.cluster}" has the server "${server}", which is no address like https://host:6443`);
  const user = config.users.find(({ name }) => name === chosen.user)?.user;
  if (!user && chosen.user)
    throw new KubeconfigError(`context "${context}" names the user "${chosen.user}", which the kubeconfig does not define`);
  return { cluster: { ...cluster, server }, user: user ?? userSchema.parse({}), namespace: chosen.namespace ?? "default" };
}

/** The same cluster, spoken to as the bearer of a token. */
export function withToken(connection: Connection, token: string): Connection {
  return { ...connection, user: userSchema.parse({ token }) };
}

/** A connection by a kubeconfig: its path, or its text. */
export function connectionFrom(source: string, context?: string): Connection {
  const isText = source.includes("\n") || source.startsWith("{");
  return connectionOf(isText ? parseKubeconfig(source, "the given text", ".") : readKubeconfig(source), context);
}
