import type { Carteiro, Entrega } from '../../application/carteiro.ts';
import type { SobreODestino, TipoFalha } from '../../domain/falha-de-envio.ts';
import type { MensagemSms } from '../../domain/mensagem.ts';
import { partesDe } from '../../domain/sms.ts';
import { type Dialeto, entregar, type Resposta } from '../http-provedor.ts';

interface Options {
  readonly url: string;
  readonly chave: string;
  readonly segredo: string;
  /** Number or name that the message comes from. */
  readonly remetente: string;
  readonly timeoutMs?: number;
  readonly agora: () => number;
}

const TIMEOUT_MS = 15_000;
const [MIN_TTL_MS, MAX_TTL_MS] = [20_000, 604_800_000];

/**
 * What Vonage answers, always with 200, as the status of the message (developer.vonage.com/en/api-errors/sms). What stops the channel
 * is only what would be answered to every message. The others are about the message.
 */
const TIPOS: Readonly<Record<string, TipoFalha>> = {
  ...{ '1': 'INDISPONIVEL', '5': 'INCERTA', '10': 'INDISPONIVEL' },
  // Key, account, credit, product, signature, callback, secret.
  ...{ '4': 'CREDENCIAIS', '8': 'CREDENCIAIS', '9': 'CREDENCIAIS', '11': 'CREDENCIAIS', '14': 'CREDENCIAIS' },
  ...{ '23': 'CREDENCIAIS', '32': 'CREDENCIAIS' },
};

/**
 * The sender that this country does not take, mostly in North America (15), and the number that an account on trial has not been
 * allowed (29), are of one destination, as numbers are that are barred (7) or given up (33).
 */
const DESTINOS: Readonly<Record<string, SobreODestino>> = {
  ...{ '7': 'RECUSADO', '15': 'FORA_DE_ALCANCE', '29': 'FORA_DE_ALCANCE', '33': 'INEXISTENTE' },
};

const DIALETO: Dialeto = {
  ...{ nome: 'Vonage', provedor: 'vonage', semResposta: 'INCERTA' },
  aceita: (resposta) => resposta.status === 200 && situacaoDe(resposta) === '0',
  idDoProvedor: (resposta) => primeira(resposta)['message-id'],
  recusaANos: () => false,
  tipoDe,
  codigoDe: situacaoDe,
  sobreODestino: (resposta) => DESTINOS[situacaoDe(resposta) ?? ''],
};

/** SMS over the API of Vonage. Like Twilio's it has no key of idempotency. */
export class VonageCarteiro implements Carteiro<MensagemSms> {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  enviar({ id, para, texto, validoAte }: MensagemSms): Promise<Entrega> {
    const { url, chave, segredo, remetente, timeoutMs = TIMEOUT_MS, agora } = this.#options;
    const corpo = new URLSearchParams({
      from: remetente,
      // Without the plus.
      to: para.slice(1),
      text: texto,
      type: partesDe(texto).codificacao === 'GSM-7' ? 'text' : 'unicode',
      'client-ref': id,
      ...(validoAte && { ttl: String(ttlAte(validoAte, agora())) }),
    });
    const autorizacao = `Basic ${Buffer.from(`${chave}:${segredo}`).toString('base64')}`;
    return entregar(DIALETO, { url: `${url}/sms/json`, autorizacao, corpo }, timeoutMs);
  }
}

const ttlAte = (quando: Date, agora: number): number =>
  Math.min(Math.max(quando.getTime() - agora, MIN_TTL_MS), MAX_TTL_MS);

/** A long message has one answer for each of its parts: all are taken, or the first says why not. */
function primeira({ json }: Resposta): { readonly status?: string; readonly 'message-id'?: string } {
  const { messages } = (json ?? {}) as { messages?: unknown };
  if (!Array.isArray(messages)) return {};
  const partes = messages as readonly ({ readonly status?: unknown } | null)[];
  const parte = partes.find((uma) => uma?.status !== '0') ?? partes[0];
  return (parte ?? {}) as ReturnType<typeof primeira>;
}

function situacaoDe(resposta: Resposta): string | undefined {
  const { status } = primeira(resposta);
  return typeof status === 'string' && /^\d{1,3}$/.test(status) ? status : undefined;
}

function tipoDe(resposta: Resposta): TipoFalha | undefined {
  const situacao = situacaoDe(resposta);
  if (resposta.status === 200 && situacao !== undefined) return TIPOS[situacao] ?? 'PERMANENTE';
  return resposta.status >= 500 && resposta.status !== 503 ? 'INCERTA' : undefined;
}
