/** A decoded form: arrays stay objects with the keys "0", "1", ... because `metadata[0]=x` is not a list. */
export interface FormObject {
  [key: string]: FormValue;
}
export type FormValue = string | FormObject;

const MAX_DEPTH = 12;

export class MalformedFormError extends Error {
  override readonly name = 'MalformedFormError';
}

/**
 * Decodes the bracket notation of Stripe's form encoding (`line_items[0][price_data][currency]=brl`,
 * `expand[]=x`). Objects have no prototype, so a key named `__proto__` is only a key.
 * Throws MalformedFormError on broken brackets, percent-encoding, or a name used both as value and object.
 */
export function decodeForm(encoded: string): FormObject {
  const root = emptyForm();
  for (const pair of encoded.split('&')) {
    if (pair === '') continue;
    const cut = pair.indexOf('=');
    const name = decodePart(cut === -1 ? pair : pair.slice(0, cut));
    assign(root, pathOf(name), cut === -1 ? '' : decodePart(pair.slice(cut + 1)), name);
  }
  return root;
}

export function emptyForm(): FormObject {
  return Object.create(null) as FormObject;
}

/** One canonical text for equal forms, whatever the order of the fields: what idempotency compares. */
export function canonicalForm(value: FormValue): string {
  if (typeof value === 'string') return JSON.stringify(value);
  const fields = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalForm(value[key] as FormValue)}`);
  return `{${fields.join(',')}}`;
}

function decodePart(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (cause) {
    throw new MalformedFormError('Invalid percent-encoding in the request body.', { cause });
  }
}

function pathOf(name: string): string[] {
  const match = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name);
  if (match === null) throw new MalformedFormError(`Invalid name: ${name}`);
  const [, head = '', brackets = ''] = match;
  const keys = brackets === '' ? [] : brackets.slice(1, -1).split('][');
  if (keys.length >= MAX_DEPTH) throw new MalformedFormError(`Too many levels: ${name}`);
  return [head, ...keys];
}

function assign(root: FormObject, path: string[], value: string, name: string): void {
  let node = root;
  for (const key of path.slice(0, -1)) {
    const child = node[keyIn(node, key)] ?? emptyForm();
    if (typeof child === 'string') throw new MalformedFormError(`${name} is both a value and an object.`);
    node[keyIn(node, key)] = child;
    node = child;
  }
  const last = keyIn(node, path.at(-1) as string);
  if (typeof node[last] === 'object') throw new MalformedFormError(`${name} is both a value and an object.`);
  node[last] = value;
}

/** `expand[]=a&expand[]=b` appends. */
function keyIn(node: FormObject, key: string): string {
  return key === '' ? String(Object.keys(node).length) : key;
}
