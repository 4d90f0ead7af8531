import type { Stored } from "@plimsoll/kube";
import type { CertificateSigningRequest } from "kubernetes-types/certificates/v1.d.ts";
import { isSigner, type Signer } from "./signers.ts";

/** What is kept of a request that waits, or was approved. Nothing of it may be changed. */
export interface RequestView {
  name: string;
  uid: string;
  resourceVersion: string;
  /** Milliseconds since 1970, as all times here. */
  createdAt: number;
  signer: Signer;
  /** Who asks, as the API server knew him. */
  requester: string;
  groups: readonly string[];
  usages: readonly string[];
  expirationSeconds: number | undefined;
  /** The PEM text in base64; empty where the object is too large. */
  request: string;
  approvedAt: number | undefined;
  /** What an approval has to send back as it was; undefined for one that was approved, or is too large. */
  object: Stored<CertificateSigningRequest> | undefined;
}

/** Letters of JSON. A kubelet's own request has some 2,000, one with an RSA key of 4,096 bits and many names 4,000. */
const largest = 8_192;

/** Takes of a request what is needed; undefined for one of another signer, and for one that was denied or has failed. */
export function requestOf(object: Stored<CertificateSigningRequest>): RequestView | undefined {
  const { metadata, spec, status } = object;
  const { signerName, username = "", groups = [], usages = [], expirationSeconds, request } = spec;
  if (!isSigner(signerName)) return undefined;
  const conditions = status?.conditions ?? [];
  if (conditions.some(({ type }) => type === "Denied" || type === "Failed")) return undefined;
  const approved = conditions.find(({ type }) => type === "Approved");
  // Who manages which field is the API server's to know.
  const { managedFields: _, ...kept } = metadata;
  const sent = { ...object, metadata: kept };
  const isLarge = JSON.stringify(sent).length > largest + (status?.certificate?.length ?? 0);
  const approvedAt = Date.parse(approved?.lastUpdateTime ?? metadata.creationTimestamp);
  return {
    name: metadata.name,
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    createdAt: Date.parse(metadata.creationTimestamp),
    signer: signerName,
    requester: username,
    groups: isLarge ? [] : groups,
    usages,
    expirationSeconds,
    request: isLarge ? "" : request,
    approvedAt: approved && (Number.isNaN(approvedAt) ? Date.parse(metadata.creationTimestamp) : approvedAt),
    object: isLarge || approved ? undefined : sent,
  };
}

/** How the feature sees the requests. */
export const requestView = { project: requestOf };
