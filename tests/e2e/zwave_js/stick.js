// stick.js LINK [--resets-off-the-bus]: the Z-Wave JS project's own mock stick with two nodes, on a serial line.
// Node 2 is a switch, node 3 a dimmer. On standard input: `report LEVEL` makes the dimmer report by itself.
// What happens is told in lines of JSON.

import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { MultilevelSwitchCCReport } from "@zwave-js/cc";
import { CommandClasses } from "@zwave-js/core";
import { SerialAPIStartedRequest, SerialAPIWakeUpReason, SoftResetRequest } from "@zwave-js/serial/serialapi";
import { MockController, MockNode, ccCaps, createMockZWaveRequestFrame } from "@zwave-js/testing";
import { createDefaultMockControllerBehaviors, createDefaultMockNodeBehaviors } from "zwave-js/Testing";
import { SerialLine } from "./serial_line.js";

const HOME_ID = 0xc0ffee01;
// As measured on sticks with USB of their own: the acknowledgement leaves first, then the stick leaves the bus,
// comes back, and takes a moment to start.
const ACK_LEAVES_MS = 20;
const OFF_THE_BUS_MS = 350;
const STARTING_MS = 100;

const IN_EVERY_NODE = [
  CommandClasses["Z-Wave Plus Info"],
  CommandClasses["Manufacturer Specific"],
  CommandClasses.Version,
];
const SWITCH = { id: 2, productId: 0x1002, commandClass: CommandClasses["Binary Switch"] };
const DIMMER = { id: 3, productId: 0x1003, commandClass: CommandClasses["Multilevel Switch"] };

function tell(event, details = {}) {
  console.log(JSON.stringify({ event, ...details }));
}

async function makeNode(controller, { id, productId, commandClass }) {
  const node = await MockNode.create({
    id,
    controller,
    capabilities: {
      manufacturerId: 0x1234,
      productType: 1,
      productId,
      commandClasses: [...IN_EVERY_NODE, ccCaps({ ccId: commandClass, version: 1 })],
    },
  });
  node.defineBehavior(...createDefaultMockNodeBehaviors());
  controller.addNode(node);
  return node;
}

function resetsOffTheBus(line) {
  return {
    async onHostMessage(controller, message) {
      if (!(message instanceof SoftResetRequest)) return false;
      await sleep(ACK_LEAVES_MS);
      await line.unplug();
      tell("left the bus");
      await sleep(OFF_THE_BUS_MS);
      await line.plug();
      tell("back on the bus");
      await sleep(STARTING_MS);
      await started(controller);
      return true;
    },
  };
}

// Nobody may be listening yet. That is not the stick's concern, so it is told and no more.
async function started(controller) {
  const message = new SerialAPIStartedRequest({
    wakeUpReason: SerialAPIWakeUpReason.SoftwareReset,
    watchdogEnabled: false,
    isListening: true,
    genericDeviceClass: 0x02,
    specificDeviceClass: 0x07,
    supportedCCs: [],
    controlledCCs: [],
    supportsLongRange: false,
  });
  try {
    await controller.sendMessageToHost(message);
    tell("started");
  } catch {
    tell("started, and nobody acknowledged");
  }
}

async function report(node, level) {
  const reported = new MultilevelSwitchCCReport({ nodeId: node.controller.ownNodeId, currentValue: level });
  await node.sendToController(createMockZWaveRequestFrame(reported, { ackRequested: false }));
  tell("reported", { level });
}

// Says so when nothing that it has said is on its way to be acknowledged.
async function quiet() {
  while (!line.quiet) await new Promise((resolve) => setTimeout(resolve, 10));
  tell("quiet");
}

const [link, option] = process.argv.slice(2);
const line = new SerialLine(link, (bytes) => tell("garbage", { bytes: Buffer.from(bytes).toString("hex") }));
const controller = await MockController.create({ mockPort: line, homeId: HOME_ID });
controller.defineBehavior(...createDefaultMockControllerBehaviors());
if (option === "--resets-off-the-bus") controller.defineBehavior(resetsOffTheBus(line));
await makeNode(controller, SWITCH);
const dimmer = await makeNode(controller, DIMMER);
await line.plug();
tell("plugged in");

process.once("SIGTERM", async () => {
  await line.unplug();
  process.exit(0);
});
createInterface({ input: process.stdin }).on("line", (command) => {
  const [verb, level] = command.split(" ");
  if (verb === "report") void report(dimmer, Number(level));
  else if (verb === "quiet") void quiet();
  else throw new Error(`unknown command "${command}"`);
});
