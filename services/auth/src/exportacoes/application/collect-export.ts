import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { DEAD_AFTER, keptError, type PutOff, type WorkQueue } from '@plataforma/domain/work-queue';
import type { ConsultaDeUsuarios } from '../../contas/application/ports.ts';
import { podeEntrar } from '../../contas/domain/usuario.ts';
import { avancar, type Exportacao, guardadaAte, porqueParar } from '../domain/exportacao.ts';
import type { ColetaDeExportacoes, Fonte, Transacao } from './ports.ts';

interface Deps {
  readonly coleta: ColetaDeExportacoes;
  /** In the order of their names, which is the one of the document. */
  readonly fontes: readonly Fonte[];
  readonly consulta: Pick<ConsultaDeUsuarios, 'findById'>;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly clock: Clock;
}

/** A replica that dies holds an export up for so long. */
const LEASE_MS = 2 * 60_000;
/** Then it is the next one's turn, and a service that stops does not wait long. */
const PAGINAS_DE_UMA_VEZ = 20;
const ESPERA_MINIMA_MS = 2_000;
const ESPERA_MAXIMA_MS = 5 * 60_000;
const ADIADA_MINIMA_MS = 5_000;
const ADIADA_MAXIMA_MS = 60 * 60_000;

/**
 * Collects documents page by page. Each page is stored with the place behind it in one transaction, so whoever goes on, after a
 * death or beside another replica, goes on from what is there.
 */
export class CollectExportHandler implements WorkQueue<string> {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  due(limit: number): Promise<readonly string[]> {
    const { coleta } = this.#deps;
    const { em, ate } = this.#lease();
    return coleta.tomar(em, ate, limit);
  }

  async execute(id: string): Promise<void> {
    const { coleta, clock } = this.#deps;
    for (let paginas = 0; paginas < PAGINAS_DE_UMA_VEZ; paginas++) {
      const exportacao = await coleta.findById(id);
      if (exportacao?.estado !== 'PREPARANDO') return;
      if (!(await this.#um(exportacao))) return;
    }
    await coleta.deixar(id, clock.now());
  }

  async putOff(id: string, error: unknown): Promise<PutOff> {
    const { coleta, clock } = this.#deps;
    const em = clock.now().getTime();
    const erro = keptError(error);
    const failures = await coleta.adiar(
      id,
      (falhas) => new Date(em + Math.min(ADIADA_MINIMA_MS * 2 ** falhas, ADIADA_MAXIMA_MS)),
      erro,
    );
    const givenUp = failures >= DEAD_AFTER;
    if (givenUp) await coleta.desistir(id, erro, guardadaAte(clock.now()));
    return { item: id, failures, givenUp };
  }

  /** As long again as it has waited. */
  async giveBack(id: string): Promise<void> {
    const { coleta, clock } = this.#deps;
    const exportacao = await coleta.findById(id);
    if (!exportacao) return;
    const em = clock.now().getTime();
    const esperou = em - exportacao.avancouEm.getTime();
    await coleta.deixar(id, new Date(em + Math.min(Math.max(esperou, ESPERA_MINIMA_MS), ESPERA_MAXIMA_MS)));
  }

  #lease() {
    const em = this.#deps.clock.now();
    return { em, ate: new Date(em.getTime() + LEASE_MS) };
  }

  /** One page, or the end; whether there may be more to do. */
  async #um(exportacao: Exportacao): Promise<boolean> {
    const { coleta, fontes, consulta, uow } = this.#deps;
    const { id, usuarioId } = exportacao;
    const { em } = this.#lease();
    const usuario = await consulta.findById(usuarioId);
    if (!usuario || !podeEntrar(usuario.estado)) {
      await uow.run(({ exportacoes }) => exportacoes.apagarDe(usuarioId));
      return false;
    }
    const parar = porqueParar(exportacao, em);
    if (parar !== undefined) {
      await coleta.desistir(id, parar, guardadaAte(em));
      return false;
    }
    if (exportacao.fonte === '') {
      await this.#concluir(exportacao);
      return false;
    }
    const posicao = fontes.findIndex(({ nome }) => nome === exportacao.fonte);
    const fonte = fontes[posicao];
    if (!fonte) throw new Error(`${exportacao.fonte} is no source of data`);
    const pagina = await fonte.pagina(usuarioId, exportacao.pagina);
    const { texto, coleta: depois } = avancar(exportacao, pagina, fontes[posicao + 1]?.nome ?? '');
    return coleta.avancar(exportacao, depois, texto, this.#lease());
  }

  /** The whole document is read once more for its hash: what has been hashed so far cannot be handed on to another replica. */
  async #concluir(exportacao: Exportacao): Promise<void> {
    const { coleta, uow, clock } = this.#deps;
    const { id, usuarioId, origem } = exportacao;
    const sha256 = await coleta.sha256(exportacao);
    const em = clock.now();
    await uow.run(async ({ exportacoes, avisos }) => {
      if (!(await exportacoes.concluir(id, { sha256, em, ate: guardadaAte(em) }))) return;
      await avisos.avisar({ usuarioId, tipo: 'DADOS_EXPORTADOS', origem, em });
    });
  }
}
