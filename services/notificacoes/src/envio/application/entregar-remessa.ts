import { answersOf } from '@plataforma/domain/answers-of';
import type { Clock } from '@plataforma/domain/clock';
import { Together } from '@plataforma/domain/together';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Recibo } from '../../canais/application/carteiro.ts';
import { FalhaDeEnvioError } from '../../canais/domain/falha-de-envio.ts';
import { depoisDaFalha } from '../domain/politica-envio.ts';
import type { Destino, Faixa, Remessa } from './faixa.ts';
import { type Aceita, MarcasDeEnvio } from './marcas-de-envio.ts';
import { anotar, marcarEnviadas } from './notas-de-envio.ts';
import type { NotificacaoTomada, Observador, Transacao } from './ports.ts';

interface Deps<D extends Destino> {
  readonly clock: Clock;
  readonly faixa: Pick<Faixa<D>, 'enviar'>;
  readonly observador: Observador;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
}

/** What became of a message that was handed to the provider. */
export type Entregue = 'ENVIADA' | FalhaDeEnvioError;

/** What the provider has heard of: it is noted while others go on. */
export interface Inicio {
  readonly foraDoAr: boolean;
  readonly emCurso: Promise<readonly Entregue[]>;
}

/** What a provider said to a message. */
type Dito = { readonly recibo: Recibo } | { readonly falha: FalhaDeEnvioError };

/** Hands messages to the provider, and notes what it said: what it has taken by {@link MarcasDeEnvio}. */
export class EntregarRemessa<D extends Destino> {
  readonly marcas: MarcasDeEnvio;
  readonly #deps: Deps<D>;

  constructor(deps: Deps<D>) {
    const { clock, observador } = deps;
    this.#deps = deps;
    const juntas = new Together<Aceita>((aceitas) => this.#marcarEnviadas(aceitas));
    this.marcas = new MarcasDeEnvio({ clock, observador, marcar: (aceita) => juntas.add(aceita) });
  }

  async execute(remessa: Remessa, destino: D): Promise<Inicio> {
    const dito = await this.#enviar(remessa, destino);
    return {
      foraDoAr: 'falha' in dito && dito.falha.doCanal,
      emCurso: answersOf(remessa.map((tomada) => this.#concluir(tomada, destino.mascarado, dito))),
    };
  }

  /** A template that fails on one message is that message's failure: the others go on. */
  async #enviar(remessa: Remessa, destino: D): Promise<Dito> {
    try {
      const entrega = await this.#deps.faixa.enviar(remessa, destino);
      return entrega.isFailure ? { falha: entrega.error } : { recibo: entrega.value };
    } catch (cause) {
      const falha = new FalhaDeEnvioError('TEMPORARIA', 'the message could not be made');
      falha.cause = cause;
      return { falha };
    }
  }

  async #concluir(tomada: NotificacaoTomada, destino: string, dito: Dito): Promise<Entregue> {
    if ('recibo' in dito) {
      const { recibo } = dito;
      await this.marcas.marcar({ tomada, destino, recibo, em: this.#deps.clock.now() });
      return 'ENVIADA';
    }
    await this.#recusada(tomada, destino, dito.falha);
    return dito.falha;
  }

  /** All in one transaction, a few statements for all of them. */
  async #marcarEnviadas(aceitas: readonly Aceita[]): Promise<void> {
    const primeiras = await this.#deps.uow.run((tx) => marcarEnviadas(tx, aceitas));
    for (const { tomada, em } of primeiras) this.#deps.observador.enviada(tomada, em);
  }

  async #recusada(tomada: NotificacaoTomada, destino: string, falha: FalhaDeEnvioError): Promise<void> {
    const { clock, observador, uow } = this.#deps;
    const em = clock.now();
    const decisao = depoisDaFalha(falha, tomada, em);
    const detalhe = falha.message;
    await uow.run(async (tx) => {
      if (decisao.tipo === 'ADIAR') return tx.saida.adiar(tomada, decisao.ate);
      if (decisao.tipo === 'REPETIR') {
        const versao = await tx.saida.repetir(tomada, destino, decisao.ate);
        return anotar(tx, tomada, 'TENTATIVA_FALHOU', { versao, destino, em, detalhe });
      }
      const versao = await tx.saida.marcarFalha(tomada, destino);
      return anotar(tx, tomada, 'FALHOU', { versao, destino, em, detalhe });
    });
    if (decisao.tipo === 'DESISTIR') observador.desistiu(tomada, falha);
    else observador.recusada(tomada, falha);
  }
}
