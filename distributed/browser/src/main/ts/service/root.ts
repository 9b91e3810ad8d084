import type { WritePort } from "../channel.js";
import { isPort, PUT_SIDE } from "../internal/faces.js";
import { callException, type CallException } from "./call-error.js";
import { Forward, receive } from "./receiver.js";
import { Request, type Origin } from "./request.js";
import type { Context } from "./service.js";

/** Who can see a service of a root: everybody, or local callers only. */
export type Visibility = "public" | "private";

/** The name under which a root is its own service. */
const SELF = "root";

const LIMIT = 100_000;

/** Does what a command that was added to a root asks for; may be async. */
export type Handler = (request: Request, context: Context) => unknown;

interface Entry {
  readonly port: WritePort<Request>;
  readonly visibility: Visibility;
}

interface RootCommand {
  readonly localOnly: boolean;
  readonly doc: string;
  readonly run: (request: Request) => unknown;
}

/**
 * What a page offers to others: services by name, and commands of its own.
 *
 * Its channel, {@link port}, answers `list`, `get-service`, `locate-service`, `name`, `delegate`, and for local
 * callers only `add`, `remove`, `add-handler`, `remove-handler` and `set-delegate`, as every root does; the commands
 * that handlers were added for; and what it does not know goes to its delegate. For a remote caller a private
 * service is not there, whichever way it asks.
 *
 * @example
 * const root = Root.named("page").handler("now", () => new Date());
 * root.add("calculator", service({ plusOne: ({ x }) => x + 1 }), "public");
 * const peer = await connect("wss://example.org/csp", { root });
 */
export class Root {
  private readonly services = new Map<string, Entry>();
  private readonly handlers = new Map<string, Handler>();
  private readonly commands: ReadonlyMap<string, RootCommand>;
  private next: WritePort<Request> | null = null;

  /** Its channel: put-only, near and far. */
  readonly port: WritePort<Request>;

  private constructor(
    /** What it calls itself. */
    readonly name: string,
  ) {
    this.commands = this.ownCommands();
    this.port = receive(
      `root ${name}`,
      LIMIT,
      () => this.docs(),
      (request, signal) => this.respond(request, signal),
    );
  }

  /** Makes a root without services. */
  static named(name: string): Root {
    return new Root(name);
  }

  // ---- services

  /** Adds a service, or replaces the one of that name, which is told. */
  add(service: string, port: WritePort<Request>, visibility: Visibility): this {
    if (service === "" || service === SELF) {
      throw new RangeError(`a service cannot be called '${service}'`);
    }
    const replaced = this.services.get(service);
    this.services.set(service, { port, visibility });
    if (replaced !== undefined && replaced.port !== port) {
      this.tellRemoved(service, replaced);
    }
    return this;
  }

  /** Removes a service, which is told; answers whether it was there. */
  remove(service: string): boolean {
    const removed = this.services.get(service);
    if (removed === undefined) {
      return false;
    }
    this.services.delete(service);
    this.tellRemoved(service, removed);
    return true;
  }

  private tellRemoved(service: string, { port }: Entry): void {
    port.offer(Request.of({ _cmd: "removed-from-root", root: this.name, service }));
  }

  private find(service: string, caller: Origin): WritePort<Request> | null {
    if (service === SELF) {
      return this.port;
    }
    const entry = this.services.get(service);
    return entry !== undefined && isSeen(entry, caller) ? entry.port : null;
  }

  // ---- commands

  /** Adds a command, or replaces one that was added before. */
  handler(command: string, handler: Handler): this {
    if (command.startsWith("_") || this.commands.has(command)) {
      throw new RangeError(`'${command}' is a command of every root`);
    }
    this.handlers.set(command, handler);
    return this;
  }

  /** Removes a command that was added; answers whether it was there. */
  removeHandler(command: string): boolean {
    return this.handlers.delete(command);
  }

  /** Sets who is sent what this root does not know; null for nobody. */
  delegate(port: WritePort<Request> | null): this {
    if (port === this.port) {
      throw new RangeError(`${this} cannot be its own delegate`);
    }
    this.next = port;
    return this;
  }

