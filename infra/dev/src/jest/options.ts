import { buildArgv } from 'jest';

/** What jest would say about options that it does not know, in one sentence; undefined when it knows them all. */
export async function unknownJestOption(args: readonly string[]): Promise<string | undefined> {
  try {
    await buildArgv([...args]);
    return undefined;
  } catch (error) {
    // Several are told as a list in JSON, one by its name.
    const { message } = error as Error;
    const names = /not recognized:\s*\[(.*)\]/.exec(message)?.[1] ?? /option ("[^"]+")/.exec(message)?.[1];
    if (names === undefined) throw error;
    return `jest does not know the option ${names}`;
  }
}
