import { Contrib, Enums, Models, Serialize, Spec } from "@cyclonedx/cyclonedx-library";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { manifestOf, type Release } from "./release.ts";

const { ComponentBuilder } = Contrib.FromNodePackageJson.Builders;
const { ExternalReferenceFactory } = Contrib.FromNodePackageJson.Factories;
const { LicenseFactory } = Contrib.License.Factories;
const builder = new ComponentBuilder(new ExternalReferenceFactory(), new LicenseFactory((text) => / (?:AND|OR|WITH) /.test(text)));

export const sbomOf = (version: string): string => `plimsoll-${version}.cdx.json`;

/**
 * Writes what is in the files of the release, as CycloneDX 1.6: our npm packages, the archives, the images, the npm packages that are
 * bundled in them, and Node. What npm installs beside our packages is no part of them, and isn't there.
 */
export async function sbom({ folder, version, contents }: Release): Promise<void> {
  const bom = new Models.Bom();
  const whole = componentFor({ ...manifestOf("."), version }, Enums.ComponentType.Application);
  bom.metadata.component = whole;
  const node = componentFor({ name: "node", version: process.versions.node, license: "MIT" }, Enums.ComponentType.Platform);
  const bundled = new Map<string, Models.Component>();
  for (const [name, packages] of contents) {
    const isArchive = /\.tar(\.gz)?$/.test(name);
    const component = componentFor(
      { ...manifestOf("."), name, version },
      isArchive ? Enums.ComponentType.File : Enums.ComponentType.Library,
    );
    for (const path of packages) {
      const one =
        bundled.get(path) ?? componentFor(JSON.parse(readFileSync(join(path, "package.json"), "utf8")), Enums.ComponentType.Library);
      bundled.set(path, one);
      component.dependencies.add(one.bomRef);
    }
    if (isArchive) component.dependencies.add(node.bomRef);
    whole.dependencies.add(component.bomRef);
    bom.components.add(component);
  }
  for (const component of [...(whole.dependencies.size > 0 ? [node] : []), ...bundled.values()]) bom.components.add(component);
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  writeFileSync(join(folder, sbomOf(version)), `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`);
}

function componentFor(manifest: object, type: Enums.ComponentType): Models.Component {
  const component = builder.makeComponent(manifest as Parameters<typeof builder.makeComponent>[0], type);
  if (component === undefined) throw new Error(`a package.json without a name: ${JSON.stringify(manifest)}`);
  component.bomRef.value = `${component.group === undefined ? "" : `${component.group}/`}${component.name}@${component.version}`;
  return component;
}
