import { allow, declare } from "../kinds.ts";
import type { RuntimeOf } from "../runtime.ts";
import type { CsrConfig } from "./config.ts";
import { clientSigner, servingSigner } from "./decide/signers.ts";

/** All that the approval of certificate requests may do. */
export const permissions = declare("csr", [
  allow(["list", "watch"], "certificatesigningrequests.certificates.k8s.io", "to see which requests wait, and which keys were certified"),
  allow("update", "certificatesigningrequests.certificates.k8s.io/approval", "to approve a request or, where configured, to deny it"),
  allow("approve", "signers.certificates.k8s.io", "to approve kubelets' serving certificates, and their own client certificates", {
    names: [servingSigner, clientSigner],
  }),
  allow(["list", "watch"], "nodes", "to see which nodes there are, and which addresses are theirs"),
]);

/** What the approval of certificate requests is given to work with. */
export type CsrRuntime = RuntimeOf<typeof permissions, CsrConfig>;
