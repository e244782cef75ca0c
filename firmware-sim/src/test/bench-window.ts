import { VirtualClock } from "../clock/virtual-clock.ts";
import type { KeyNo } from "../face.ts";
import { joinPlans, readFault } from "../faults/library.ts";
import { seededBytes, seededRandom } from "../faults/seeded-random.ts";
import { startFaults } from "../faults/start-faults.ts";
import type { Press } from "../fleet/citizens.ts";
import { type Reckoning, reckon } from "../hall/audit.ts";
import { HallWindow } from "../hall/hall-window.ts";
import { MemoryPort } from "../ports/memory-port.ts";
import { SimulatedPad } from "../simulator.ts";

/** One pad and its window PC on a line of 115,200 baud, on a virtual clock. For tests only. */
export class BenchWindow {
  readonly clock = new VirtualClock();
  readonly pad: SimulatedPad;
  readonly pc: HallWindow;
  readonly presses: Press[] = [];

  constructor() {
    const port = new MemoryPort({ clock: this.clock, baud: 115_200 });
    this.pad = new SimulatedPad({ port, clock: this.clock, random: seededBytes(seededRandom(1)), lineRandom: seededRandom(2) });
    this.pc = new HallWindow({
      clock: this.clock,
      random: seededBytes(seededRandom(3)),
      line: port.host,
      wallStartMs: Date.UTC(2026, 2, 2, 1, 0),
      timeoutMs: 30_000,
    });
    this.pc.start();
    this.clock.runUntil(() => this.pc.isReady, 10_000);
  }

  /** @param text as on the command line, `name=value` @returns mends it */
  suffer(text: string): () => void {
    return startFaults(joinPlans([readFault(text)]), this.pad, seededRandom(4), this.clock);
  }

  /** Asks, and waits until the pad shows it or has refused it. */
  ask(): string {
    const request = this.pc.ask(`case ${this.pc.requests.size + 1}`);
    this.clock.runUntil(() => this.pad.face.requestId === request.requestId || request.end !== undefined, 60_000);
    return request.requestId;
  }

  /** A finger on a key, for as long as a finger takes. */
  press(key: KeyNo, downMs = 120): void {
    this.presses.push({ key, requestId: this.pad.face.requestId ?? "" });
    this.pad.keyDown(key);
    this.clock.run(downMs);
    this.pad.keyUp(key);
  }

  /** Until the pad keeps nothing any more that the window PC does not have. */
  settle(withinMs = 600_000): boolean {
    return this.clock.runUntil(() => this.pad.face.power && this.pad.face.pendingEvents === 0, withinMs);
  }

  get levels(): readonly (number | undefined)[] {
    return [...this.pc.requests.values()].map(({ level }) => level);
  }

  get reckoning(): Reckoning {
    const { presses, pc, pad } = this;
    return reckon({ presses, facts: pad.facts(), pending: pad.face.pendingEvents, pc });
  }
}
