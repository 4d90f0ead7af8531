import { openCloud } from "@plimsoll/cloud";
import { nodeView } from "@plimsoll/model";
import { defineFeature } from "../feature.ts";
import { config } from "./config.ts";
import { CsrController } from "./run/controller.ts";
import { permissions } from "./permissions.ts";
import proof from "./proof.json" with { type: "json" };
import { requestView } from "./decide/request-view.ts";
import { loadVerify } from "./decide/verify.ts";

/** Approves the certificate requests of kubelets that hold all checks. */
export const csr = defineFeature({
  permissions,
  proof,
  config,
  leader: "required",
  scope: "Cluster",
  isOptIn: true,
  start: async (runtime, config) => {
    // Every view has to be asked for before anything is waited for.
    const nodes = runtime.view("nodes", nodeView);
    const requests = runtime.view("certificatesigningrequests.certificates.k8s.io", requestView);
    const [cloud, verify] = await Promise.all([config.cloud === null ? undefined : openCloud(config.cloud), loadVerify()]);
    await new CsrController({ runtime, nodes, requests, cloud, verify, config }).run();
  },
});
