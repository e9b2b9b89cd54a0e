/** One form of Kong's error pages. */
interface ErrorPage {
  readonly type: string;
  readonly render: (message: string, requestId: string) => string;
}

const JSON_PAGE: ErrorPage = {
  type: 'application/json; charset=utf-8',
  render: (message, requestId) => `{\n  "message":"${message}",\n  "request_id":"${requestId}"\n}`,
};

const PLAIN_PAGE: ErrorPage = {
  type: 'text/plain; charset=utf-8',
  render: (message, requestId) => `${message}\nrequest_id: ${requestId}\n`,
};

const HTML_PAGE: ErrorPage = {
  type: 'text/html; charset=utf-8',
  render: (message, requestId) => `<!doctype html>
<html>
  <head>
    <meta charset="utf-8">
    <title>Error</title>
  </head>
  <body>
    <h1>Error</h1>
    <p>${message}.</p>
    <p>request_id: ${requestId}</p>
  </body>
</html>
`,
};

const XML_PAGE: ErrorPage = {
  type: 'application/xml; charset=utf-8',
  render: (message, requestId) => `<?xml version="1.0" encoding="UTF-8"?>
<error>
  <message>${message}</message>
  <requestid>${requestId}</requestid>
</error>
`,
};

/** Whatever is not named here gets JSON. */
const PAGES: ReadonlyMap<string, ErrorPage> = new Map([
  ['text/html', HTML_PAGE],
  ['text/plain', PLAIN_PAGE],
  ['text/*', PLAIN_PAGE],
  ['application/xml', XML_PAGE],
]);

const MEDIA_TYPE = /^(?:[a-z0-9][\w!#$&^+.-]+|\*)\/(?:[a-z0-9][\w!#$&^+.-]+|\*)/i;
const QUALITY = /;\s*q=(1(?:\.0{0,3})?|0(?:\.\d{0,3})?)/i;

/** The page in the form that an Accept header asks for: the first of those with the highest quality. */
export function errorPageFor(accept: string | undefined): ErrorPage {
  let best = JSON_PAGE;
  let highest = 0;
  for (const range of (accept ?? '').split(',')) {
    const [mediaType] = MEDIA_TYPE.exec(range.trim()) ?? [];
    const quality = Number(QUALITY.exec(range)?.[1] ?? 1);
    if (mediaType === undefined || quality <= highest) continue;
    highest = quality;
    best = PAGES.get(mediaType) ?? JSON_PAGE;
  }
  return best;
}
