import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

/** What shells answer for a command that was not understood. */
const MISUSED = 2;

/** A command as the person at the terminal knows it. */
interface CommandLine<O extends ParseArgsOptionsConfig> {
  /** As it is called: `reset`, `dlq`. */
  readonly name: string;
  /** The whole text of `--help`. */
  readonly help: string;
  readonly options?: O;
  /** Words beside the options: how many at most. */
  readonly words?: number;
}

/**
 * The options and words of a command. `--help` prints the text and ends the process with 0; an option or a word too many
 * that is not known ends it with one sentence and 2: in neither case does the command do anything.
 */
export function readCommandLine<const O extends ParseArgsOptionsConfig = Record<never, never>>(
  { name, help, options, words = 0 }: CommandLine<O>,
  args: readonly string[] = process.argv.slice(2),
) {
  const { values, positionals } = parsed(name, args, options ?? ({} as O));
  if ((values as { help?: boolean }).help) {
    console.log(help);
    process.exit(0);
  }
  if (positionals.length > words) misused(name, `"${positionals[words]}" is one word too many`);
  return { values, words: positionals };
}

/** Says in one sentence what was not understood, and ends the process with 2. */
export function misused(name: string, reason: string): never {
  console.error(`${name}: ${reason}; --help tells what it takes.`);
  process.exit(MISUSED);
}

/** The number that an option holds, within bounds. */
export function numberOption(
  name: string,
  option: string,
  text: string,
  { min, integer = true }: { min: number; integer?: boolean },
): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(value) && value >= min && (!integer || Number.isInteger(value))) return value;
  return misused(name, `--${option} wants a ${integer ? 'whole ' : ''}number from ${min} up, not "${text}"`);
}

function parsed<O extends ParseArgsOptionsConfig>(name: string, args: readonly string[], options: O) {
  try {
    const help = { type: 'boolean', short: 'h' } as const;
    return parseArgs({
      args: [...args],
      options: { ...options, help },
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!code?.startsWith('ERR_PARSE_ARGS_')) throw error;
    // Node adds advice on how to pass such a word nevertheless, in sentences of their own.
    const [reason = ''] = message.split(/\.\s|\n/);
    return misused(name, reason.replace(/\.$/, ''));
  }
}
