import type { WritePort } from "../channel.js";
import { isPort, PUT_SIDE } from "../internal/faces.js";
import { callException, type PlainCode } from "./call-error.js";
import { Forward, PATIENCE, receive } from "./receiver.js";
import { Request, type Origin } from "./request.js";
import { byName, documented, type Command, type Context } from "./service.js";

/** Who can see a service of a root: everybody, or local callers only. */
export type Visibility = "public" | "private";

/** The name under which a root is its own service. */
const SELF = "root";

const LIMIT = 100_000;

/** The name under which a request carries who passed it on, the first root first. */
const TRAIL = "_passed-by";

/** How many roots may pass a request on: far more than anybody would set up. */
const LONGEST = 64;

/** Does what a command that was added to a root asks for; may be async. */
export type Handler = (request: Request, context: Context) => unknown;

interface Entry {
  readonly port: WritePort<Request>;
  readonly visibility: Visibility;
}

interface RootCommand {
  readonly localOnly: boolean;
  readonly doc: string;
  readonly readOnly: boolean;
  readonly parameters: Parameters;
  readonly returns: string;
  readonly run: (request: Request) => unknown;
}

type Parameters = NonNullable<Command["parameters"]>;

const PORT = "WritePort<Request>";
const SERVICE: Parameters = { service: { type: "String" } };
const CHANNEL: Parameters = { channel: { type: PORT } };
const COMMAND: Parameters = { command: { type: "String" } };

