import { type Place, Platform } from './platform.ts';

/** Environment variable with the address at which a run of jest says where its shared platform is. */
export const SHARED_PLATFORM = 'PLATAFORMA_SHARED';

/**
 * The platform that the suites of a run share, for those that stop, delay and count nothing of others: their own people, in
 * a room of their own. It starts when the first suite asks for it, which waits.
 */
export async function sharedPlatform(): Promise<Platform> {
  const address = process.env[SHARED_PLATFORM];
  if (!address)
    throw new Error(`${SHARED_PLATFORM} is not set: jest shares a platform among *.e2e.spec.ts only.`);
  const response = await fetch(address);
  if (!response.ok) throw new Error(await response.text());
  return Platform.at((await response.json()) as Place);
}
