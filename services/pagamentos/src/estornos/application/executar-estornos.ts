import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { ProviderAwayError, PutOff, WorkQueue } from '@plataforma/domain/work-queue';
import { decideAgain } from '../../pagamento/application/concurrency.ts';
import { GatewayError } from '../../pagamento/application/gateway-error.ts';
import type { Transacao } from '../../pagamento/application/ports.ts';
import { emCurso, perdeuDisputa } from '../../pagamento/domain/contas.ts';
import type { PagamentoEvent } from '../../pagamento/domain/eventos.ts';
import type { CobrancaAprovada, EstadoPagamento, Estorno } from '../../pagamento/domain/pagamento.ts';
import { msLater, nextTry, nextTryWhileAway } from '../../trabalhos/application/backoff.ts';
import { seguirDisputa } from '../domain/disputa.ts';
import { type NoticiaDeEstorno, recusarEstorno, seguirEstorno } from '../domain/estorno.ts';
import type { FilaDeEstornos, GatewayDeEstornos, VezDeEstorno } from './ports.ts';

interface Deps {
  readonly fila: FilaDeEstornos;
  readonly uow: UnitOfWork<Transacao>;
  readonly gateway: GatewayDeEstornos;
  readonly clock: Clock;
}

/** Longer than the calls of one turn, and short enough for the worker that takes over after a crash. */
const POSSE_MS = 15_000;
const ESPERA_MAXIMA_MS = 5 * 60_000;
const ESPERA_EM_DISPUTA_MS = 10 * 60_000;
const CONSULTA_MS = 60_000;
const CONSULTA_MAXIMA_MS = 60 * 60_000;
/** The provider forgets idempotency keys after a day. */
const CHAVE_VALE_MS = 20 * 60 * 60_000;

/**
 * Sees refunds through: asks the provider for those on record, and asks again how pending ones stand, should no webhook
 * tell. Number and amount are on record before the call and its key names them, so repeating it never pays twice. Where
 * the provider would repeat a failure under that key, the refund is looked for and then asked for under another one.
 */
export class ExecutarEstornosHandler implements WorkQueue<VezDeEstorno> {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  due(): Promise<readonly VezDeEstorno[]> {
    const { fila, clock } = this.#deps;
    const agora = clock.now();
    return fila.reivindicar(agora, msLater(agora, POSSE_MS));
  }

  async putOff(vez: VezDeEstorno, error: unknown): Promise<PutOff> {
    const { fila, clock } = this.#deps;
    const failures = vez.falhas + 1;
    const falha = error instanceof GatewayError ? error.falha : undefined;
    // Its next turn looks for the refund before it asks for it under another key.
    if (falha === 'TENTATIVA_PERDIDA' || falha === 'EM_DISPUTA') await fila.trocarTentativa(vez);
    if (falha === 'EM_DISPUTA') await this.#esperarDisputa(vez);
    else await this.#adiar(vez, nextTry(clock.now(), failures, ESPERA_MAXIMA_MS), String(error));
    return { item: `${vez.pagamentoId}:${vez.numero}`, failures };
  }

  async giveBack(
    { pagamentoId, numero, solicitadoEm }: VezDeEstorno,
    error: ProviderAwayError,
  ): Promise<void> {
    const { fila, clock } = this.#deps;
    const tentarEm = nextTryWhileAway(clock.now(), solicitadoEm, ESPERA_MAXIMA_MS);
    await fila.devolver(pagamentoId, numero, tentarEm, String(error));
  }

