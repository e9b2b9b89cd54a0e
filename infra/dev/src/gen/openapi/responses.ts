import { COMMON, type Example, type Examples } from './examples.ts';
import type { Json } from './openapi-rules.ts';
import type { Reason, Reasons } from './reasons.ts';

/** What decides how an operation may fail. */
interface Failing {
  readonly operationId: string;
  /** Reasons of its own. */
  readonly reasons: readonly Reason[];
  /** Whether it asks for a token. */
  readonly secured: boolean;
  /** Whether it takes an idempotency key. */
  readonly keyed: boolean;
  readonly hasBody: boolean;
  /** Whether what is sent is checked against a contract. */
  readonly checked: boolean;
}

const ALWAYS = ['LIMITE_DE_REQUISICOES', 'ENDERECO_GRANDE_DEMAIS', 'CABECALHO_GRANDE_DEMAIS'];
const CHECKED = ['REQUISICAO_INVALIDA'];
const SECURED = ['NAO_AUTENTICADO', 'TOKEN_INVALIDO', 'ACESSO_NEGADO'];
const KEYED = ['CHAVE_IDEMPOTENCIA_REUTILIZADA', 'REQUISICAO_EM_ANDAMENTO', 'CONFLITO_CONCORRENCIA'];
/** Beside a provider of the service's own that is away. */
const AWAY = ['SERVICO_INDISPONIVEL'];
const BODIED = ['MENSAGEM_GRANDE_DEMAIS'];
/** Of RPCs over REST: the gateway reads the body. */
const READ_BY_GATEWAY = ['CORPO_ILEGIVEL'];

/** Where it is not the status of the code: HTTP has a word of its own. */
const HTTP_STATUS: Readonly<Record<string, number>> = { MENSAGEM_GRANDE_DEMAIS: 413 };

/** Names of the shared responses, by what they share. */
const SHARED: Readonly<Record<string, readonly string[]>> = {
  Ilegivel: ['CABECALHO_GRANDE_DEMAIS'],
  RequisicaoInvalida: ['CABECALHO_GRANDE_DEMAIS', 'REQUISICAO_INVALIDA'],
  CorpoInvalido: ['CABECALHO_GRANDE_DEMAIS', 'REQUISICAO_INVALIDA', 'CORPO_ILEGIVEL'],
  NaoAutenticado: ['NAO_AUTENTICADO', 'TOKEN_INVALIDO'],
  AcessoNegado: ['ACESSO_NEGADO'],
  Conflito: KEYED,
  CorpoGrandeDemais: ['MENSAGEM_GRANDE_DEMAIS'],
  EnderecoGrandeDemais: ['ENDERECO_GRANDE_DEMAIS'],
  LimiteExcedido: ['LIMITE_DE_REQUISICOES'],
};

/** Writes what operations answer, from what the contract says of their failures and from recorded examples. */
export class Responses {
  readonly #reasons: Reasons;
  readonly #examples: Examples;

  constructor(reasons: Reasons, examples: Examples) {
    this.#reasons = reasons;
    this.#examples = examples;
  }

