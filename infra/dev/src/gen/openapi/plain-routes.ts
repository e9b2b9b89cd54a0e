import type { Json } from './openapi-rules.ts';
import type { PlainOperation, PlainRoutes } from './plain-paths.ts';

const answered = (description: string, type: string, schema?: Json): { '200': Json } => ({
  '200': { description, content: { [type]: schema === undefined ? {} : { schema } } },
});

const TEXT = { type: 'string' };
const INSTANT = { type: 'string', format: 'date-time' };
const ID = { type: 'string', maxLength: 40 };

const parameter = (
  place: 'path' | 'query',
  name: string,
  description: string,
  schema: Json = TEXT,
): Json => ({
  ...{ name, in: place, required: place === 'path', description, schema },
});

/** Providers sign the bytes that they send; nobody else has a use for these addresses. */
function toldByProvider(
  operationId: string,
  summary: string,
  type: string,
  more: { parameters?: Json[]; responses?: PlainOperation['responses'] } = {},
): { post: PlainOperation } {
  const { parameters, responses = { '200': { description: 'It is kept.' } } } = more;
  return {
    post: {
      operationId,
      summary,
      description: `${summary} What is not signed by the provider is refused.\n\nFailures: INVALID_ARGUMENT/ASSINATURA_INVALIDA.`,
      tags: ['Provedores'],
      security: [],
      ...(parameters && { parameters }),
      requestBody: { required: true, content: { [type]: {} } },
      responses,
    },
  };
}

const TOKEN = parameter('path', 'token', 'End of the address in the message: it is the secret.');
const IDIOMA = parameter(
  'query',
  'idioma',
  'Language of the page; the nearest one that there is. Unset: Brazilian Portuguese.',
);
const PAGE = {
  ...answered('A page for people.', 'text/html', TEXT),
  '404': {
    description: 'There is no such address; a page says so.',
    content: { 'text/html': { schema: TEXT } },
  },
};

const TOKEN_REQUEST: Json = {
  type: 'object',
  required: ['grant_type'],
  properties: {
    grant_type: { type: 'string', const: 'client_credentials' },
    client_id: { ...TEXT, description: 'Identity of the key, unless the header says it.' },
    client_secret: { ...TEXT, description: 'Secret of the key, unless the header says it.' },
    scope: {
      ...TEXT,
      description: 'Scopes with spaces between, fewer than those of the key. Left out: all of them.',
    },
  },
};

const TOKEN_ANSWER: Json = {
  type: 'object',
  required: ['access_token', 'token_type', 'expires_in', 'scope'],
  properties: {
    access_token: TEXT,
    token_type: { type: 'string', const: 'Bearer' },
    expires_in: { type: 'integer', description: 'Seconds, 600 at most.' },
    scope: { ...TEXT, description: 'Scopes of the token, with spaces between.' },
  },
};

const TOKEN_ERROR = {
  content: {
    'application/json': {
      schema: {
        type: 'object',
        required: ['error', 'error_description'],
        properties: {
          error: {
            type: 'string',
            enum: [
              ...['invalid_request', 'invalid_client', 'invalid_scope', 'unsupported_grant_type'],
              'temporarily_unavailable',
            ],
          },
          error_description: { ...TEXT, description: 'For who writes the client.' },
        },
      },
    },
  },
};

