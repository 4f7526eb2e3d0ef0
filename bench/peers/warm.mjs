// Calls one trivial function with one event: in a warm worker thread, and in a warm isolated-vm.
// Prints a JSON object of name: [p50 ms, p95 ms, calls/s], for one call at a time.
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { Worker } from "node:worker_threads";
import ivm from "isolated-vm";

const CALLS = 3000;
const event = JSON.parse(readFileSync(process.argv[2], "utf8"));

async function measure(call) {
  for (let n = 0; n < 200; n++) await call();
  const taken = [];
  const began = performance.now();
  for (let n = 0; n < CALLS; n++) {
    const at = performance.now();
    const answer = await call();
    taken.push(performance.now() - at);
    if (answer.is_allowed !== true) throw new Error("no verdict");
  }
  const seconds = (performance.now() - began) / 1000;
  taken.sort((a, b) => a - b);
  return [taken[CALLS / 2], taken[Math.floor(CALLS * 0.95)], CALLS / seconds];
}

const worker = new Worker(
  `const { parentPort } = require("node:worker_threads");
  const hook = async (event) => ({ is_allowed: true });
  parentPort.on("message", async (event) => parentPort.postMessage(await hook(event)));`,
  { eval: true },
);
const inThread = await measure(() =>
  new Promise((answered) => {
    worker.once("message", answered);
    worker.postMessage(event);
  })
);
await worker.terminate();

const isolate = new ivm.Isolate({ memoryLimit: 128 });
const context = await isolate.createContext();
const hook = await context.eval("(async (event) => ({ is_allowed: true }))", { reference: true });
const inIsolate = await measure(() =>
  hook.apply(undefined, [event], {
    arguments: { copy: true },
    result: { copy: true, promise: true },
    timeout: 5000,
  })
);

console.log(JSON.stringify({ worker_threads: inThread, "isolated-vm": inIsolate }));
