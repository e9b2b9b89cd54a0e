import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

/** A file as it is answered, plain and compressed. */
export interface Page {
  readonly type: string;
  readonly body: Buffer;
  readonly gzip: Buffer;
  /** Weak, since it stands for both. */
  readonly etag: string;
}

const OWN = new URL('./page/', import.meta.url);
const SWAGGER_UI = new URL('./', import.meta.resolve('swagger-ui-dist/package.json'));
const JSON_TYPE = 'application/json; charset=utf-8';
const SCRIPT = 'text/javascript; charset=utf-8';

/** The joined document that `npm run gen` writes. */
const DOCUMENT = new URL('../../../../gen/openapi/plataforma.json', import.meta.url);

/** The same of the events. */
const EVENTS = new URL('../../../../gen/asyncapi/plataforma.json', import.meta.url);

/** Everything there is to ask for, by its path; read once. No file comes from a path that somebody asks for. */
export function apiDocsPages(): ReadonlyMap<string, Page> {
  const index = page('text/html; charset=utf-8', new URL('index.html', OWN));
  return new Map([
    ['/docs', index],
    ['/docs/', index],
    ['/docs/start.js', page(SCRIPT, new URL('start.js', OWN))],
    ['/docs/swagger-ui-bundle.js', page(SCRIPT, new URL('swagger-ui-bundle.js', SWAGGER_UI))],
    ['/docs/swagger-ui.css', page('text/css; charset=utf-8', new URL('swagger-ui.css', SWAGGER_UI))],
    ['/docs/favicon-32x32.png', page('image/png', new URL('favicon-32x32.png', SWAGGER_UI))],
    ['/openapi.json', page(JSON_TYPE, DOCUMENT)],
    ['/asyncapi.json', page(JSON_TYPE, EVENTS)],
  ]);
}

function page(type: string, file: URL): Page {
  const body = readFileSync(fileURLToPath(file));
  const etag = `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
  return { type, body, gzip: gzipSync(body), etag };
}
