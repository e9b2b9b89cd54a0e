import type { Carteiro, Entrega } from '../../canais/application/carteiro.ts';
import type { SobreODestino } from '../../canais/domain/falha-de-envio.ts';
import { mascararTelefone } from '../../canais/domain/mascara.ts';
import type { MensagemSms } from '../../canais/domain/mensagem.ts';
import { encurtarSms, type Partes, partesDe } from '../../canais/domain/sms.ts';
import type { Modelos } from '../../modelos/application/modelos.ts';
import { resumoDe } from '../../modelos/domain/resumo.ts';
import { type Cota, MAXIMO_DE_SMS_POR_DIA } from '../domain/limite-diario.ts';
import type { Destino, Faixa, Remessa } from './faixa.ts';
import type { NotificacaoComecada } from './ports.ts';

/** Whose number is whose. */
export interface TelefonesDoEnvio {
  /** The number that a person has proved and still has in their preferences; undefined when there is none. */
  numeroDe(clienteId: string): Promise<string | undefined>;
  /** Its owner wants nothing from us there: this person gets no SMS before they prove it again. */
  recusado(clienteId: string, numero: string): Promise<void>;
  /** There is no such number, or not any more: it is proved no longer. */
  inexistente(clienteId: string, numero: string): Promise<void>;
}

interface Deps {
  readonly carteiro: Carteiro<MensagemSms>;
  readonly modelos: Pick<Modelos, 'em'>;
  readonly telefones: TelefonesDoEnvio;
  readonly lote: number;
  /** Messages a day besides codes, of all people together. */
  readonly limiteDiario: number;
  /** A message was taken, in so many parts. */
  readonly aoPartir: (partes: Partes) => void;
}

interface Numero extends Destino {
  readonly numero: string;
}

/** Each part is paid: what does not fit into so many is cut. */
const MAX_PARTES = 2;

/** Text messages, to numbers that are proved. */
export class FaixaDeSms implements Faixa<Numero> {
  readonly canal = 'SMS';
  readonly lote: number;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.lote = deps.lote;
    this.#deps = deps;
  }

  async destino({ clienteId, ...mensagem }: NotificacaoComecada): Promise<Numero | undefined> {
    const numero =
      mensagem.modelo === 'CODIGO_DE_TELEFONE'
        ? mensagem.dados.telefone
        : await this.#deps.telefones.numeroDe(clienteId);
    return numero === undefined ? undefined : { numero, mascarado: mascararTelefone(numero) };
  }

  /** How many codes there are is said where they are asked for. */
  cota([{ modelo }]: Remessa, { numero }: Numero): Cota | undefined {
    if (modelo === 'CODIGO_DE_TELEFONE') return undefined;
    const total = { nome: 'sms', limite: this.#deps.limiteDiario };
    return { nome: `sms:${numero}`, limite: MAXIMO_DE_SMS_POR_DIA, total };
  }

  async enviar(remessa: Remessa, { numero }: Numero): Promise<Entrega> {
    const { carteiro, modelos, aoPartir } = this.#deps;
    const [{ id, validoAte, clienteId, preferencias }] = remessa;
    const resumo = remessa.length > 1 ? resumoDe(remessa) : undefined;
    const texto = encurtarSms(modelos.em(preferencias.idioma).sms(resumo ?? remessa[0]), MAX_PARTES);
    const entrega = await carteiro.enviar({ id, para: numero, texto, validoAte });
    if (entrega.isFailure) await this.#aprender(clienteId, numero, entrega.error.sobreODestino);
    else aoPartir(partesDe(texto));
    return entrega;
  }

  async #aprender(clienteId: string, numero: string, sobre: SobreODestino | undefined) {
    const { telefones } = this.#deps;
    if (sobre === 'RECUSADO') await telefones.recusado(clienteId, numero);
    if (sobre === 'INEXISTENTE') await telefones.inexistente(clienteId, numero);
  }
}
