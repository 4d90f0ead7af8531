import { permissions, rulesFor } from "@plimsoll/features/pipelines";
import type { PolicyRule } from "@plimsoll/permissions";
import { aiPipeline, rulesOf } from "@plimsoll/permissions/roles";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkArguments } from "./arguments.ts";
import { customResourceRules } from "./custom-resources.ts";
import { manifestsIn } from "./manifests-in.ts";

/** What an AiPipelineClusterRole is called, and whether it has its optional rule. */
export interface AiPipelineClusterRoleArgs {
  /** The ClusterRole's name in the cluster; by default `ai-pipeline-cluster-role`. */
  name?: pulumi.Input<string>;
  labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  annotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * The role's optional rule, for custom resource definitions: `true` grants it for all of them, as published; names
   * (`pipelines.plimsoll.dev`) hold it to these, but for `create`: a POST has no name to hold it to. Without it, or with no names: no rule.
   */
  customResources?: boolean | readonly string[];
  /** Instead of the published rules, those that Plimsoll's pipelines declare. Not with `for`. */
  least?: boolean;
  /** Instead of the published rules, those that the pipelines of these files need: paths of YAML or JSON files with Pipelines and PipelineRuns. Not with `least`. */
  for?: string | readonly string[];
}

/**
 * A ClusterRole for AI pipelines and job scheduling: by default the published ai-pipeline role, rule for rule.
 * A mistake in the arguments throws a `pulumi.RunError` that names the argument, before anything is registered.
 */
export class AiPipelineClusterRole extends pulumi.ComponentResource {
  /** To bind the role by, once it exists. */
  readonly clusterRoleName: pulumi.Output<string>;

  constructor(name: string, args: AiPipelineClusterRoleArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const rules = rulesFrom(args);
    super("plimsoll:rbac:AiPipelineClusterRole", name, {}, opts);
    const metadata = {
      name: pulumi.output(args.name ?? aiPipeline.name).apply(checkedName),
      ...(args.labels === undefined ? {} : { labels: args.labels }),
      ...(args.annotations === undefined ? {} : { annotations: args.annotations }),
    };
    // A program that made the ClusterRole itself, under this name, keeps the object when it takes the component instead.
    const adopted = { parent: pulumi.rootStackResource };
    const role = new kubernetes.rbac.v1.ClusterRole(name, { metadata, rules }, { parent: this, aliases: [adopted] });
    this.clusterRoleName = role.metadata.name;
    this.registerOutputs({ clusterRoleName: this.clusterRoleName });
  }
}

function rulesFrom(args: AiPipelineClusterRoleArgs): PolicyRule[] {
  checkArguments(args, ["name", "labels", "annotations", "customResources", "least", "for"] satisfies (keyof AiPipelineClusterRoleArgs)[]);
  if (typeof args.name === "string") checkedName(args.name);
  if (args.least !== undefined && typeof args.least !== "boolean")
    throw new pulumi.RunError(`least: is ${JSON.stringify(args.least)}: must be true or false`);
  return [...pipelineRules(args).map(policyRule), ...customResourceRules(args.customResources)];
}

/** What the API server takes as a role's name (k8s.io/apimachinery pkg/api/validation/path, IsValidPathSegmentName). */
function checkedName(name: string): string {
  if (name === "" || name === "." || name === ".." || /[/%]/.test(name))
    throw new pulumi.RunError(`name: is ${JSON.stringify(name)}: a ClusterRole's name is not empty, . or .., and has no / and no %`);
  return name;
}

function pipelineRules({ least, for: files }: AiPipelineClusterRoleArgs): readonly PolicyRule[] {
  if (files === undefined) return least ? permissions.rules : rulesOf(aiPipeline);
  if (least) throw new pulumi.RunError("least and for: give one of them; for is already the least that its pipelines need");
  return rulesFor(manifestsIn(files));
}

/** A rule with what RBAC has of it: a declared one holds its scope and its reason too. */
function policyRule({ apiGroups = [], resources = [], resourceNames, verbs }: PolicyRule): PolicyRule {
  return { apiGroups, resources, ...(resourceNames === undefined ? {} : { resourceNames }), verbs };
}
