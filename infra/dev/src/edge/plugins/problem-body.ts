/** What is said of an error: gRPC's word, words for people, and the reason for programs. */
export interface OwnError {
  readonly code: string;
  readonly message: string;
  readonly reason: string;
}

/** Words of gRPC's codes; the index is the code. */
const CODES = [
  'ok',
  'canceled',
  'unknown',
  'invalid_argument',
  'deadline_exceeded',
  'not_found',
  'already_exists',
  'permission_denied',
  'resource_exhausted',
  'failed_precondition',
  'aborted',
  'out_of_range',
  'unimplemented',
  'internal',
  'unavailable',
  'data_loss',
  'unauthenticated',
];

const own = (code: string, reason: string, message: string): OwnError => ({ code, reason, message });

const UNREADABLE = own('invalid_argument', 'REQUISICAO_INVALIDA', 'A requisição não pôde ser lida.');
const INTERNAL = own('internal', 'ERRO_INTERNO', 'Ocorreu um erro inesperado. Tente novamente mais tarde.');
const DOWN = own(
  'unavailable',
  'SERVICO_INDISPONIVEL',
  'Serviço temporariamente indisponível. Tente novamente em instantes.',
);
const BAD_TOKEN = own('unauthenticated', 'TOKEN_INVALIDO', 'O token de acesso é inválido ou expirou.');

/** What Kong and nginx refuse by themselves, by status. */
const OWN: ReadonlyMap<number, OwnError> = new Map([
  [400, UNREADABLE],
  [401, own('unauthenticated', 'NAO_AUTENTICADO', 'É preciso estar autenticado para esta operação.')],
  [404, own('not_found', 'ROTA_INEXISTENTE', 'Este endereço não existe.')],
  [405, own('invalid_argument', 'METODO_NAO_PERMITIDO', 'Este endereço não aceita este método HTTP.')],
  [408, own('deadline_exceeded', 'PRAZO_ESGOTADO', 'A requisição demorou demais para chegar.')],
  [413, own('resource_exhausted', 'MENSAGEM_GRANDE_DEMAIS', 'O corpo da requisição é grande demais.')],
  [414, own('invalid_argument', 'ENDERECO_GRANDE_DEMAIS', 'O endereço da requisição é longo demais.')],
  [415, own('invalid_argument', 'TIPO_NAO_SUPORTADO', 'Este endereço não aceita conteúdo deste tipo.')],
  [426, own('failed_precondition', 'HTTP2_NECESSARIO', 'Chamadas gRPC precisam de HTTP/2.')],
  [
    429,
    own(
      'resource_exhausted',
      'LIMITE_DE_REQUISICOES',
      'Requisições demais. Aguarde antes de tentar novamente.',
    ),
  ],
  [500, INTERNAL],
  [501, UNREADABLE],
  [505, UNREADABLE],
  [502, DOWN],
  [503, DOWN],
  [504, own('deadline_exceeded', 'PRAZO_ESGOTADO', 'O tempo limite da requisição foi excedido.')],
]);

const BY_WORDS: readonly (readonly [words: string, error: OwnError])[] = [
  ['decode json err', own('invalid_argument', 'CORPO_ILEGIVEL', 'O corpo da requisição não é JSON.')],
  [
    'body must be a table',
    own('invalid_argument', 'CORPO_ILEGIVEL', 'O corpo da requisição deve ser um objeto JSON.'),
  ],
  [
    'failed to encode',
    own(
      'invalid_argument',
      'REQUISICAO_INVALIDA',
      'Um valor da requisição não é do tipo que o contrato pede.',
    ),
  ],
  [
    'header or cookie',
    own('invalid_argument', 'CABECALHO_GRANDE_DEMAIS', 'Os cabeçalhos da requisição são grandes demais.'),
  ],
];

/** Over HTTP/2 Kong takes REST for gRPC once it has been transcoded: its status comes by gRPC's codes, which know fewer. */
const LOST_STATUS: ReadonlyMap<string, number> = new Map([
  ['Payload too large', 413],
  ['An invalid response was received from the upstream server', 502],
]);

/** The status that Kong had before it said this to a gRPC call. */
export const lostStatus = (grpcMessage: string | undefined): number | undefined =>
  LOST_STATUS.get(grpcMessage ?? '');

/** What the gateway itself refuses with this status. @param challenge its `WWW-Authenticate` */
export function ownError(status: number, challenge: string): OwnError {
  if (status === 401 && challenge.includes('invalid_token')) return BAD_TOKEN;
  return OWN.get(status) ?? (status >= 500 ? INTERNAL : UNREADABLE);
}

/** What the gateway refuses with the status 400. @param words Kong's own */
export function ownErrorByWords(words: string): OwnError {
  return BY_WORDS.find(([part]) => words.includes(part))?.[1] ?? UNREADABLE;
}

/** gRPC's number of an error's code: Kong says 13 of a service that is down. */
export const codeOf = ({ code }: OwnError): number => CODES.indexOf(code);

/** The word of a gRPC code. */
export const serviceCode = (code: number): string => CODES[code] ?? 'unknown';

/** The body of every error. @param details JSON, as it is */
export function problemBody({ code, message, reason }: OwnError, requestId = '', details: string): Buffer {
  const told = { code, message, reason, requestId: requestId.replace(/[^ -~]/g, '?') };
  return Buffer.from(`${JSON.stringify(told).slice(0, -1)},"details":${details}}`);
}
