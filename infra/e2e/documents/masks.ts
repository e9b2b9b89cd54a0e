import type { Json } from './document.ts';

/** What stands in examples instead of what only one caller may know, by the name of its member. */
const SECRET: Readonly<Record<string, string>> = {
  accessToken:
    'eyJhbGciOiJSUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiJjbGlfRXhlbXBsbzEifQ.assinatura-de-exemplo',
  access_token: 'exemplo-de-access-token',
  client_secret: 'exemplo-de-segredo',
  refreshToken: 'exemplo-de-refresh-token',
  mfaToken: 'exemplo-de-mfa-token',
  segredo: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  chave: 'whsec_exemploDeChaveQueSoApareceUmaVez',
  chavePublica: 'BExemploDeChavePublica',
  etag: '"exemplo"',
  state: 'exemplo-de-state',
  pageToken: 'exemplo-de-pagina',
  requestId: '0192f0c1-7b5e-7c3a-9d2e-5f4b3a2c1d0e',
  qrCode: 'data:image/svg+xml;base64,ZXhlbXBsbw==',
  authorizationUrl: 'https://accounts.google.com/o/oauth2/v2/auth?client_id=exemplo&state=exemplo',
  kid: 'exemplo-de-kid',
  n: 'exemplo-de-modulo',
  x: 'exemplo-de-x',
  y: 'exemplo-de-y',
  auth: 'exemplo-de-auth',
  p256dh: 'exemplo-de-p256dh',
  sha256: 'exemplo-de-sha256',
  periodo: '2027-03',
  password: 'Senha@123',
  destino: 'z***e@exemplo.com',
  numero: '+55***4321',
  prefixo: 'plat_ExemploExemp',
  protocolo: 'ExemploDeProtocolo_de32caractere',
  token: 'ExemploDeEndereco',
};

/** Instants of members that are told apart; of all others there is one. */
const INSTANTS: Readonly<Record<string, string>> = {
  dataInicio: '2027-03-10T13:00:00Z',
  dataFim: '2027-03-10T14:00:00Z',
  expiraEm: '2027-03-01T12:15:00Z',
  criadoEm: '2027-03-01T12:00:00Z',
  atualizadoEm: '2027-03-01T12:00:30Z',
};
const INSTANT = '2027-03-01T12:00:00Z';

/** Members that are there by what else has happened on the platform. */
const COMES_AND_GOES = ['nextPageToken', 'falhandoDesde'];

/** A list is shown by its beginning. */
const SHOWN = 3;

const PATTERNS = {
  instant: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g,
  uuid: /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g,
  id: /\b(res|esp|cli|pag|cot|ser|fil|cal|fec|ses|not|ntf|whk|ent|evt|dsp|exp|trx|tra|est|cre|psk|apg|chv|key)_(?!0{8}\b)[0-9A-Za-z-]{6,}/g,
};

/**
 * Replaces what is different every time, or nobody else's business, by values that stay the same and look alike. The same identity
 * has the same name within an example.
 */
export class Masks {
  readonly #names = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  of(value: unknown, name = ''): unknown {
    if (typeof value === 'string') return this.#text(value, name);
    if (name === 'tentarNovamenteEm') return 60;
    if (name === 'duracaoMs') return 12;
    if (Array.isArray(value)) return value.slice(0, SHOWN).map((one) => this.of(one, name));
    if (typeof value !== 'object' || value === null) return value;
    const members = Object.entries(value as Json).filter(([key]) => !COMES_AND_GOES.includes(key));
    return Object.fromEntries(members.map(([key, one]) => [key, this.of(one, key)]));
  }

  #text(text: string, name: string): string {
    if (text === '') return text;
    const secret = SECRET[name];
    if (secret !== undefined) return secret;
    if (name === 'id' && /^\d+$/.test(text)) return '1';
    if (name === 'code' && !/^[a-z_]+$/.test(text)) return 'exemplo-de-code';
    if (name === 'codigo' || name === 'codigosRecuperacao') return codeLike(text);
    if (name === 'opcoes' || name === 'resposta') return `{"exemplo":"${name} de WebAuthn, em JSON"}`;
    return text
      .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, SECRET.accessToken ?? '')
      .replace(/\b([a-z]+)\.[0-9a-f-]{36}(@|%40)exemplo\.com/g, '$1$2exemplo.com')
      .replace(/[0-9a-f-]{36}@exemplo\.com/g, 'bia@exemplo.com')
      .replace(/https?:\/\/127\.0\.0\.1:\d+/g, 'https://api.exemplo.com')
      .replace(/\b127\.0\.0\.1\b/g, '203.0.113.7')
      .replace(/\+55119\d{8}\b/g, '+5511987654321')
      .replace(/\bcs_test_\w+/g, 'cs_test_exemplo')
      .replace(/\/api\/v1\/calendarios\/[\w-]+\.ics/g, '/api/v1/calendarios/ExemploDeEndereco.ics')
      .replace(/(Pague até \d\d\/\d\d\/20\d\d, )\d\d:\d\d/g, (_, dia: string) => `${dia}09:15`)
      .replace(/\bem \d+ segundos?\b/g, 'em 60 segundos')
      .replace(/secret=[A-Z2-7]+/g, `secret=${SECRET.segredo}`)
      .replace(/\b20\d{6}T\d{6}Z/g, '20270310T130000Z')
      .replace(PATTERNS.instant, INSTANTS[name] ?? INSTANT)
      .replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d\b(?!:)/g, '2027-03-10T10:00')
      .replace(/\b20\d\d-\d\d-\d\d\b(?!T)/g, '2027-03-10')
      .replace(/\b\d\d\/\d\d\/20\d\d\b/g, '10/03/2027')
      .replace(PATTERNS.uuid, (uuid) => this.#named('uuid', uuid))
      .replace(/(?<![\w-])(?!0{8}-)[\w-]{40,}/g, (run) =>
        /\d/.test(run) && !run.startsWith('eyJ') ? 'exemplo' : run,
      )
      .replace(PATTERNS.id, (id, prefix: string) => this.#named(prefix, id));
  }

  #named(kind: string, value: string): string {
    const known = this.#names.get(value);
    if (known !== undefined) return known;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    const name =
      kind === 'uuid'
        ? `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`
        : `${kind}_Exemplo${count}`;
    this.#counts.set(kind, count);
    this.#names.set(value, name);
    return name;
  }
}

/** A code of digits, or of letters. */
const codeLike = (text: string): string =>
  /^\d{6}$/.test(text) ? '123456' : /^[A-Z_]{3,}$/.test(text) ? text : 'exemplo-de-codigo';
