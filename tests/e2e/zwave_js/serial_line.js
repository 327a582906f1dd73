// The stick's end of a serial line: a pseudo terminal behind a symbolic link that can leave the bus and come back.
// To the mock controller it is a port: `readable` gives whole frames and `emitData` takes bytes. socat owns the
// terminal, because node cannot make one.

import { spawn } from "node:child_process";
import { closeSync, constants, openSync, rmSync, symlinkSync } from "node:fs";
import { SerialAPIParser, ZWaveSerialFrameType } from "@zwave-js/serial";

const TERMINAL_TIMEOUT_MS = 5000;
const START_OF_FRAME = 0x01;
const ACKNOWLEDGED = 0x06;

export class SerialLine {
  // The mock controller reads one frame per chunk and fails on anything else. Bytes from a pseudo terminal come as
  // the kernel likes, hence the parser before this queue.
  #frames = new TransformStream();
  #controller = this.#frames.writable.getWriter();
  #link;
  #onGarbage;
  #socat;
  #heldOpen;
  #unacknowledged = 0; // frames of the stick's

  constructor(link, onGarbage) {
    this.#link = link;
    this.#onGarbage = onGarbage;
  }

  get readable() {
    return this.#frames.readable;
  }

  // A stick that is off the bus says nothing to nobody.
  emitData(bytes) {
    if (!this.#socat) return;
    if (bytes[0] === START_OF_FRAME) this.#unacknowledged += 1;
    this.#socat.stdin.write(bytes);
  }

  // Whether the host has acknowledged all that the stick has said. The mock controller says nothing twice, and takes
  // an acknowledgement for that of the oldest frame: one that is lost is never made up for.
  get quiet() {
    return this.#unacknowledged <= 0;
  }

  async plug() {
    const socat = spawn("socat", ["-d", "-d", "-", "pty,rawer"]);
    const terminal = await terminalOf(socat);
    // Held open here, as a pseudo terminal that its last user closes would end socat. A stick stays.
    this.#heldOpen = openSync(terminal, constants.O_RDWR | constants.O_NOCTTY);
    this.#socat = socat;
    socat.once("close", () => this.#failIfPlugged(socat));
    socat.stdin.on("error", () => {}); // what is on its way when the stick leaves the bus is lost
    this.#deliver(socat.stdout);
    symlinkSync(terminal, this.#link);
  }

  async unplug() {
    const socat = this.#socat;
    if (!socat) return;
    this.#socat = undefined;
    const gone = new Promise((resolve) => socat.once("close", resolve));
    rmSync(this.#link, { force: true });
    socat.kill("SIGTERM");
    await gone;
    closeSync(this.#heldOpen);
  }

  #failIfPlugged(socat) {
    if (this.#socat === socat) throw new Error("socat ended, and the stick's terminal with it");
  }

  // A parser for each time on the bus: half a frame from before must not eat the first one after.
  #deliver(bytes) {
    const parser = new SerialAPIParser();
    const input = parser.writable.getWriter();
    bytes.on("data", (chunk) => void input.write(chunk));
    bytes.on("close", () => void input.close());
    void this.#sort(parser.readable);
  }

  async #sort(frames) {
    for await (const { type, data } of frames) {
      if (type === ZWaveSerialFrameType.SerialAPI) {
        if (data === ACKNOWLEDGED) this.#unacknowledged -= 1;
        void this.#controller.write(typeof data === "number" ? Uint8Array.of(data) : data);
      } else {
        this.#onGarbage(data);
      }
    }
  }
}

// The name of the terminal that socat made, by what it says.
function terminalOf(socat) {
  return new Promise((resolve, reject) => {
    let said = "";
    const fail = (why) => {
      socat.kill("SIGKILL");
      reject(new Error(`no pseudo terminal from socat: ${why} ${said}`));
    };
    const late = setTimeout(() => fail("too late"), TERMINAL_TIMEOUT_MS);
    socat.once("error", (error) => fail(error.message));
    socat.once("exit", (status) => fail(`exit status ${status}`));
    socat.stderr.on("data", (text) => {
      said += text;
      const terminal = said.match(/PTY is (\S+)\n/);
      if (!terminal) return;
      clearTimeout(late);
      socat.removeAllListeners("exit");
      socat.stderr.removeAllListeners("data").resume();
      resolve(terminal[1]);
    });
  });
}
