import type { Method } from 'protobufjs';

/** One `google.api.http` binding, compiled. */
export interface HttpBinding {
  /** Lower case: `get`, `post`, ... */
  readonly method: string;
  readonly template: string;
  readonly regex: RegExp;
  /** Variable names in the order of the groups of `regex`. */
  readonly variables: readonly string[];
  /** `*`, a field name, or absent: the body is then ignored and the query read. */
  readonly body: string | undefined;
}

type RawRule = Record<string, unknown>;

const HTTP_METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** Bindings of a method: the rule itself, then its additional binding. */
export function bindingsOf(method: Method): HttpBinding[] {
  const rule = httpOption(method);
  if (!rule) return [];
  const additional = lastAdditionalBinding(rule);
  return [...compileRule(rule), ...(additional ? compileRule(additional) : [])];
}

function httpOption(method: Method): RawRule | undefined {
  const options = (method.parsedOptions ?? []) as RawRule[];
  const holder = options.find((option) => '(google.api.http)' in option);
  return holder?.['(google.api.http)'] as RawRule | undefined;
}

/** Kong's parser keeps one value per key: of repeated blocks only the last survives. */
function lastAdditionalBinding(rule: RawRule): RawRule | undefined {
  const value = rule.additional_bindings;
  return (Array.isArray(value) ? value.at(-1) : value) as RawRule | undefined;
}

function compileRule(rule: RawRule): HttpBinding[] {
  const body = typeof rule.body === 'string' ? rule.body : undefined;
  return HTTP_METHODS.filter((method) => typeof rule[method] === 'string').map((method) => {
    const template = String(rule[method]);
    return { method, template, body, ...compileTemplate(template) };
  });
}

/**
 * Turns a path template into the expression that the plugin builds: a variable is one segment unless
 * it says otherwise, and everything outside a variable is taken as expression text, dots included.
 */
function compileTemplate(template: string): { regex: RegExp; variables: string[] } {
  const variables: string[] = [];
  const source = template.replace(
    /\{([-_.~0-9a-zA-Z]+)(?:=([^}]*))?\}/g,
    (_match, name: string, segments) => {
      variables.push(name);
      return variablePattern(segments as string | undefined);
    },
  );
  return { regex: new RegExp(`^${source}$`), variables };
}

function variablePattern(segments: string | undefined): string {
  if (segments === undefined || segments === '' || segments === '*') return '([^/]+)';
  return `(${segments.replaceAll('**', '.+').replaceAll('*', '[^/]+')})`;
}
