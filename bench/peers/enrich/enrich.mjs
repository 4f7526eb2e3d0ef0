// The same enrichment in Node, one process: a loop over maxmind, ua-parser-js, libphonenumber-js.
// Started with a folder; prints a JSON object of seconds by part. It knows no place and no carrier
// of a number: libphonenumber-js has no such tables.
import { createReadStream, createWriteStream, readFileSync } from "node:fs";
import { once } from "node:events";
import { performance } from "node:perf_hooks";
import { createInterface } from "node:readline";
import parsePhone from "libphonenumber-js/max";
import maxmind from "maxmind";
import { UAParser } from "ua-parser-js";

const folder = process.argv[2];
const began = performance.now();
const city = await maxmind.open(`${folder}/city.mmdb`);
const asn = await maxmind.open(`${folder}/asn.mmdb`);
const lists = JSON.parse(readFileSync(`${folder}/domains.json`, "utf8"));
const free = new Set(lists.free);
const disposable = new Set(lists.disposable);
const spent = { places: 0, devices: 0, phones: 0, addresses: 0 };

const target = createWriteStream(`${folder}/node.csv`);
const lines = createInterface({ input: createReadStream(`${folder}/people.csv`) });
let isFirst = true;
for await (const line of lines) {
  if (isFirst) {
    target.write(
      `${line},city,country,timezone,asn,device,os,browser,` +
        `phone_country,phone_type,email_domain,email_is_free,email_is_disposable\n`,
    );
    isFirst = false;
    continue;
  }
  // A user agent has commas and is quoted then; nothing else in the file is.
  const [, email, phone, ip, ...rest] = line.split(",");
  const agent = rest.join(",").replace(/^"|"$/g, "");
  const at = performance.now();
  const there = city.get(ip) ?? {};
  const network = asn.get(ip) ?? {};
  const placed = performance.now();
  const said = new UAParser(agent).getResult();
  const seen = performance.now();
  const number = parsePhone(phone);
  const kind = number?.getType() ?? "";
  const called = performance.now();
  const domain = email.slice(email.lastIndexOf("@") + 1).toLowerCase();
  const isFree = free.has(domain);
  const isDisposable = disposable.has(domain);
  spent.places += placed - at;
  spent.devices += seen - placed;
  spent.phones += called - seen;
  spent.addresses += performance.now() - called;
  const found = [
    there.city?.names?.en,
    there.country?.names?.en,
    there.location?.time_zone,
    network.autonomous_system_number,
    said.device.vendor,
    said.os.name,
    said.browser.name,
    number?.country,
    kind,
    domain,
    isFree,
    isDisposable,
  ];
  if (!target.write(`${line},${found.map((one) => one ?? "").join(",")}\n`)) {
    await once(target, "drain");
  }
}
target.end();
await once(target, "finish");
const seconds = (performance.now() - began) / 1000;
for (const part in spent) spent[part] /= 1000;
console.log(JSON.stringify({ seconds, ...spent }));
