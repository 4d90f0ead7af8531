import { readFile } from "node:fs/promises";
import { present, type Credentials } from "./credentials.ts";
import { checkKeyPair } from "./key-pair.ts";
import type { Connection } from "./kubeconfig.ts";
import { KubeconfigError } from "./kubeconfig-error.ts";
import { messageOf } from "../message.ts";

/** What the kubeconfig itself says, and the files that it names. Throws a KubeconfigError for what cannot be used. */
export async function ownCredentials({ cluster, user }: Connection): Promise<Credentials> {
  const ca = await content(cluster["certificate-authority"], cluster["certificate-authority-data"]);
  const cert = await content(user["client-certificate"], user["client-certificate-data"]);
  const key = await content(user["client-key"], user["client-key-data"]);
  checkKeyPair(cert, key);
  const tls: Credentials["tls"] = {
    ...present("ca", ca),
    ...present("cert", cert),
    ...present("key", key),
    ...present("servername", cluster["tls-server-name"]),
    ...(cluster["insecure-skip-tls-verify"] ? { rejectUnauthorized: false } : {}),
  };
  return { tls, headers: { ...(await bearer(user)), ...impersonation(user) } };
}

async function bearer({ tokenFile, token }: Connection["user"]): Promise<Credentials["headers"]> {
  const text = (tokenFile ? (await file(tokenFile)).toString("utf8") : token)?.trim();
  if (text === undefined) return {};
  if (text === "" || /\s/.test(text))
    throw new KubeconfigError(
      `${tokenFile ? `the token file ${tokenFile}` : "the kubeconfig's token"} ${text === "" ? "is empty" : "has whitespace within, which no token has"}`,
    );
  return { authorization: `Bearer ${text}` };
}

/** As whom else the user acts; see https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/ */
function impersonation(user: Connection["user"]): Credentials["headers"] {
  const extra = Object.entries(user["as-user-extra"] ?? {}).map(([key, values]) => [`impersonate-extra-${headerName(key)}`, values]);
  return {
    ...present("impersonate-user", user.as),
    ...present("impersonate-uid", user["as-uid"]),
    ...present("impersonate-group", user["as-groups"] ?? undefined),
    ...Object.fromEntries(extra),
  };
}

function headerName(key: string): string {
  return encodeURIComponent(key).replaceAll("(", "%28").replaceAll(")", "%29");
}

async function content(path: string | undefined, base64: string | undefined): Promise<Buffer | undefined> {
  if (base64) return Buffer.from(base64, "base64");
  return path ? file(path) : undefined;
}

async function file(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new KubeconfigError(`cannot read a file that the kubeconfig names: ${messageOf(error)}`);
  }
}