/** All of them; a spec compares them with the routes that the services declare. */
export const PLAIN_ROUTES: PlainRoutes = {
  tags: [
    {
      name: 'Provedores',
      description:
        'What providers of payments and of messages tell the platform, over their own signatures. Nothing for clients.',
    },
  ],
  paths: {
    '/.well-known/jwks.json': {
      get: {
        operationId: 'ChavesPublicas',
        summary: 'Public keys of access tokens, and of archives of personal data (RFC 7517).',
        description:
          'Public keys of access tokens, and of archives of personal data (RFC 7517). They change: ask again for a `kid` that is not known.',
        tags: ['AuthService'],
        security: [],
        responses: {
          ...answered('The keys.', 'application/jwk-set+json', {
            type: 'object',
            required: ['keys'],
            properties: { keys: { type: 'array', items: { type: 'object' } } },
          }),
        },
      },
    },
    '/api/v1/oauth/token': {
      post: {
        operationId: 'TrocarChavePorToken',
        summary: 'Gives a short access token for an API key (OAuth 2.0 client credentials, RFC 6749, 4.4).',
        description:
          'Gives a short access token for an API key (OAuth 2.0 client credentials, RFC 6749, 4.4). The key proves itself by HTTP Basic, its parts form-encoded, or in the body; not by both. There is no refresh token: ask again before `expires_in` seconds have passed.',
        tags: ['ChavesApiService'],
        security: [],
        requestBody: {
          required: true,
          content: { 'application/x-www-form-urlencoded': { schema: TOKEN_REQUEST } },
        },
        responses: {
          ...answered('The token.', 'application/json', TOKEN_ANSWER),
          '400': { description: 'The request is wrong, or asks for more than the key has.', ...TOKEN_ERROR },
          '401': {
            description: 'There is no such key, its secret is another one, or it has ended.',
            ...TOKEN_ERROR,
          },
          '429': {
            description: 'Too many requests; `Retry-After` says how many seconds to wait.',
            ...TOKEN_ERROR,
          },
        },
      },
    },
    '/api/v1/exports/{endereco}.tar.gz': {
      get: {
        operationId: 'BaixarExportacao',
        summary: 'Downloads an archive of personal data.',
        description:
          'Downloads an archive of personal data, by the address that the export tells once it is ready. The address is the secret: no token is asked for.\n\nFailures: NOT_FOUND/EXPORTACAO_NAO_ENCONTRADA.',
        tags: ['ExportService'],
        security: [],
        parameters: [parameter('path', 'endereco', 'End of the address, without `.tar.gz`.')],
        responses: answered('The archive.', 'application/gzip'),
      },
    },
    '/api/v1/calendarios/{token}.ics': {
      get: {
        operationId: 'LerCalendario',
        summary: 'Reads a calendar feed (RFC 5545).',
        description:
          'Reads a calendar feed (RFC 5545), as calendar programs do. The address is the secret: no token is asked for. `If-None-Match` and `If-Modified-Since` are honoured.\n\nFailures: NOT_FOUND/CALENDARIO_NAO_ENCONTRADO.',
        tags: ['CalendariosService'],
        security: [],
        parameters: [parameter('path', 'token', 'End of the address, without `.ics`.')],
        responses: {
          ...answered('The feed, with `ETag`.', 'text/calendar', TEXT),
          '304': { description: 'Nothing has changed.' },
        },
      },
    },
    '/api/v1/transacoes.csv': {
      get: {
        operationId: 'ExportarTransacoes',
        summary: 'Lists money movements as ListarTransacoes does, without pages, as CSV (RFC 4180).',
        description:
          'Lists money movements as ListarTransacoes does, without pages, as CSV (RFC 4180): the same filters, and the same reach.\n\nFailures: INVALID_ARGUMENT/PERIODO_INVALIDO.',
        tags: ['PagamentosService'],
        security: [{ bearer: [] }],
        parameters: [
          parameter('query', 'reservaId', 'Only this reservation.', ID),
          parameter('query', 'clienteId', 'Only this customer. Honoured for ADMIN only.', ID),
          parameter('query', 'dataInicio', 'Only movements at or after this instant.', INSTANT),
          parameter('query', 'dataFim', 'Only movements before this instant.', INSTANT),
          parameter('query', 'tipo', 'Only this kind.', { $ref: '#/components/schemas/TipoTransacao' }),
          parameter('query', 'pagamentoId', 'Only this payment.', ID),
        ],
        responses: answered('A line of names, then a movement a line.', 'text/csv', TEXT),
      },
    },
    '/api/v1/notificacoes/descadastro/{token}': {
      get: {
        operationId: 'PerguntarDescadastro',
        summary: 'Shows the page that a link in a message leads to.',
        description: 'Shows the page that a link in a message leads to; reading it changes nothing.',
        tags: ['NotificacoesService'],
        security: [],
        parameters: [TOKEN, IDIOMA],
        responses: PAGE,
      },
      post: {
        operationId: 'Descadastrar',
        summary: 'Ends messages like the one that the link was in (RFC 8058).',
        description:
          'Ends messages like the one that the link was in, as mail programs ask for it with one click (RFC 8058).',
        tags: ['NotificacoesService'],
        security: [],
        parameters: [TOKEN, IDIOMA],
        requestBody: {
          required: true,
          content: {
            'application/x-www-form-urlencoded': {
              schema: {
                type: 'object',
                required: ['List-Unsubscribe'],
                properties: { 'List-Unsubscribe': { type: 'string', const: 'One-Click' } },
              },
            },
          },
        },
        responses: {
          ...PAGE,
          '400': {
            description: 'The form is none of RFC 8058; the page asks again.',
            content: { 'text/html': { schema: TEXT } },
          },
        },
      },
    },
    '/api/v1/webhooks/stripe': toldByProvider(
      'WebhookStripe',
      'Takes what Stripe tells of payments.',
      'application/json',
    ),
    '/api/v1/webhooks/sendgrid': toldByProvider(
      'RetornosSendGrid',
      'Takes what SendGrid tells of e-mails.',
      'application/json',
    ),
    '/api/v1/webhooks/resend': toldByProvider(
      'RetornosResend',
      'Takes what Resend tells of e-mails.',
      'application/json',
    ),
    '/api/v1/webhooks/twilio/{notificacaoId}': toldByProvider(
      'RetornosTwilio',
      'Takes what Twilio tells of text messages.',
      'application/x-www-form-urlencoded',
      { parameters: [parameter('path', 'notificacaoId', 'The message that was sent.')] },
    ),
    '/api/v1/webhooks/twilio/respostas': toldByProvider(
      'RespostasTwilio',
      'Takes what people answer to text messages.',
      'application/x-www-form-urlencoded',
      { responses: answered('It is kept.', 'text/xml', TEXT) },
    ),
  },
};
