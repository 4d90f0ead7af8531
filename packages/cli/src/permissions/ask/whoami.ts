import type { PolicyRule } from "@plimsoll/permissions";
import type { Transport } from "@plimsoll/kube";
import { Command } from "commander";
import * as z from "zod";
import { withCluster, type ClusterOptions } from "../../connect/cluster-options.ts";
import { print, tableOf, withFormat } from "../format.ts";
import { openedToAsk } from "../sources/live.ts";
import { formatObjects, formatVerbs } from "../text.ts";
import { visible } from "../../output/visible.ts";
import { summaries } from "../summaries.ts";

const texts = z.array(z.string());
const review = z.object({
  status: z.object({
    userInfo: z.object({
      username: z.string(),
      uid: z.string().optional(),
      groups: texts.default([]),
      extra: z.record(z.string(), texts).optional(),
    }),
  }),
});
const onResources = z.object({ verbs: texts, apiGroups: texts.default([]), resources: texts.default([]), resourceNames: texts.optional() });
const onPaths = z.object({ verbs: texts, nonResourceURLs: texts.default([]) });
const rulesReview = z.object({
  status: z.object({
    resourceRules: z.array(onResources).nullish(),
    nonResourceRules: z.array(onPaths).nullish(),
    incomplete: z.boolean().default(false),
    evaluationError: z.string().optional(),
  }),
});

/** `plimsoll permissions whoami`: who the API server takes the caller for, and what they may do. */
export function whoamiCommand(): Command {
  return withFormat(withCluster(new Command("whoami")), "table", "json", "yaml")
    .description(summaries.whoami.description)
    .addHelpText(
      "after",
      "\nExamples:\n  plimsoll permissions whoami\n  plimsoll permissions whoami -n team-a -o yaml\n  plimsoll permissions whoami --context production",
    )
    .action((options: ClusterOptions & { output: string }) =>
      openedToAsk(options, async (transport) => {
        const namespace = options.namespace ?? transport.namespace;
        const { userInfo } = review.parse(await ask(transport, "authentication.k8s.io/v1/selfsubjectreviews", {})).status;
        const { status } = rulesReview.parse(
          await ask(transport, "authorization.k8s.io/v1/selfsubjectrulesreviews", { spec: { namespace } }),
        );
        const rules: PolicyRule[] = [
          ...(status.resourceRules ?? []).map(({ resourceNames, ...rule }) => ({
            ...rule,
            ...(resourceNames?.length && { resourceNames }),
          })),
          ...(status.nonResourceRules ?? []),
        ];
        print(options.output, { user: userInfo, namespace, rules, incomplete: status.incomplete }, () =>
          [
            visible(`User ${userInfo.username}${userInfo.uid ? ` (uid ${userInfo.uid})` : ""}`),
            ...userInfo.groups.map((group) => visible(`Group ${group}`)),
            ...Object.entries(userInfo.extra ?? {}).map(([key, values]) => visible(`${key}: ${values.join(", ")}`)),
            "",
            tableOf(
              ["NAMESPACE", "VERBS", "ON"],
              rules.map((rule) => [namespace, formatVerbs(rule), formatObjects(rule)]),
            ),
          ].join("\n"),
        );
        if (status.incomplete)
          console.error(
            `note: an authorizer can't list all that it allows${status.evaluationError ? `: ${visible(status.evaluationError)}` : ""}; kubectl auth can-i asks about one request`,
          );
      }),
    );
}

function ask(transport: Transport, path: string, body: object): Promise<unknown> {
  return transport.request<unknown>({ method: "POST", path: `/apis/${path}`, body });
}