  /** All ways in which an operation fails, by HTTP status. Those that it shares with others are references. */
  failures({ operationId, reasons, secured, keyed, hasBody, checked }: Failing): Json {
    const names = [
      ...ALWAYS,
      ...(checked ? CHECKED : []),
      ...(secured ? SECURED : []),
      ...(keyed ? KEYED : []),
      ...(hasBody ? BODIED : []),
      ...(hasBody && checked ? READ_BY_GATEWAY : []),
    ];
    const away = reasons.some(({ status }) => status === 503) ? AWAY : [];
    const every = new Map(
      [...reasons, ...this.#common([...names, ...away])].map((reason) => [reason.name, reason]),
    );
    const byStatus = Map.groupBy([...every.values()], ({ status }) => status);
    const example = this.#examples.get(operationId);
    const told = [...byStatus]
      .sort(([a], [b]) => a - b)
      .map(([status, some]) => [String(status), this.#failure(some, example)]);
    return { ...Object.fromEntries(told), '5XX': { $ref: '#/components/responses/Falha' } };
  }

  /** What they refer to. */
  components(): Json {
    const shared = Object.entries(SHARED).map(([name, names]) => [name, this.#inFull(this.#common(names))]);
    return {
      ...Object.fromEntries(shared),
      Falha: {
        description:
          'It could not be done now. `503` and `504` may be tried again, mutations under the same `Idempotency-Key`; the `requestId` of a `500` finds it in the logs.',
        headers: REQUEST_ID,
        content: json({ $ref: '#/components/schemas/Erro' }),
      },
    };
  }

  /** A success, with its example and the headers that clients go by. */
  success(operationId: string, schema: Json, keyed: boolean): Json {
    const example = this.#examples.get(operationId)?.success;
    return {
      description: 'Success.',
      headers: { ...REQUEST_ID, ...RATE, ...(keyed ? REPLAYED : {}) },
      content: json(schema, example?.body === undefined ? undefined : { example: example.body }),
    };
  }

  /** An answer of a route that is no RPC, with the headers that all of its status have. */
  plain(response: Json, status: string): Json {
    const rate = status < '400' ? RATE : {};
    return { ...response, headers: { ...REQUEST_ID, ...rate, ...(response.headers as Json | undefined) } };
  }

  #common(names: readonly string[]): Reason[] {
    return names.map((name) => {
      const reason = this.#reasons.common(name);
      return { ...reason, status: HTTP_STATUS[name] ?? reason.status };
    });
  }

  #failure(reasons: readonly Reason[], example: Example | undefined): Json {
    const names = reasons.map(({ name }) => name);
    const [shared] = Object.entries(SHARED).find(([, some]) => sameNames(some, names)) ?? [];
    const own = example?.failures ?? {};
    if (shared !== undefined && !names.some((name) => name in own))
      return { $ref: `#/components/responses/${shared}` };
    return this.#inFull(reasons, example);
  }

  #inFull(reasons: readonly Reason[], example?: Example): Json {
    const common = this.#examples.get(COMMON)?.failures ?? {};
    const examples = reasons.flatMap(({ name }) => {
      const value = example?.failures?.[name] ?? common[name];
      return value === undefined ? [] : [[name, { value }]];
    });
    const enumerated = { type: 'object', properties: { reason: { enum: reasons.map(({ name }) => name) } } };
    return {
      description: reasons.map(({ name, meaning }) => `- \`${name}\`: ${meaning}`).join('\n'),
      headers: { ...REQUEST_ID, ...(reasons.some(({ status }) => status === 429) ? RETRY : {}) },
      content: json(
        { allOf: [{ $ref: '#/components/schemas/Erro' }, enumerated] },
        examples.length > 0 ? { examples: Object.fromEntries(examples) } : undefined,
      ),
    };
  }
}

const json = (schema: Json, more: Json = {}): Json => ({ 'application/json': { schema, ...more } });

const sameNames = (some: readonly string[], others: readonly string[]) =>
  some.length === others.length && others.every((name) => some.includes(name));

const headersNamed = (...names: string[]): Json =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

const REQUEST_ID = headersNamed('X-Request-Id');
const RATE = headersNamed(
  ...['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'],
  ...['X-RateLimit-Limit-Minute', 'X-RateLimit-Remaining-Minute'],
);
const REPLAYED = headersNamed('Idempotency-Replayed');
const RETRY = headersNamed('Retry-After');

const COUNT = { type: 'integer', minimum: 0 };

/** The headers of answers that clients go by. */
export const HEADERS: Json = {
  'X-Request-Id': {
    description: 'Names the request, in logs and to whoever is asked for help.',
    required: true,
    schema: { type: 'string' },
  },
  'RateLimit-Limit': {
    description: 'How many requests the present window takes.',
    required: true,
    schema: COUNT,
  },
  'RateLimit-Remaining': { description: 'How many of them are left.', required: true, schema: COUNT },
  'RateLimit-Reset': { description: 'Seconds until the window ends.', required: true, schema: COUNT },
  'X-RateLimit-Limit-Minute': {
    description: 'How many requests a minute takes.',
    required: true,
    schema: COUNT,
  },
  'X-RateLimit-Remaining-Minute': {
    description: 'How many of them are left.',
    required: true,
    schema: COUNT,
  },
  'Retry-After': { description: 'Seconds to wait, where that is known.', schema: COUNT },
  'Idempotency-Replayed': {
    description: '`true` when the `Idempotency-Key` came before, and this is its effect as it is now.',
    schema: { type: 'string', const: 'true' },
  },
};