/**
 * What a page offers to others: services by name, and commands of its own.
 *
 * Its channel, {@link port}, answers `list`, `get-service`, `locate-service`, `name`, `delegate`, and for local
 * callers only `add`, `remove`, `add-handler`, `remove-handler` and `set-delegate`, as every root does; the commands
 * that handlers were added for; and what it does not know goes to its delegate; where delegates form a circle, the
 * caller is told. For a remote caller a private service is not there, whichever way it asks.
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

  /**
   * Adds a service, or replaces the one of that name, which is told. One whose channel is closed is not there any more.
   */
  add(service: string, port: WritePort<Request>, visibility: Visibility): this {
    if (service === "" || service === SELF) {
      throw new RangeError(`a service cannot be called '${service}'`);
    }
    const replaced = this.services.get(service);
    this.services.forEach(({ port: former }, name) => former.isClosed() && this.services.delete(name));
    this.services.set(service, { port, visibility });
    if (replaced !== undefined && replaced.port !== port) {
      this.tellRemoved(service, replaced);
    }
    return this;
  }

  /** Removes a service, which is told; answers whether it was there. */
  remove(service: string): boolean {
    const removed = this.services.get(service);
    this.services.delete(service);
    if (removed === undefined || removed.port.isClosed()) {
      return false;
    }
    this.tellRemoved(service, removed);
    return true;
  }

  /** Tells a service, when it takes the word if it is busy now. */
  private tellRemoved(service: string, { port }: Entry): void {
    const word = Request.of({ _cmd: "removed-from-root", root: this.name, service });
    if (!port.offer(word)) {
      void port.offer(word, PATIENCE);
    }
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
      const came = Object.keys(request.arguments());
      const takes = Object.keys(own.parameters);
      if (!came.every((one) => takes.includes(one))) {
        const message = `'${name}' takes (${takes.join(", ")}), but came with ${came.join(", ")}`;
        throw callException("invalid-argument", message);
      }
      return own.run(request);
    }
    const added = name === null ? undefined : this.handlers.get(name);
    if (added !== undefined) {
      return added(request, { request, signal });
    }
    return this.answeredBy(this.next, request);
  }

  /** Has somebody else answer a command that is none of this root's own. */
  private answeredBy(to: WritePort<Request> | null, request: Request): Forward {
    const name = request.command();
    return this.passOn(request, to, "unknown-command", `command ${name === null ? "null" : `'${name}'`}`);
  }

  /** Has somebody else answer; it is an error if there is nobody, or if it goes round in a circle. */
  private passOn(request: Request, to: WritePort<Request> | null, code: PlainCode, what: string): Forward {
    const trail = (request.argument(TRAIL) ?? []) as unknown[]; // one that is forged harms who forged it
    if (to === null || trail.length >= LONGEST) {
      throw callException(code, `${this} has no ${what}${to === null ? "" : ", in a circle"}`);
    }
    return new Forward(to, request.with(TRAIL, [...trail, this.name]));
  }

  private ownCommands(): Map<string, RootCommand> {
    return new Map([
      ...named(false, {
        name: ["What this root calls itself.", {}, "String", () => this.name],
        list: [
          "The services that the caller can see; with details, a map for each.",
          { details: { type: "boolean", required: false } },
          "List<String>",
          (request) => this.list(request),
        ],
        "get-service": ["The channel of a service.", SERVICE, PORT, (request) => this.located(request, null)],
        "locate-service": [
          "The channel of a service of this root, or of a delegate.",
          SERVICE,
          PORT,
          (request) => this.located(request, this.next),
        ],
        delegate: ["Who is sent what this root does not know.", {}, PORT, () => this.next],
      }),
      ...named(true, {
        add: [
          "Adds a service, or replaces the one of that name.",
          { ...SERVICE, ...CHANNEL, public: { type: "boolean", required: false } },
          "boolean",
          (request) => {
            const visibility = request.argument("public") === true ? "public" : "private";
            refusing(() => this.add(text(request, "service"), channel(request), visibility));
            return true;
          },
        ],
        remove: [
          "Removes a service; answers whether it was there.",
          SERVICE,
          "boolean",
          (request) => this.remove(text(request, "service")),
        ],
        "add-handler": [
          "Has a command answered by whoever takes from a channel.",
          { ...COMMAND, ...CHANNEL },
          "boolean",
          (request) => {
            const to = channel(request);
            refusing(() => this.handler(text(request, "command"), (asked) => this.answeredBy(to, asked)));
            return true;
          },
        ],
        "remove-handler": [
          "Removes a command that was added; answers whether it was there.",
          COMMAND,
          "boolean",
          (request) => this.removeHandler(text(request, "command")),
        ],
        "set-delegate": [
          "Sets who is sent what this root does not know.",
          { channel: { type: PORT, required: false } },
          "boolean",
          (request) => {
            const given = request.argument("channel") ?? null;
            refusing(() => this.delegate(given === null ? null : channel(request)));
            return true;
          },
        ],
      }),
    ]);
  }

  private list(request: Request): unknown {
    const seen = [...this.services].filter(([, entry]) => isSeen(entry, request.origin)).sort(byName);
    return request.argument("details") === true
      ? seen.map(([name, entry]) => ({ name, public: entry.visibility === "public" }))
      : [SELF, ...seen.map(([name]) => name)];
  }

  /** The channel of a service, or whoever is asked for it if it is not here. */
  private located(request: Request, elsewhere: WritePort<Request> | null): unknown {
    const service = text(request, "service");
    return (
      this.find(service, request.origin) ?? this.passOn(request, elsewhere, "unknown-service", `service '${service}'`)
    );
  }

  private docs(): Record<string, unknown> {
    return Object.fromEntries([
      ...[...this.commands].map(([name, command]) => [
        name,
        { ...documented([command]), "local-only": command.localOnly },
      ]),
      ...[...this.handlers].sort(byName).map(([name]) => [name, documented([{}])]),
    ]);
  }

  toString(): string {
    return `root '${this.name}'`;
  }
}

/** Commands by name: what each does, in words, what it takes and answers, and how it is done. */
function named(
  localOnly: boolean,
  commands: Record<string, [string, Parameters, string, RootCommand["run"]]>,
): [string, RootCommand][] {
  return Object.entries(commands).map(([name, [what, parameters, returns, run]]) => {
    const doc = localOnly ? `${what} Local callers only.` : what;
    return [name, { localOnly, doc, readOnly: !localOnly, parameters, returns, run }];
  });
}

function isSeen({ port, visibility }: Entry, caller: Origin): boolean {
  return !port.isClosed() && (visibility === "public" || caller.local);
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
