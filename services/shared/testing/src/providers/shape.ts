/** Looks at a value; what is wrong with it, with the way there, or undefined. */
export type Shape = (value: unknown, at: string) => string | undefined;

/** A text that a pattern describes; by default any that is not empty. */
export const text =
  (pattern = /./su): Shape =>
  (value, at) =>
    typeof value === 'string' && pattern.test(value) ? undefined : at;

/** This value alone. */
export const exactly =
  (expected: unknown): Shape =>
  (value, at) =>
    value === expected ? undefined : at;

/** An object of these members and no others; those with a `?` may be missing. */
export const object =
  (members: Readonly<Record<string, Shape>>): Shape =>
  (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return at;
    const names = Object.keys(members).map((name) => name.replace('?', ''));
    const strange = Object.keys(value).find((name) => !names.includes(name));
    if (strange !== undefined) return wayTo(at, strange);
    return first(Object.entries(members), ([key, shape]) => {
      const name = key.replace('?', '');
      const member = (value as Record<string, unknown>)[name];
      if (member === undefined && key.endsWith('?')) return undefined;
      return shape(member, wayTo(at, name));
    });
  };

/** As many as are allowed of one shape. */
export const list =
  (shape: Shape, { min = 1, max = 100 } = {}): Shape =>
  (value, at) => {
    if (!Array.isArray(value) || value.length < min || value.length > max) return at;
    return first([...value.entries()], ([position, item]) => shape(item, `${at}[${position}]`));
  };

/** Each item by its own shape, in this order. */
export const sequence =
  (...shapes: readonly Shape[]): Shape =>
  (value, at) => {
    if (!Array.isArray(value) || value.length !== shapes.length) return at;
    return first([...shapes.entries()], ([position, shape]) => shape(value[position], `${at}[${position}]`));
  };

/** Names of headers and their texts, without those that the provider writes itself. */
export const headers =
  (reserved: RegExp): Shape =>
  (value, at) => {
    if (typeof value !== 'object' || value === null) return at;
    const wrong = Object.entries(value).find(
      ([name, content]) => reserved.test(name) || !/^[!-9;-~]+$/.test(name) || typeof content !== 'string',
    );
    return wrong && wayTo(at, wrong[0]);
  };

/** What is written in base64, with its padding. */
export const BASE64 = /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** An e-mail address that needs no quotes. */
export const ADDRESS = /^[^\s<>@",;]+@[^\s<>@",;]+\.[^\s<>@",;]+$/;
/** A telephone number as E.164 has them. */
export const E164 = /^\+[1-9]\d{6,14}$/;

const wayTo = (at: string, name: string) => (at === '' ? name : `${at}.${name}`);

function first<T>(items: readonly T[], fault: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const wrong = fault(item);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}
