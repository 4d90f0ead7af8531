/** What one request needs to be let in. From a `CredentialSource`, it and its `tls` stay the same objects until their content changes. */
export interface Credentials {
  tls: Tls;
  headers: Record<string, string | string[]>;
}

interface Tls {
  ca?: Buffer;
  cert?: string | Buffer;
  key?: string | Buffer;
  servername?: string;
  rejectUnauthorized?: boolean;
}

/** One property, or none where there is no value. */
export function present<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  const result: { [P in K]?: V } = {};
  if (value !== undefined) result[key] = value;
  return result;
}
