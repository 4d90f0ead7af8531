import type { ScalarTag } from "yaml";

/** `!!binary` as sigs.k8s.io/yaml reads it: the text that the bytes are. What is none would be changed there without a word. */
export const binary: ScalarTag = {
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
