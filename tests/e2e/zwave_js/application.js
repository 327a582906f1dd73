// application.js TTY FOLDER: the real Z-Wave JS driver on a serial line. Cache and log go to FOLDER.
// Commands on standard input, one line each, done one after the other; for each an answer, a line of JSON. Without being
// asked it tells events: the driver's and the nodes' readiness, what the driver thinks of the controller, and every value
// that a node reports. Each with the time, in seconds of the machine's monotonic clock.

import { performance } from "node:perf_hooks";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { ControllerStatus, Driver } from "zwave-js";

const [tty, folder] = process.argv.slice(2);

function tell(what) {
  console.log(JSON.stringify({ ...what, at: Number(process.hrtime.bigint() / 1000n) / 1e6 }));
}

const driver = new Driver(tty, {
  logConfig: { enabled: true, level: "debug", logToFile: true, filename: `${folder}/driver`, forceConsole: false },
  storage: { cacheDir: `${folder}/cache`, lockDir: `${folder}/lock` },
});

function follow(node) {
  node.on("ready", () => tell({ event: "node ready", node: node.id, product: node.productId }));
  node.on("value updated", (_, { commandClassName, property, newValue }) =>
    tell({ event: "value", node: node.id, of: commandClassName, property, value: newValue }));
}

// The driver has given up for good: whoever waits for an answer is to know at once.
driver.on("error", (error) => {
  tell({ event: "driver failed", why: error.message });
  process.exit(1);
});
driver.on("all nodes ready", () => tell({ event: "all nodes ready" }));
driver.on("driver ready", () => {
  tell({ event: "driver ready", home: driver.controller.homeId });
  driver.controller.on("status changed", (status) => tell({ event: "controller", status: ControllerStatus[status] }));
  for (const node of driver.controller.nodes.values()) if (!node.isControllerNode) follow(node);
});

function switchOf(node) {
  return driver.controller.nodes.getOrThrow(Number(node)).commandClasses["Binary Switch"];
}

async function turn(node, state) {
  await switchOf(node).set(state === "on");
}

async function read(node) {
  return (await switchOf(node).get()).currentValue;
}

// Reads the node's switch until it is told to rest, the next time `pace` milliseconds after the last, and tells of each time
// how it went. Other commands come in between.
let restless = false;

function steady(node, pace) {
  restless = true;
  void keepReading(node, pace);
}

async function keepReading(node, pace) {
  while (restless) {
    tell(await inTurn(() => read(node)).then(
      () => ({ event: "answered" }), (error) => ({ event: "command failed", why: error.message })));
    await sleep(pace);
  }
}

// What has to be over before the next begins: a stick that is reset in the middle of a command never answers that.
let before = Promise.resolve();

function inTurn(action) {
  const done = before.then(action);
  before = done.catch(() => {});
  return done;
}

// Turns the node's switch on and off by turns, and reads it back each time.
async function repeat(node, times) {
  let wrong = 0;
  const set = [];
  const get = [];
  for (let i = 0; i < times; ++i) {
    const state = i % 2 === 0 ? "on" : "off";
    set.push(await timed(() => turn(node, state)));
    get.push(await timed(async () => (wrong += Number((await read(node)) !== (state === "on")))));
  }
  return { times: set.length, wrong, set: summary(set), get: summary(get) };
}

async function timed(action) {
  const from = performance.now();
  await action();
  return performance.now() - from;
}

function summary(times) {
  const sorted = times.toSorted((a, b) => a - b);
  const round = (ms) => Math.round(ms * 10) / 10;
  return { p50_ms: round(sorted[Math.floor(sorted.length / 2)]), max_ms: round(sorted.at(-1)) };
}

const COMMANDS = {
  turn,
  read,
  repeat: (node, times) => repeat(node, Number(times)),
  steady: (node, pace) => steady(node, Number(pace)),
  rest: () => void (restless = false),
  reset: () => driver.softReset(),
  statistics: () => driver.controller.statistics,
  quit: () => driver.destroy(),
};

async function answer(line) {
  const [command, ...parameters] = line.split(" ");
  const from = performance.now();
  try {
    const result = await inTurn(() => COMMANDS[command](...parameters));
    tell({ answer: command, result: result ?? null, ms: Math.round(performance.now() - from) });
  } catch (error) {
    tell({ answer: command, failed: error.message, ms: Math.round(performance.now() - from) });
  }
  if (command === "quit") process.exit();
}

createInterface({ input: process.stdin }).on("line", (line) => void answer(line));
await driver.start();
