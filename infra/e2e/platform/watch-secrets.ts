import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect } from '@jest/globals';
import { Secrets } from '@plataforma/testing/secrets/secrets';
import { keepHeaders, keepJson } from '@plataforma/testing/secrets/watch-calls';
import { watchedStacks } from './watched-stacks.ts';

/*
 * Set up in front of every end-to-end suite: what its requests and their answers carried to let somebody in, and the secrets of the
 * stack, must not stand in any log of a stack that it used. Calls over gRPC bring tokens that were answered over REST before.
 */

const secrets = new Secrets();
const reading: Promise<void>[] = [];
const { fetch } = globalThis;
/** Documents of the API: what looks like a secret there is an example. */
const DOCUMENTS = /\/(openapi|asyncapi)\.json$/;

globalThis.fetch = async (input, init) => {
  keepHeaders(secrets, new Headers(init?.headers));
  if (typeof init?.body === 'string') keepBody(init.body);
  const response = await fetch(input, init);
  keepHeaders(secrets, response.headers);
  // A refusal gives nothing out, and one that is not read to its end tells nothing more.
  const tells = response.ok && !DOCUMENTS.test(response.url);
  if (tells && response.headers.get('content-type')?.includes('json'))
    reading.push(
      response
        .clone()
        .text()
        .then(keepBody, () => {}),
    );
  return response;
};

function keepBody(body: string): void {
  if (!/^\s*[[{]/.test(body)) return;
  try {
    keepJson(secrets, JSON.parse(body));
  } catch {
    // Bodies that are no JSON are sent on purpose.
  }
}

/** Places in the logs of the stacks where a secret stands that this suite knows. */
export async function leaks(): Promise<string[]> {
  await Promise.all(reading);
  const found: string[] = [];
  for (const [dataDir, own] of watchedStacks) {
    for (const [name, secret] of Object.entries(own)) secrets.keep(name, secret);
    const folder = join(dataDir, 'logs');
    for (const name of await readdir(folder)) {
      const told = secrets.foundIn(await readFile(join(folder, name), 'utf8'));
      found.push(...told.map((leak) => `${name}: ${leak}`));
    }
  }
  return found;
}

/** In front of the hooks of the suite, which stop its stack and clear its folder. */
afterAll(async () => expect(await leaks()).toEqual([]));
