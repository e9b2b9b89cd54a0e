import { readKongFiles } from '../../../kong/kong-files.ts';
import { defaultUpstreams, renderKongConfig } from '../../../kong/render.ts';

/** For specs: Kong's configuration, with routes to the page about the API where its address is named. */
export function kongYml(docs?: string): string {
  return renderKongConfig({
    ...readKongFiles(),
    jwks: { keys: [] },
    upstreams: defaultUpstreams(() => '127.0.0.1'),
    rateLimit: { policy: 'local' },
    ...(docs !== undefined && { docs }),
  });
}
