import type { ScalarTag, Tags } from "yaml";

/** `!!binary` as sigs.k8s.io/yaml reads it: the text that the bytes are. What is none would be changed there without a word. */
const binary: ScalarTag = {
  tag: "tag:yaml.org,2002:binary",
  resolve: (source, onError) => {
    const encoded = source.replaceAll(/[\r\n]/g, "");
    if (!/^(?:[\w+/]{4})*(?:[\w+/]{2}==|[\w+/]{3}=)?$/.test(encoded) || encoded.includes("_")) onError("!!binary takes base64");
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(encoded, "base64"));
    } catch {
      onError(
        "the bytes of this !!binary are no text in UTF-8, and kubectl would change them: only a Secret's data holds any, in base64 without a tag",
      );
      return "";
    }
  },
};

/** `!!float`, also of a whole number. */
const float: ScalarTag = {
  tag: "tag:yaml.org,2002:float",
  resolve: (source) => (/^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?$/i.test(source) ? Number(source) : source),
};

/** As sigs.k8s.io/yaml reads tags: those of sets, ordered maps and times say nothing of a value, and there are no numbers to the base 60. */
export function tagsAsKubectl(tags: Tags): Tags {
  const others = /:(?:binary|omap|pairs|set|timestamp)$/;
  const kept = tags.filter((tag) => typeof tag === "string" || !(others.test(tag.tag) || ("format" in tag && tag.format === "TIME")));
  return [...kept, binary, float];
}
