/** Turns what a script threw into a sentence and a line of the script. */

import type { Fault } from "./messages.ts";

const MAX_MESSAGE = 4096;
const POSITION = /data:application\/typescript[^\s()]*?:(\d+):(\d+)/;
const REFUSED_ACCESS = /Requires (\w+) access to (.*?), run again with the --allow-\w+ flag/g;
const REFUSED_IMPORT =
  /^(Requires (import|read) access|A remote specifier|npm specifiers|invalid URL: relative URL|Import "|.*--no-(remote|npm)|JSR |Unsupported scheme)/;

/** Thrown by `Deno.exit()` and `close()`, so that the script goes no further. */
export class Exited extends Error {
  override name = "Exited";
}

export const EXITED: Fault = {
  code: "exited",
  message: "The script ended itself with Deno.exit() or close(); return a value instead.",
  line: null,
};

/** Replace the script's data: address by the name people know it by, and Deno's advice by ours. */
function named(text: string, name: string): string {
  return text
    .replaceAll(new RegExp(POSITION, "g"), `${name}:$1:$2`)
    .replaceAll(REFUSED_ACCESS, "scripts have no $1 access to $2")
    .slice(0, MAX_MESSAGE);
}

function lineOf(error: unknown): number | null {
  const text = error instanceof Error ? `${error.stack ?? ""}\n${error.message}` : "";
  const found = POSITION.exec(text);
  return found ? Number(found[1]) : null;
}

/** What the script threw, or rejected with, while it answered a call. */
export function thrown(error: unknown, name: string): Fault {
  if (error instanceof Exited) return EXITED;
  if (!(error instanceof Error)) {
    const shown = typeof error === "string" ? error : Deno.inspect(error, { depth: 2 });
    return { code: "threw", message: named(`The script threw ${shown}`, name), line: null };
  }
  const message = named(`${error.name}: ${error.message}`, name);
  return { code: "threw", message, line: lineOf(error) };
}

/** Why the script could not be loaded. */
export function unloadable(error: unknown, name: string): Fault {
  if (error instanceof Exited) return EXITED;
  const fault = thrown(error, name);
  if (!(error instanceof Error)) return fault;
  if (error instanceof SyntaxError || error.message.startsWith("SyntaxError: ")) {
    const [first] = error.message.replace(/^SyntaxError: /, "").split("\n");
    return { code: "syntax_error", message: named(first, name), line: fault.line };
  }
  if (REFUSED_IMPORT.test(error.message)) {
    const message = "A script can import only the hook's type names and node: modules; " +
      "take the other imports out.";
    return { code: "threw", message, line: fault.line };
  }
  return fault;
}
