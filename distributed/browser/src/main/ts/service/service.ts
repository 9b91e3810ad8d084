import type { WritePort } from "../channel.js";
import { messageOf } from "../errors.js";
import { shortened } from "../runtime/sentence.js";
import { kebabCase } from "./ask.js";
import { callException } from "./call-error.js";
import { receive } from "./receiver.js";
import type { Arguments, Request } from "./request.js";

/** What a command is given beside its arguments. */
export interface Context {
  readonly request: Request;

  /** Aborted when the caller's deadline passes, or the caller gives up: whatever is done for it has no point then. */
  readonly signal: AbortSignal;
}

/**
 * Answers a request with what it returns; may be async. What it throws is answered as an error: a
 * {@link CallException} as the error that it carries, all else as `failed`.
 */
export type CommandFunction = (args: any, context: Context) => unknown;

/** A parameter of a command. */
export interface Parameter {
  /** Its type, for people and for {@link ServiceOptions}: `int`, `String`, and so on. */
  readonly type?: string;

  /** What it is when it does not come: such a parameter is optional. */
  readonly default?: unknown;

  /** Whether a request without it is refused; so it is unless there is a default. */
  readonly required?: boolean;

  /** Whether a value will do; one that will not is refused. */
  readonly accepts?: (value: unknown) => boolean;
}

/** A command with its documentation; its overloads, if it has several forms, are told apart by their parameters. */
export interface Command {
  readonly doc?: string;

  /** Whether asking changes nothing. */
  readonly readOnly?: boolean;

  /** What arguments it takes. Without this it takes any. */
  readonly parameters?: Readonly<Record<string, Parameter>>;

  /** The type of its answer, for people. */
  readonly returns?: string;

  readonly run: CommandFunction;
}

/** The commands of a service: by name, which is written in kebab-case on the wire. */
export type Commands = Readonly<Record<string, CommandFunction | Command | readonly Command[]>>;

/** What can be set for a service. */
export interface ServiceOptions {
  /** What errors call it. */
  readonly name?: string;

  /** How many requests may be under way, 10,000 unless told otherwise; those beyond are answered as `overloaded`. */
  readonly limit?: number;
}

/**
 * Makes a service: a put-only channel that answers requests, each beside the others. Every service answers
 * `_commands`, `_ping`, `_stats` and `_health` as well.
 *
 * Of the forms of a command the one with most parameters is chosen that has a parameter for every argument, and an
 * argument for every parameter that needs one.
 *
 * @example
 * const calculator = service({
 *   get42: [
 *     { run: () => 42, parameters: {} },
 *     { run: ({ x }) => x + 42, parameters: { x: { type: "int" } } },
 *   ],
 *   plusOne: ({ x }) => x + 1,
 * });
 */
export function service(commands: Commands, options: ServiceOptions = {}): WritePort<Request> {
  const { name = "service", limit = 10_000 } = options;
  if (!(limit > 0)) {
    throw new RangeError(`a service has at least one request under way, not ${limit}`);
  }
  const table = new CommandTable(name, commands);
  return receive(
    name,
    limit,
    () => table.docs(),
    (request, signal) => table.respond(request, signal),
  );
}

class CommandTable {
  private readonly commands = new Map<string, readonly Command[]>();

  constructor(
    private readonly service: string,
    commands: Commands,
  ) {
    for (const [name, given] of Object.entries(commands)) {
      if (name.startsWith("_")) {
        throw new RangeError(`command '${name}': names that begin with an underscore are the library's`);
      }
      const forms = Array.isArray(given) ? [...(given as Command[])] : [formOf(given as Command)];
      this.commands.set(
        kebabCase(name),
        forms.sort((a, b) => size(b) - size(a)),
      );
    }
    if (this.commands.size === 0) {
      throw new RangeError(`${service} has no command`);
    }
  }

  respond(request: Request, signal: AbortSignal): unknown {
    const name = request.command();
    const forms = name === null ? undefined : this.commands.get(name);
    if (forms === undefined) {
      throw callException("unknown-command", this.unknown(name));
    }
    const args = request.arguments();
    const form = forms.find((one) => takes(one, args));
    if (form === undefined) {
      const came = Object.keys(args).join(", ") || "no argument";
      const message = `'${name}' takes ${forms.map(signature).join(" or ")}, but came with ${came}`;
      throw callException("invalid-argument", message);
    }
    return form.run(filled(form, args, name as string), { request, signal });
  }

  private unknown(name: string | null): string {
    return name === null
      ? `${this.service} was sent no command: expected a name under _cmd`
      : `${this.service} has no command '${name}', only ${[...this.commands.keys()].sort().join(", ")}`;
  }

  docs(): Record<string, unknown> {
    return Object.fromEntries([...this.commands].sort(byName).map(([name, forms]) => [name, documented(forms)]));
  }
}

/** The order in which what has a name is listed. */
export function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function formOf(given: CommandFunction | Command): Command {
  return typeof given === "function" ? { run: given } : given;
}

function size(form: Command): number {
  return Object.keys(form.parameters ?? {}).length;
}

function isRequired({ default: otherwise, required = otherwise === undefined }: Parameter): boolean {
  return required;
}

function takes({ parameters }: Command, args: Arguments): boolean {
  return (
    parameters === undefined ||
    (Object.keys(args).every((name) => Object.hasOwn(parameters, name)) &&
      Object.entries(parameters).every(([name, parameter]) => Object.hasOwn(args, name) || !isRequired(parameter)))
  );
}

/** The arguments, checked, with the defaults of those that did not come. */
function filled({ parameters = {} }: Command, args: Record<string, unknown>, command: string): Arguments {
  for (const [name, parameter] of Object.entries(parameters)) {
    if (!Object.hasOwn(args, name) && parameter.default !== undefined) {
      args[name] = parameter.default;
    } else if (Object.hasOwn(args, name) && parameter.accepts?.(args[name]) === false) {
      const expected = parameter.type ?? "another value";
      const message = `argument '${name}' of '${command}': expected ${expected}, but came ${shortened(messageOf(args[name]), 80)}`;
      throw callException("invalid-argument", message);
    }
  }
  return args;
}

function signature({ parameters = {} }: Command): string {
  const all = Object.entries(parameters).map(([name, parameter]) => `${name}: ${parameter.type ?? "any"}`);
  return `(${all.join(", ")})`;
}

/** What `_commands` tells of a command; `open` is a form that takes any arguments. */
export function documented(forms: readonly Omit<Command, "run">[]): Record<string, unknown> {
  return {
    doc: [...new Set(forms.map((form) => form.doc).filter(Boolean))].join("\n"),
    "read-only": forms.every((form) => form.readOnly === true),
    forms: [...forms].reverse().map((form) => ({
      parameters: Object.entries(form.parameters ?? {}).map(([name, parameter]) => ({
        name,
        type: parameter.type ?? "any",
        required: isRequired(parameter),
        ...(parameter.default === undefined ? {} : { default: String(parameter.default) }),
      })),
      returns: form.returns ?? "any",
      ...(form.parameters === undefined ? { open: true } : {}),
    })),
  };
}
