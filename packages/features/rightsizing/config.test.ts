import { closeSettings, vpaSettings, type SizingSettings } from "@plimsoll/model/sizing";
import { expect, test } from "vitest";
import { config, sizingSettingsOf } from "./config.ts";

const settings = (recommender: object): SizingSettings => sizingSettingsOf(config.parse({ recommender }));
/** Without how much can be at all. */
const plain = ({ cpu: { most: _, ...cpu }, memory: { most: __, ...memory }, ...rest }: SizingSettings) => ({ ...rest, cpu, memory });

test("by default, recommendations are made by what VerticalPodAutoscaler publishes; close, by less", () => {
  expect(plain(settings({}))).toEqual(plain(vpaSettings));
  expect(plain(settings({ basis: "close" }))).toEqual(plain(closeSettings));
});

test("a key holds in place of its basis, and alone", () => {
  const close = plain(closeSettings);
  expect(plain(settings({ basis: "close", cpuFloor: "50m", memoryPercentile: 99 }))).toEqual({
    ...close,
    cpu: { ...close.cpu, floor: 50 },
    memory: { ...close.memory, percentile: { target: 0.99, lower: 0.5, upper: 0.99 } },
  });
});
