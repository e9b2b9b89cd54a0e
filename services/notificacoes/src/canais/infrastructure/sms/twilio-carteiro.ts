import type { Carteiro, Entrega } from '../../application/carteiro.ts';
import type { SobreODestino, TipoFalha } from '../../domain/falha-de-envio.ts';
import type { MensagemSms } from '../../domain/mensagem.ts';
import { type Dialeto, entregar, type Resposta } from '../http-provedor.ts';

interface Options {
  readonly url: string;
  readonly contaSid: string;
  /** Who signs in: an API key, or the account itself. */
  readonly usuario: string;
  readonly senha: string;
  /** Number in E.164, or the SID of a Messaging Service, which has numbers. */
  readonly remetente: string;
  /** Where Twilio tells what becomes of messages: the identity of each is put behind it. */
  readonly avisos: string | undefined;
  readonly timeoutMs?: number;
  readonly agora: () => number;
}

const TIMEOUT_MS = 15_000;
/** Messages wait in Twilio's queue no longer than this, also without being told. */
const MAX_VALIDITY_S = 36_000;
const SID = /^[SM]M[0-9a-f]{32}$/i;

/**
 * Twilio's own codes, where the status does not say what they mean (twilio.com/docs/api/errors). What stops the channel is only what
 * would be answered to every message, whoever it is for: our key, our account, our number, our Messaging Service, our callback. `TWILIO_FROM`
 * is no short code, to which 21606 and 21659 would say something of the country.
 */
const TIPOS: ReadonlyMap<number, TipoFalha> = new Map([
  ...[20003, 20005, 21212, 21601, 21603, 21606, 21607, 21609, 21616, 21659, 21660, 21661, 21663, 21668].map(
    (codigo) => [codigo, 'CREDENCIAIS'] as const,
  ),
  ...[21701, 21702, 21704, 21705, 30002].map((codigo) => [codigo, 'CREDENCIAIS'] as const),
  // Queues, rates and shares of a day of ours, and their own maintenance.
  ...[20429, 21611, 21730, 30001, 30454, 63038].map((codigo) => [codigo, 'INDISPONIVEL'] as const),
  // A telephone that is off, and a number that they take for part of a fraud for half an hour.
  ...[30003, 30008, 30450, 30453].map((codigo) => [codigo, 'TEMPORARIA'] as const),
  ...[30004, 30005, 30006, 30007].map((codigo) => [codigo, 'PERMANENTE'] as const),
]);

/** They have answered STOP. */
const RECUSADO = new Set([21610]);
/** No number, no mobile, a landline, a short code, a service, nobody's. */
const INEXISTENTE = new Set([21211, 21217, 21265, 21268, 21614, 21635, 30005, 30006]);
/**
 * Not there, or not from our number: a country that is not switched on (Geo permissions) or does not take the sender, a number that a trial account
 * has not verified, a Messaging Service without a sender for it, the region of the account, the registration that the USA ask for.
 */
const FORA_DE_ALCANCE = new Set([21408, 21608, 21612, 21657, 21662, 21703, 30034]);

const DIALETO: Dialeto = {
  ...{ nome: 'Twilio', provedor: 'twilio', semResposta: 'INCERTA' },
  aceita: (resposta) => resposta.status === 201 && idDe(resposta) !== undefined && !falhou(resposta),
  idDoProvedor: idDe,
  recusaANos: () => false,
  tipoDe,
  sobreODestino,
  codigoDe: (resposta) => codigoDe(resposta)?.toString(),
};

/**
 * SMS over the API of Twilio (Messages, 2010-04-01). It has no key of idempotency: where no answer came, or one that does not say
 * whether the message was taken, it is `INCERTA`.
 */
export class TwilioCarteiro implements Carteiro<MensagemSms> {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  enviar(mensagem: MensagemSms): Promise<Entrega> {
    const { url, contaSid, usuario, senha, timeoutMs = TIMEOUT_MS } = this.#options;
    const pedido = {
      url: `${url}/2010-04-01/Accounts/${contaSid}/Messages.json`,
      autorizacao: `Basic ${Buffer.from(`${usuario}:${senha}`).toString('base64')}`,
      corpo: this.#corpo(mensagem),
    };
    return entregar(DIALETO, pedido, timeoutMs);
  }

  #corpo({ id, para, texto, validoAte }: MensagemSms): URLSearchParams {
    const { remetente, avisos, agora } = this.#options;
    const corpo = new URLSearchParams({ To: para, Body: texto });
    corpo.set(remetente.startsWith('MG') ? 'MessagingServiceSid' : 'From', remetente);
    if (avisos !== undefined) corpo.set('StatusCallback', `${avisos}/${id}`);
    if (validoAte !== undefined) corpo.set('ValidityPeriod', String(segundosAte(validoAte, agora())));
    return corpo;
  }
}

const segundosAte = (quando: Date, agora: number): number =>
  Math.min(Math.max(Math.floor((quando.getTime() - agora) / 1_000), 1), MAX_VALIDITY_S);

function idDe({ json }: Resposta): string | undefined {
  const { sid } = (json ?? {}) as { sid?: unknown };
  return typeof sid === 'string' && SID.test(sid) ? sid : undefined;
}

/** Taken, and not sent on. */
function falhou({ json }: Resposta): boolean {
  const { status } = (json ?? {}) as { status?: unknown };
  return status === 'failed' || status === 'undelivered';
}

/** Of a refusal, or of a message that is taken and not sent on. */
function codigoDe({ json }: Resposta): number | undefined {
  const { code, error_code: errorCode } = (json ?? {}) as { code?: unknown; error_code?: unknown };
  const codigo = code ?? errorCode;
  return Number.isSafeInteger(codigo) ? (codigo as number) : undefined;
}

function tipoDe(resposta: Resposta): TipoFalha | undefined {
  const codigo = codigoDe(resposta);
  const conhecido = codigo === undefined ? undefined : TIPOS.get(codigo);
  if (conhecido !== undefined) return conhecido;
  if (sobreODestino(resposta) !== undefined) return 'PERMANENTE';
  if (falhou(resposta)) return 'PERMANENTE';
  // A success that is not theirs, or an error behind the door: the message may be on its way.
  return resposta.status >= 500 && resposta.status !== 503 ? 'INCERTA' : undefined;
}

function sobreODestino(resposta: Resposta): SobreODestino | undefined {
  const codigo = codigoDe(resposta) ?? 0;
  if (RECUSADO.has(codigo)) return 'RECUSADO';
  if (FORA_DE_ALCANCE.has(codigo)) return 'FORA_DE_ALCANCE';
  return INEXISTENTE.has(codigo) ? 'INEXISTENTE' : undefined;
}