  private async respond(request: Request, signal: AbortSignal): Promise<unknown> {
    const name = request.command();
    const own = name === null ? undefined : this.commands.get(name);
    if (own !== undefined) {
      if (own.localOnly && !request.origin.local) {
        throw callException("refused", `'${name}' of ${this} is for local callers`);
      }
      return own.run(request);
    }
    const added = name === null ? undefined : this.handlers.get(name);
    if (added !== undefined) {
      return added(request, { request, signal });
    }
    if (this.next !== null) {
      return new Forward(this.next);
    }
    throw callException("unknown-command", `${this} has no command ${name === null ? "null" : `'${name}'`}`);
  }

  private ownCommands(): Map<string, RootCommand> {
    const forAll = (doc: string, run: (request: Request) => unknown): RootCommand => ({ localOnly: false, doc, run });
    const forLocal = (doc: string, run: (request: Request) => unknown): RootCommand => ({
      localOnly: true,
      doc: `${doc} Local callers only.`,
      run,
    });
    return new Map([
      ["name", forAll("What this root calls itself.", () => this.name)],
      ["list", forAll("The services that the caller can see.", (request) => this.list(request))],
      ["get-service", forAll("The channel of a service.", (request) => this.get(request))],
      [
        "locate-service",
        forAll("The channel of a service of this root, or of a delegate.", (request) => this.locate(request)),
      ],
      ["delegate", forAll("Who is sent what this root does not know.", () => this.next)],
      ["add", forLocal("Adds a service, or replaces the one of that name.", (request) => this.addFor(request))],
      [
        "remove",
        forLocal("Removes a service; answers whether it was there.", (request) =>
          this.remove(text(request, "service")),
        ),
      ],
      [
        "add-handler",
        forLocal("Has a command answered by whoever takes from a channel.", (request) => {
          const to = channel(request);
          refusing(() => this.handler(text(request, "command"), () => new Forward(to)));
          return true;
        }),
      ],
      [
        "remove-handler",
        forLocal("Removes a command that was added; answers whether it was there.", (request) =>
          this.removeHandler(text(request, "command")),
        ),
      ],
      [
        "set-delegate",
        forLocal("Sets who is sent what this root does not know.", (request) => {
          const given = request.argument("channel") ?? null;
          refusing(() => this.delegate(given === null ? null : channel(request)));
          return true;
        }),
      ],
    ]);
  }

  private list(request: Request): unknown {
    const seen = [...this.services].filter(([, entry]) => isSeen(entry, request.origin)).sort();
    return request.argument("details") === true
      ? seen.map(([name, entry]) => ({ name, public: entry.visibility === "public" }))
      : [SELF, ...seen.map(([name]) => name)];
  }

  private get(request: Request): WritePort<Request> {
    const found = this.find(text(request, "service"), request.origin);
    if (found === null) {
      throw this.unknownService(request);
    }
    return found;
  }

  private locate(request: Request): unknown {
    const found = this.find(text(request, "service"), request.origin);
    if (found === null && this.next === null) {
      throw this.unknownService(request);
    }
    return found ?? new Forward(this.next as WritePort<Request>);
  }

  private unknownService(request: Request): CallException {
    return callException("unknown-service", `${this} has no service '${text(request, "service")}'`);
  }

  private addFor(request: Request): true {
    const visibility = request.argument("public") === true ? "public" : "private";
    refusing(() => this.add(text(request, "service"), channel(request), visibility));
    return true;
  }

  private docs(): Record<string, unknown> {
    return Object.fromEntries(
      [...this.commands].map(([name, { doc, localOnly }]) => [
        name,
        { doc, "read-only": !localOnly, "local-only": localOnly, forms: [] },
      ]),
    );
  }

  toString(): string {
    return `root '${this.name}'`;
  }
}

function isSeen({ visibility }: Entry, caller: Origin): boolean {
  return visibility === "public" || caller.local;
}

function refusing(change: () => unknown): void {
  try {
    change();
  } catch (e) {
    throw e instanceof RangeError ? callException("invalid-argument", e.message) : e;
  }
}

/** A name: text, or a number, which old callers send. */
function text(request: Request, name: string): string {
  const value = request.argument(name);
  if (typeof value === "string" || typeof value === "number") {
    return String(value);
  }
  throw callException("invalid-argument", `'${request.command()}' needs argument '${name}'`);
}

function channel(request: Request): WritePort<Request> {
  const value = request.argument("channel");
  if (isPort(value) && value[PUT_SIDE] !== undefined) {
    return value as unknown as WritePort<Request>;
  }
  throw callException("invalid-argument", `'${request.command()}' needs argument 'channel', a channel`);
}
