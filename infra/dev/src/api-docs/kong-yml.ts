import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultUpstreams, renderKongConfig } from '../../../kong/render.ts';

const KONG = join(import.meta.dirname, '../../../kong');
const read = (name: string) => readFileSync(join(KONG, name), 'utf8');

/** For specs: Kong's configuration, with routes to the page about the API where its address is named. */
export function kongYml(docs?: string): string {
  return renderKongConfig({
    template: read('kong.yml'),
    postFunction: {
      headerFilter: read('post-function/header_filter.lua'),
      bodyFilter: read('post-function/body_filter.lua'),
    },
    jwks: { keys: [] },
    upstreams: defaultUpstreams(() => '127.0.0.1'),
    rateLimit: { policy: 'local' },
    ...(docs !== undefined && { docs }),
  });
}
