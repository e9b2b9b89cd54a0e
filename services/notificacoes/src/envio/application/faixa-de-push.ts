import { answersOf } from '@plataforma/domain/answers-of';
import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { Carteiro, Entrega, Recibo } from '../../canais/application/carteiro.ts';
import { FalhaDeEnvioError, type TipoFalha } from '../../canais/domain/falha-de-envio.ts';
import type { MensagemPush, PushPara } from '../../canais/domain/push.ts';
import type { AparelhoDaPessoa, Aparelhos } from '../../dispositivos/application/aparelhos.ts';
import type { Modelos } from '../../modelos/application/modelos.ts';
import type { Modelo } from '../../modelos/domain/modelo.ts';
import { resumoDe } from '../../modelos/domain/resumo.ts';
import { type Cota, foraDoLimite, MAXIMO_POR_DIA } from '../domain/limite-diario.ts';
import type { Destino, Faixa, Remessa } from './faixa.ts';
import type { NotificacaoComecada } from './ports.ts';

interface Deps {
  readonly carteiro: Carteiro<PushPara>;
  readonly aparelhos: Aparelhos;
  readonly modelos: Pick<Modelos, 'em'>;
  readonly clock: Clock;
  readonly lote: number;
  /** What became of a message at a person's devices could not be noted: those that are lost are tried once more. */
  readonly semAnotacao: (causa: unknown) => void;
}

interface AosAparelhos extends Destino {
  readonly aparelhos: readonly AparelhoDaPessoa[];
}

interface Visto {
  readonly aparelho: AparelhoDaPessoa;
  readonly entrega: Entrega;
}

/** What its reader can do something about, for a while: a device that sleeps is woken for it. */
const URGENTES: ReadonlySet<Modelo> = new Set<Modelo>([
  'LEMBRETE_RESERVA',
  'PAGAMENTO_RECUSADO',
  'VAGA_OFERECIDA',
  'AVISO_DE_SEGURANCA',
]);

/** The failure that leaves most hope decides for the message that no device has taken. */
const ESPERANCA: readonly TipoFalha[] = [
  'INDISPONIVEL',
  'CREDENCIAIS',
  'PARCIAL',
  'TEMPORARIA',
  'PERMANENTE',
];

/**
 * Messages to the devices of a person, to all of them at once. One that takes it makes it sent: those that were out of reach then
 * are not tried again, since it would ring once more on the others; the e-mail tells the same.
 */
export class FaixaDePush implements Faixa<AosAparelhos> {
  readonly canal = 'PUSH';
  readonly lote: number;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.lote = deps.lote;
    this.#deps = deps;
  }

  async destino({ clienteId }: NotificacaoComecada): Promise<AosAparelhos | undefined> {
    const { aparelhos: deles, clock } = this.#deps;
    const aparelhos = await deles.doCliente(clienteId, clock.now());
    if (aparelhos.length === 0) return undefined;
    const mascarado = aparelhos.length === 1 ? '1 dispositivo' : `${aparelhos.length} dispositivos`;
    return { aparelhos, mascarado };
  }

  cota(remessa: Remessa): Cota | undefined {
    if (remessa.some(foraDoLimite)) return undefined;
    return { nome: `push:${remessa[0].clienteId}`, limite: MAXIMO_POR_DIA };
  }

  async enviar(remessa: Remessa, { aparelhos }: AosAparelhos): Promise<Entrega> {
    const { carteiro, clock } = this.#deps;
    const mensagem = this.#mensagem(remessa);
    const vistos = await answersOf(
      aparelhos.map(async (um): Promise<Visto> => {
        return { aparelho: um, entrega: await carteiro.enviar({ ...mensagem, aparelho: um.aparelho }) };
      }),
    );
    await this.#anotar(vistos, clock.now());
    return juntas(vistos);
  }

  #mensagem(remessa: Remessa): MensagemPush {
    const [{ id, modelo, validoAte, contato, preferencias }] = remessa;
    const resumo = remessa.length > 1 ? resumoDe(remessa) : undefined;
    const modelos = this.#deps.modelos.em(preferencias.idioma);
    const curto = modelos.curto(resumo ?? remessa[0], contato?.nome ?? '');
    return { ...curto, id, validoAte, urgente: URGENTES.has(modelo) };
  }

  /** Beside the mark, which waits for nothing of this: that a device is lost is a fact of its own, and true as often as it is seen. */
  async #anotar(vistos: readonly Visto[], em: Date): Promise<void> {
    const deles = (quais: (entrega: Entrega) => boolean) =>
      vistos.filter(({ entrega }) => quais(entrega)).map(({ aparelho }) => aparelho);
    const tomaram = deles(({ isSuccess }) => isSuccess);
    try {
      await this.#deps.aparelhos.anotar({ tomaram, perdidos: deles(perdeu), em });
    } catch (causa) {
      this.#deps.semAnotacao(causa);
    }
  }
}

const perdeu = (entrega: Entrega) => entrega.isFailure && entrega.error.sobreODestino === 'INEXISTENTE';

/** What became of a message of which this became at each device. */
function juntas(vistos: readonly Visto[]): Entrega {
  const recibos: Recibo[] = [];
  const falhas: FalhaDeEnvioError[] = [];
  for (const { entrega } of vistos) {
    if (entrega.isSuccess) recibos.push(entrega.value);
    else if (!perdeu(entrega)) falhas.push(entrega.error);
  }
  const [recibo] = recibos;
  if (recibo !== undefined) return Result.ok(recibo);
  const falha = ESPERANCA.map((tipo) => falhas.find((uma) => uma.tipo === tipo)).find(
    (uma) => uma !== undefined,
  );
  // Without a device left it is given up when it is looked at again.
  return Result.fail(falha ?? new FalhaDeEnvioError('TEMPORARIA', 'no device is left'));
}
