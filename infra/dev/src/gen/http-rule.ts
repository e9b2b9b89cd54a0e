import { type DescExtension, type DescMethod, getExtension, hasExtension, toJson } from '@bufbuild/protobuf';

/** HTTP methods that a contract may use. */
const VERBS = ['get', 'post', 'put', 'patch', 'delete'] as const;
export type Verb = (typeof VERBS)[number];

/** One way to reach an RPC over REST. Names are those of the contract (snake_case). */
export interface Binding {
  readonly verb: Verb;
  /** Path template such as `/api/v1/espacos/{espaco_id}`. */
  readonly template: string;
  /** `*`: the body is the whole request; a field name: the body is that field; empty: no body. */
  readonly body: string;
}

interface HttpRuleJson {
  get?: string;
  post?: string;
  put?: string;
  patch?: string;
  delete?: string;
  body?: string;
  custom?: unknown;
  responseBody?: string;
  additionalBindings?: HttpRuleJson[];
}

/** What the `google.api.http` option of an RPC says; undefined when the RPC has no REST path. */
export interface HttpRule {
  readonly bindings: readonly [Binding, ...Binding[]];
  /** Parts of the option that this project does not support, for the lint to report. */
  readonly unsupported: readonly string[];
}

/**
 * Reads the REST bindings of an RPC.
 *
 * @param http descriptor of the `google.api.http` extension, from the same registry as the RPC
 */
export function httpRuleOf(rpc: DescMethod, http: DescExtension): HttpRule | undefined {
  const options = rpc.proto.options;
  if (options === undefined || http.message === undefined || !hasExtension(options, http)) return undefined;
  const value = getExtension(options, http) as Parameters<typeof toJson>[1];
  const rule = toJson(http.message, value) as unknown as HttpRuleJson;
  const rules = [rule, ...(rule.additionalBindings ?? [])];
  const [first, ...rest] = rules.flatMap(toBinding);
  if (first === undefined) return undefined;
  return { bindings: [first, ...rest], unsupported: rules.flatMap(unsupportedParts) };
}

function toBinding(rule: HttpRuleJson): Binding[] {
  return VERBS.flatMap((verb) => {
    const template = rule[verb];
    return template === undefined ? [] : [{ verb, template, body: rule.body ?? '' }];
  });
}

function unsupportedParts(rule: HttpRuleJson, index: number): string[] {
  const parts: string[] = [];
  if (rule.custom !== undefined) parts.push('custom HTTP method');
  if (rule.responseBody !== undefined) parts.push('response_body');
  if (index > 0 && rule.additionalBindings !== undefined) parts.push('nested additional_bindings');
  return parts;
}

const VARIABLE = /\{([^{}=]+)(=[^{}]*)?\}/g;

/** Names of the variables of a path template, in order. */
export function pathVariables(template: string): string[] {
  return [...template.matchAll(VARIABLE)].map((match) => match[1] ?? '');
}

/** Renames the variables of a path template; patterns such as `{nome=espacos/*}` stay. */
export function renameVariables(template: string, rename: (name: string) => string): string {
  return template.replaceAll(VARIABLE, (_, name: string, pattern = '') => `{${rename(name)}${pattern}}`);
}

/** The template with variables only by name, as OpenAPI writes paths. */
export function withoutPatterns(template: string): string {
  return template.replaceAll(VARIABLE, (_, name: string) => `{${name}}`);
}

/**
 * Sort key by which literal paths come before those with a variable in the same place: the gateway takes the first
 * rule that matches.
 */
export function specificity(template: string): string {
  return template
    .split('/')
    .map((segment) => (segment.includes('{') ? 'b' : 'a'))
    .join('');
}

/** Whether a call to some path of `later` would be taken by `earlier`, which comes first in the file. */
export function shadows(earlier: Binding, later: Binding): boolean {
  if (earlier.verb !== later.verb) return false;
  const example = withoutPatterns(later.template).replaceAll(VARIABLE, '\u0000');
  return templatePattern(earlier.template).test(example);
}

function templatePattern(template: string): RegExp {
  const source = template
    .split(/(\{[^{}]+\})/)
    .map((part) =>
      part.startsWith('{') ? variablePattern(part) : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
    );
  return new RegExp(`^${source.join('')}$`);
}

function variablePattern(variable: string): string {
  const pattern = /=([^}]*)\}/.exec(variable)?.[1];
  if (pattern === undefined) return '[^/]+';
  return pattern.replaceAll('**', '\u0001').replaceAll('*', '[^/]+').replaceAll('\u0001', '.+');
}
