import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KongRenderOptions } from './render.ts';

/** What of a configuration lies in this folder, and in gen/kong. */
export function readKongFiles(): Pick<KongRenderOptions, 'template' | 'preFunction' | 'postFunction'> {
  const read = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8');
  return {
    template: read('kong.yml'),
    preFunction: {
      headerFilter: read('pre-function/header_filter.lua'),
      bodyFilter: read('pre-function/body_filter.lua'),
    },
    postFunction: {
      headerFilter: read('post-function/header_filter.lua'),
      bodyFilter: read('post-function/body_filter.lua'),
      paths: read('../../gen/kong/paths.txt'),
    },
  };
}