  async execute(vez: VezDeEstorno): Promise<void> {
    const { clock, uow } = this.#deps;
    const { estado } = await uow.run((tx) => tx.pagamentos.findById(vez.pagamentoId));
    if (estado.fase !== 'APROVADO') return;
    const estorno = estado.estornos.find(({ numero }) => numero === vez.numero);
    if (!estorno || !emCurso(estorno.situacao)) return;
    if (estorno.situacao === 'SOLICITADO' && (await this.#segueEmDisputa(estado, vez)))
      return this.#esperarDisputa(vez);
    const depoisDe = await this.#perguntar(estado, estorno, vez);
    const atual = depoisDe.fase === 'APROVADO' ? depoisDe.estornos[vez.numero - 1] : undefined;
    if (atual?.situacao !== 'PENDENTE') return;
    const espera = Math.min(CONSULTA_MS * 2 ** vez.falhas, CONSULTA_MAXIMA_MS);
    await this.#adiar(vez, msLater(clock.now(), espera), 'PENDENTE');
  }

  #esperarDisputa(vez: VezDeEstorno): Promise<void> {
    return this.#adiar(vez, msLater(this.#deps.clock.now(), ESPERA_EM_DISPUTA_MS), 'EM_DISPUTA');
  }

  /** The end of a dispute may never be told: a refund that has waited for it once already has it asked for. */
  async #segueEmDisputa({ id, disputas }: CobrancaAprovada, { falhas }: VezDeEstorno): Promise<boolean> {
    const abertas = disputas.filter(({ situacao }) => situacao === 'ABERTA');
    if (falhas === 0) return abertas.length > 0;
    for (const disputa of abertas) {
      const noticia = await this.#deps.gateway.consultarDisputa(disputa.id).catch(aindaNaoSeSabe);
      if (noticia?.situacao !== 'ENCERRADA') return true;
      await this.#decidir(id, (atual) => seguirDisputa(atual, noticia, this.#deps.clock.now()));
    }
    return false;
  }

  async #perguntar(estado: CobrancaAprovada, estorno: Estorno, vez: VezDeEstorno): Promise<EstadoPagamento> {
    const { gateway, clock } = this.#deps;
    try {
      const noticia = estorno.refundId
        ? await gateway.consultarEstorno(estorno.refundId)
        : await this.#devolver(estado, estorno, vez);
      return await this.#decidir(estado.id, (atual) => seguirEstorno(atual, noticia, clock.now()));
    } catch (error) {
      const codigo = error instanceof GatewayError && !estorno.refundId ? error.codigo : undefined;
      if (codigo === undefined) throw error;
      // The bank may give the money free, unless it is known to keep it.
      if (error instanceof GatewayError && error.falha === 'EM_DISPUTA' && !perdeuDisputa(estado))
        throw error;
      return this.#decidir(estado.id, (atual) => recusarEstorno(atual, vez.numero, codigo, clock.now()));
    }
  }

  /** An earlier try may have been carried out although its answer was lost: as soon as that is possible, look first. */
  async #devolver(estado: CobrancaAprovada, { numero, valor, solicitadoEm }: Estorno, vez: VezDeEstorno) {
    const { gateway, clock } = this.#deps;
    const { id: pagamentoId, reservaId, aprovacao } = estado;
    const [{ intencaoId }, { tentativa }] = [aprovacao, vez];
    if (intencaoId === undefined) throw new Error(`refund ${numero} of ${pagamentoId} has no capture`);
    const procurar = async (): Promise<NoticiaDeEstorno | undefined> =>
      (await gateway.listarEstornos(intencaoId)).find((outro) => outro.numero === numero);
    const antigo = clock.now().getTime() - solicitadoEm.getTime() > CHAVE_VALE_MS;
    const feito = vez.falhas > 0 || antigo ? await procurar() : undefined;
    return (
      feito ??
      (await gateway.devolver({ ...{ pagamentoId, reservaId, intencaoId }, numero, tentativa, valor }))
    );
  }

  #decidir(
    pagamentoId: string,
    decisao: (estado: EstadoPagamento) => readonly PagamentoEvent[],
  ): Promise<EstadoPagamento> {
    return decideAgain(() =>
      this.#deps.uow.run(async ({ pagamentos }) => {
        const atual = await pagamentos.findById(pagamentoId);
        return (await pagamentos.append(atual, decisao(atual.estado), 'estorno')).estado;
      }),
    );
  }

  #adiar({ pagamentoId, numero }: VezDeEstorno, tentarEm: Date, erro: string): Promise<void> {
    return this.#deps.fila.adiar(pagamentoId, numero, tentarEm, erro);
  }
}

/** A dispute goes on while the provider refuses to tell. */
function aindaNaoSeSabe(error: unknown): undefined {
  if (!(error instanceof GatewayError)) throw error;
}
