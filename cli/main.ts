import { commands } from "./commands.ts";
import { dispatch } from "./dispatch.ts";
import { interrupts } from "./host/interrupts.ts";
import { terminalIo } from "./host/terminal.ts";

Deno.exit(await dispatch(Deno.args, commands, terminalIo(interrupts())));
