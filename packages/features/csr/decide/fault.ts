/** Why a request is not approved. */
export interface Fault {
  /** One word, as events and metrics have it. */
  code: FaultCode;
  /** What is wrong, as a person is told. */
  note: string;
  /** The nodes that it depends on: when one of them comes, goes or changes, the request is looked at again. */
  nodes?: readonly string[];
  /** Whether time may mend it: the cloud may answer otherwise, an earlier request may be over. */
  mayPass?: boolean;
}

export const faultCodes = [
  "Oversized",
  "Usages",
  "Expiration",
  "Age",
  "Requester",
  "Encoding",
  "Subject",
  "Extension",
  "Names",
  "Key",
  "Signature",
  "Replay",
  "Node",
  "Address",
  "Machine",
  "Limit",
] as const;

export type FaultCode = (typeof faultCodes)[number];

/** Thrown where a request is read, and caught there. */
export class FaultError extends Error {
  readonly fault: Fault;

  constructor(code: FaultCode, note: string) {
    super(note);
    this.name = "FaultError";
    this.fault = { code, note };
  }
}

/** A stranger's text for a note: no control character, nothing that looks like another letter, and not long. */
export function quoted(text: string): string {
  const short = text.length > 100 ? `${text.slice(0, 100)}…` : text;
  return JSON.stringify(short).replace(/[^\u0020-\u007e…]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
