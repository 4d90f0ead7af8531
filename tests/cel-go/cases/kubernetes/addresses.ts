import { called, crossed } from "../crossed.ts";

const addresses =
  "127.0.0.1 0.0.0.0 255.255.255.255 10.1.2.3 192.168.0.1 169.254.169.254 224.0.0.1 224.0.1.1 239.1.1.1 8.8.8.8 ::1 :: 2001:db8::1 2001:DB8::ABCD 2001:db8:0:0:0:0:0:1 2001:db8::0:1 1:0:0:2:0:0:0:3 1:0:2:3:4:5:6:7 fe80::1 febf::1 fec0::1 ff02::1 ff12::1 ff01::1 fd00::1 ::1.2.3.4 64:ff9b::1.2.3.4".split(
    " ",
  );
const wrong =
  " 127.0.0.256 01.2.3.4 1.2.3 1.2.3.4.5 :::1 1::2::3 ::ffff:1.2.3.4 ::ffff:102:304 fe80::1%eth0 1.2.3.4/8 x 1:2:3:4:5:6:7 1:2:3:4:5:6:7:8:9 ::g 12345::".split(
    " ",
  );
const networks = "10.0.0.0/8 10.1.2.3/8 192.168.0.0/24 192.168.0.0/16 0.0.0.0/0 1.2.3.4/32 ::/0 ::1/128 2001:db8::/32 2001:db8::5/64".split(
  " ",
);
const wrongNetworks = [
  "",
  "10.0.0.0",
  "10.0.0.0/33",
  "::1/129",
  "10.0.0.0/08",
  "10.0.0.0/+8",
  "10.0.0.0/-1",
  "::ffff:1.2.3.0/120",
  "x/8",
  "fe80::1%a/64",
  "1.2.3.4/",
];
const quoted = (texts: readonly string[]): string[] => texts.map((text) => `"${text}"`);

export const internet: readonly string[] = [
  ...crossed(["isIP", "ip.isCanonical", "isCIDR"], quoted([...addresses, ...wrong, ...networks, ...wrongNetworks])),
  ...called(
    [...addresses, ...wrong].map((text) => `ip("${text}")`),
    ["family()", "isUnspecified()", "isLoopback()", "isLinkLocalMulticast()", "isLinkLocalUnicast()", "isGlobalUnicast()"],
  ),
  ...addresses.map((text) => `string(ip("${text}"))`),
  ...called(
    [...networks, ...wrongNetworks].map((text) => `cidr("${text}")`),
    [
      "prefixLength()",
      "ip().family()",
      'ip() == ip("10.0.0.0")',
      'masked() == cidr("10.0.0.0/8")',
      ...["10.1.2.3", "192.168.0.77", "::1", "2001:db8::9", "x"].flatMap((text) => [`containsIP("${text}")`, `containsIP(ip("${text}"))`]),
      ...["10.0.0.0/8", "192.168.0.0/16", "2001:db8::/64", "x"].flatMap((text) => [
        `containsCIDR("${text}")`,
        `containsCIDR(cidr("${text}"))`,
      ]),
    ],
  ),
  ...networks.flatMap((text) => [`string(cidr("${text}"))`, `string(cidr("${text}").masked())`]),
  'ip("::1") == ip("0:0::1")',
  'ip("::1.2.3.4") == ip("1.2.3.4")',
  'cidr("10.0.0.1/8") == cidr("10.0.0.0/8")',
  "ip(1)",
  'ip("1.2.3.4").family',
  'ip("1.2.3.4") < ip("1.2.3.5")',
];
