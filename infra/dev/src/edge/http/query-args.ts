/** `true` for an argument without `=`; a list when the key came more than once. */
export type QueryValue = string | true | (string | true)[];

/** OpenResty reads at most this many arguments and ignores the others. */
const MAX_ARGS = 100;

/** Parses a query string as `ngx.req.get_uri_args` does. */
export function parseQueryArgs(rawQuery: string): Map<string, QueryValue> {
  const args = new Map<string, QueryValue>();
  if (rawQuery === '') return args;
  for (const pair of rawQuery.split('&', MAX_ARGS)) {
    const equals = pair.indexOf('=');
    const key = decodeText(equals < 0 ? pair : pair.slice(0, equals));
    if (key !== '') append(args, key, equals < 0 ? true : decodeText(pair.slice(equals + 1)));
  }
  return args;
}

function append(args: Map<string, QueryValue>, key: string, value: string | true): void {
  const previous = args.get(key);
  if (previous === undefined) args.set(key, value);
  else if (Array.isArray(previous)) previous.push(value);
  else args.set(key, [previous, value]);
}

function decodeText(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  if (!spaced.includes('%')) return spaced;
  const bytes = Buffer.from(spaced, 'utf8')
    .toString('latin1')
    .replace(/%([0-9a-f]{2})/gi, (_escape, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
